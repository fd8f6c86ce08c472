import type { CasterDecision } from './decide'

export interface RosterExplanation {
  readonly hotkey: string
  /** Of the script that was compared last; null when none of this hotkey was in the batch. */
  readonly artifactId: string | null
  /** 1 to 3, or null when not in the roster. */
  readonly place: number | null
  readonly share: number
  readonly verdict:
    | 'first'
    | 'in_roster'
    | 'did_not_beat_the_first'
    | 'not_compared'
    | 'not_in_batch'
    | 'not_registered'
  readonly total: number | null
  readonly incumbentTotal: number | null
  /** Total that would have sufficed by score; under a relative margin more than this. */
  readonly needed: number | null
  /** Total still missing to what was needed; 0 when it was reached. */
  readonly missing: number | null
  readonly incumbent: string | null
}

/**
 * Why a hotkey is, or is not, in the roster after a decision: its total, the incumbent's, and the missing margin.
 * @param artifactId one script of the hotkey; without it the one that was compared last
 */
export function explainRoster(
  decision: CasterDecision,
  hotkey: string,
  artifactId?: string,
): RosterExplanation {
  const isMeant = (one: { readonly hotkey: string; readonly artifactId: string }) =>
    one.hotkey === hotkey && (artifactId === undefined || one.artifactId === artifactId)
  const { comparisons, totals, absent } = decision.evidence
  const position = decision.roster.findIndex((entry) => entry !== null && isMeant(entry))
  const comparison = comparisons.findLast((record) => isMeant(record.challenger))
  const own = totals.findLast(isMeant)
  const needed = comparison?.needed ?? null
  const total = comparison?.challenger.total ?? own?.total ?? null
  const isKnown = needed !== null && total !== null
  return {
    hotkey,
    artifactId: comparison?.challenger.artifactId ?? own?.artifactId ?? null,
    place: position < 0 ? null : position + 1,
    share: position < 0 ? 0 : (decision.weights.find((entry) => entry.hotkey === hotkey)?.share ?? 0),
    verdict:
      position >= 0 && absent.includes(hotkey)
        ? 'not_registered'
        : position === 0
          ? 'first'
          : position > 0
            ? 'in_roster'
            : comparison
              ? 'did_not_beat_the_first'
              : own
                ? 'not_compared'
                : 'not_in_batch',
    total,
    incumbentTotal: comparison?.incumbent?.total ?? null,
    needed,
    missing: comparison?.beats ? 0 : isKnown ? Math.max(0, needed - total) : null,
    incumbent: comparison?.incumbent?.hotkey ?? null,
  }
}
