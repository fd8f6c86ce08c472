import type { CasterDecision } from './decide'

export interface RosterExplanation {
  readonly hotkey: string
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
  /** Total still missing to what was needed; 0 when it was reached. */
  readonly missing: number | null
  readonly incumbent: string | null
}

/** Why a hotkey is, or is not, in the roster after a decision: its total, the incumbent's, and the missing margin. */
export function explainRoster(decision: CasterDecision, hotkey: string): RosterExplanation {
  const position = decision.roster.findIndex((entry) => entry?.hotkey === hotkey)
  const comparison = decision.evidence.comparisons.findLast((record) => record.challenger.hotkey === hotkey)
  const own = decision.evidence.totals.find((entry) => entry.hotkey === hotkey)
  const isAbsent = decision.evidence.absent.includes(hotkey)
  const needed = comparison?.needed ?? null
  const total = comparison?.challenger.total ?? own?.total ?? null
  return {
    hotkey,
    place: position < 0 ? null : position + 1,
    share: decision.weights.find((entry) => entry.hotkey === hotkey)?.share ?? 0,
    verdict: isAbsent
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
    missing:
      needed === null || total === null || comparison?.beats
        ? comparison?.beats
          ? 0
          : null
        : Math.max(0, needed - total),
    incumbent: comparison?.incumbent?.hotkey ?? null,
  }
}
