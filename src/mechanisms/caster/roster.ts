import { type BeatCause, beats, type Standing } from './beats'
import { type CasterPolicy, placesOf } from './policy'

/** Keyed by hotkey and artifact, never by uid: a uid can be taken over (spec caster §7.4). */
export interface RosterEntry {
  readonly hotkey: string
  readonly artifactId: string
}

/** Places from the first; empty places are null and only at the end (invariant 1). */
export type Roster = readonly (RosterEntry | null)[]

export type Effect = 'bootstrap' | 'promoted' | 'self_update' | 'unchanged'

export interface Candidate extends RosterEntry, Standing {
  readonly uid: number
  /** Unix milliseconds. */
  readonly submittedAtMs: number
}

/** One comparison, with both totals; the event ChallengerCompared. */
export interface ComparisonRecord {
  readonly order: number
  readonly challenger: RosterEntry & { readonly total: number }
  readonly incumbent: (RosterEntry & { readonly total: number | null }) | null
  readonly needed: number | null
  readonly beats: boolean
  readonly cause: BeatCause | null
  readonly effect: Effect
  readonly before: Roster
  readonly after: Roster
}

export interface RosterDecision {
  readonly roster: Roster
  readonly comparisons: readonly ComparisonRecord[]
}

export function emptyRoster(policy: Pick<CasterPolicy, 'roster'>): Roster {
  return new Array(placesOf(policy)).fill(null)
}

/** A roster with the places of the policy: whoever sits beyond them has none any more, new ones are empty. */
export function seated(roster: Roster, policy: Pick<CasterPolicy, 'roster'>): Roster {
  return emptyRoster(policy).map((_, place) => roster[place] ?? null)
}

/**
 * One transition of the table in spec caster §7.2: the winner takes the first place and everyone before its old place moves
 * down one; who did not beat the first place changes nothing.
 */
export function stepRoster(
  roster: Roster,
  challenger: RosterEntry,
  isWinner: boolean,
): { roster: Roster; effect: Effect } {
  const [first] = roster
  if (!first)
    return isWinner
      ? { roster: [challenger, ...roster.slice(1)], effect: 'bootstrap' }
      : { roster, effect: 'unchanged' }
  if (!isWinner) return { roster, effect: 'unchanged' }
  if (first.hotkey === challenger.hotkey)
    return { roster: [challenger, ...roster.slice(1)], effect: 'self_update' }
  // A sitting second would be listed twice by a plain shift (row 8), so its old place is the one that closes.
  const others = roster.filter((entry) => entry !== null && entry.hotkey !== challenger.hotkey)
  const shifted = [challenger, ...others, ...roster.map(() => null)]
  return { roster: shifted.slice(0, roster.length), effect: 'promoted' }
}

/** Batch order: time of submission, uid, artifact id (spec §7.2). */
export function batchOrder(candidates: readonly Candidate[]): Candidate[] {
  return [...candidates].sort(
    (a, b) =>
      a.submittedAtMs - b.submittedAtMs ||
      a.uid - b.uid ||
      (a.artifactId < b.artifactId ? -1 : a.artifactId > b.artifactId ? 1 : 0),
  )
}

/** The roster after a batch and every comparison on the way, in order. */
export function decideRoster(
  before: Roster,
  candidates: readonly Candidate[],
  policy: CasterPolicy,
): RosterDecision {
  const totals = new Map(candidates.map((candidate) => [key(candidate), candidate]))
  let roster = seated(before, policy)
  const comparisons: ComparisonRecord[] = []
  for (const challenger of challengersOf(roster, candidates, policy)) {
    const first = roster[0] ?? null
    // The artifact that sits on the first place is not its own challenger.
    if (first && key(first) === key(challenger)) continue
    const record = compare(roster, challenger, totals, policy, comparisons.length)
    comparisons.push(record)
    roster = record.after
  }
  return { roster, comparisons }
}

function compare(
  roster: Roster,
  challenger: Candidate,
  totals: ReadonlyMap<string, Candidate>,
  policy: CasterPolicy,
  order: number,
): ComparisonRecord {
  const first = roster[0] ?? null
  const incumbent = first ? totals.get(key(first)) : undefined
  const verdict = judge(challenger, first, incumbent, policy)
  const { roster: after, effect } = stepRoster(roster, entryOf(challenger), verdict.beats)
  return {
    order,
    challenger: { ...entryOf(challenger), total: challenger.total },
    incumbent: first ? { ...first, total: incumbent?.total ?? null } : null,
    needed: verdict.needed,
    beats: verdict.beats,
    cause: verdict.cause ?? null,
    effect,
    before: roster,
    after,
  }
}

function judge(
  challenger: Candidate,
  first: RosterEntry | null,
  incumbent: Candidate | undefined,
  policy: CasterPolicy,
): { beats: boolean; cause?: BeatCause; needed: number | null } {
  if (!first) return { beats: challenger.total > policy.bootstrapMinTotal, needed: policy.bootstrapMinTotal }
  if (first.hotkey === challenger.hotkey) {
    const isTaken = policy.resubmission === 'replace' || !incumbent || challenger.total >= incumbent.total
    return { beats: isTaken, needed: incumbent?.total ?? null }
  }
  // Without a total of the incumbent on the same tasks there is nothing to compare with (invariant 4).
  return incumbent ? beats(challenger, incumbent, policy.beats) : { beats: false, needed: null }
}

/** The first place's own newer scripts come first, so that others meet the artifact that will sit. */
function challengersOf(before: Roster, candidates: readonly Candidate[], policy: CasterPolicy): Candidate[] {
  const ordered = batchOrder(candidates)
  const champion = before[0]?.hotkey
  const own = ordered.filter((candidate) => candidate.hotkey === champion)
  const others = ordered.filter((candidate) => candidate.hotkey !== champion)
  if (policy.challengers === 'cascade') return [...own, ...others]
  const best = others.reduce<Candidate | undefined>(
    (top, next) => (!top || next.total > top.total ? next : top),
    undefined,
  )
  return best ? [...own, best] : own
}

function entryOf({ hotkey, artifactId }: RosterEntry): RosterEntry {
  return { hotkey, artifactId }
}

function key({ hotkey, artifactId }: RosterEntry): string {
  return `${hotkey}/${artifactId}`
}
