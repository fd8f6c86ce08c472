import type { Metagraph } from '../../core/chain-facts'
import { addressOf } from '../../core/signatures'
import { rosterNow } from '../policy-now'
import { sha256Of } from '../private/private-content'
import type { Policy } from '../rule-values'
import type { CasterRules } from '../rules'
import type { CasterState, Places } from '../state'

/** Places of `final_top`, whatever the policy has (spec caster §10). */
const FINAL_TOP_PLACES = 3

export interface WeightsAnswer {
  readonly roster: Places
  readonly uidMap: { readonly hotkey: `0x${string}`; readonly uid: number }[]
  readonly weights: { readonly uid: number; readonly weight: number }[]
  readonly places: readonly { readonly place: number; readonly share: number }[]
  /** The served bytes. */
  readonly body: string
  readonly sha256: string
}

/** Weights of the present roster with the uids of one block: a uid that another hotkey holds by now gets nothing (invariants 9, 10). */
export function answerOf(
  state: Readonly<CasterState>,
  { uidOf }: Metagraph,
  policy: Policy,
  rules: CasterRules,
): WeightsAnswer {
  const roster = rosterNow(state, rules, policy)
  const uidMap = roster.flatMap((entry) => {
    const uid = entry ? uidOf.get(entry.hotkey) : undefined
    return entry && uid !== undefined ? [{ hotkey: entry.hotkey as `0x${string}`, uid }] : []
  })
  const named = roster.map((entry) => entry && { ...entry, hotkey: addressOf(entry.hotkey) })
  const uids = Object.fromEntries(uidMap.map(({ hotkey, uid }) => [addressOf(hotkey), uid]))
  const emission = rules.rosterEmission(named, uids, policy)
  const weights = [...rules.weightsByUid(emission, policy.burnUid)]
    .map(([uid, weight]) => ({ uid, weight }))
    .sort((a, b) => a.uid - b.uid)
  const top = Array.from({ length: FINAL_TOP_PLACES }, (_, place) => {
    const entry = roster[place]
    return entry ? (uidOf.get(entry.hotkey) ?? null) : null
  })
  const isEmpty = roster.every((entry) => entry === null)
  const body = JSON.stringify({
    weights: Object.fromEntries(weights.map(({ uid, weight }) => [String(uid), weight])),
    final_top: isEmpty ? null : top,
  })
  return { roster, uidMap, weights, places: emission.places, body, sha256: sha256Of(body) }
}
