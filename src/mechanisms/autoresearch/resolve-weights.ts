import { type EmittedWeights, emitU16 } from '../emit-u16'
import type { AutoresearchPolicy } from './policy'
import { parseWeightPolicy, type SnapshotPolicy, type WeightTarget } from './weight-policy'

/** Who sits where at one block; all targets are resolved against the same one (invariant 9). */
export interface Metagraph {
  readonly height: number
  /** Number of uids; a uid at or above it does not exist. */
  readonly size: number
  readonly hotkeys: Readonly<Record<number, string>>
}

export type Resolution =
  | {
      readonly outcome: 'submit'
      /** By ascending uid; two targets on one uid add up. */
      readonly weights: readonly {
        readonly uid: number
        readonly hotkey: string | null
        readonly share: number
      }[]
      readonly u16: EmittedWeights
      readonly versionKey: number
    }
  | { readonly outcome: 'skipped_local' }
  | { readonly outcome: 'rejected'; readonly reason: string }
  /** No call at all: what is on chain stays until it ages out. */
  | { readonly outcome: 'error'; readonly reason: string }

/**
 * A snapshot's weight policy to the vector to set. A hotkey target goes to its present uid, never to a remembered one; a
 * missing hotkey is an error and its share is not given to UID 0 (spec autoresearch §9.2; invariant 8).
 */
export function resolveWeights(
  snapshot: SnapshotPolicy,
  metagraph: Metagraph,
  policy: AutoresearchPolicy,
): Resolution {
  const parsed = parseWeightPolicy(snapshot, policy.enforcement)
  if (parsed.kind === 'local') return { outcome: 'skipped_local' }
  if (parsed.kind === 'rejected') return { outcome: 'rejected', reason: parsed.reason }
  const shares = new Map<number, number>()
  for (const target of parsed.targets) {
    const uid = uidOf(target, metagraph)
    if (typeof uid === 'string') return { outcome: 'error', reason: uid }
    shares.set(uid, (shares.get(uid) ?? 0) + target.weight)
  }
  const weights = [...shares].sort(([a], [b]) => a - b)
  return {
    outcome: 'submit',
    weights: weights.map(([uid, share]) => ({ uid, hotkey: metagraph.hotkeys[uid] ?? null, share })),
    u16: emitU16(
      weights.map(([uid]) => uid),
      weights.map(([, share]) => share),
      'float64',
    ),
    versionKey: policy.versionKey,
  }
}

function uidOf(target: WeightTarget, metagraph: Metagraph): number | string {
  if (target.uid !== undefined) {
    return target.uid < metagraph.size
      ? target.uid
      : `uid ${target.uid} is beyond the metagraph of ${metagraph.size}`
  }
  const found = Object.entries(metagraph.hotkeys).find(([, hotkey]) => hotkey === target.hotkey)
  return found ? Number(found[0]) : `hotkey ${target.hotkey} is not registered`
}

/** Weights may be set when *more* blocks than the larger of both limits have passed since the last update (spec §9.2). */
export function mayUpdate(
  currentBlock: number,
  lastUpdate: number,
  epochLength: number,
  weightsRateLimit: number,
): { readonly blocksSince: number; readonly submit: boolean } {
  const blocksSince = currentBlock - lastUpdate
  return { blocksSince, submit: blocksSince > Math.max(epochLength, weightsRateLimit) }
}
