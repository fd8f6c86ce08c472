import type { CasterPolicy } from './policy'
import type { Roster } from './roster'

export interface PlaceShare {
  readonly hotkey: string
  readonly uid: number
  readonly place: number
  readonly share: number
}

export interface Emission {
  readonly places: readonly PlaceShare[]
  readonly burn: number
  /** Roster hotkeys that hold no uid at the block. */
  readonly absent: readonly string[]
}

/**
 * Shares of the places for the hotkeys registered at one block. A uid whose hotkey is another's gets nothing (invariant 10); what
 * an absent or empty place would get is burned, spread over the others, or moves up, as the policy says.
 */
export function rosterEmission(
  roster: Roster,
  uidOf: Readonly<Record<string, number>>,
  policy: Pick<CasterPolicy, 'shares' | 'absent'>,
): Emission {
  const seated = roster.flatMap((entry, place) => (entry ? [{ hotkey: entry.hotkey, place }] : []))
  const present = seated.filter(({ hotkey }) => Object.hasOwn(uidOf, hotkey))
  const absent = seated.filter(({ hotkey }) => !Object.hasOwn(uidOf, hotkey)).map(({ hotkey }) => hotkey)
  if (present.length === 0) return { places: [], burn: 1, absent }
  const shareAt = (place: number) => policy.shares[place] ?? 0
  const own = present.map(({ hotkey, place }, position) => ({
    hotkey,
    uid: uidOf[hotkey]!,
    place,
    share: shareAt(policy.absent === 'compact' ? position : place),
  }))
  const sum = own.reduce((total, { share }) => total + share, 0)
  if (policy.absent === 'renormalise' && sum > 0) {
    return { places: own.map((entry) => ({ ...entry, share: entry.share / sum })), burn: 0, absent }
  }
  return { places: own, burn: Math.max(0, 1 - sum), absent }
}

/** Rounding noise of the shares' sum below this is no burn. */
const BURN_TOLERANCE = 1e-12

/** The response of the weights query: uid to weight, without zeros (spec caster §10). */
export function weightsByUid({ places, burn }: Emission, burnUid: number): Map<number, number> {
  const weights = new Map<number, number>()
  const add = (uid: number, share: number) => weights.set(uid, (weights.get(uid) ?? 0) + share)
  for (const { uid, share } of places) if (share > 0) add(uid, share)
  if (burn > BURN_TOLERANCE) add(burnUid, burn)
  return weights
}
