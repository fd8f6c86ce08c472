import { type EmittedWeights, emitU16 } from '../emit-u16'
import { exactSum } from '../exact-sum'

export interface WeightCall {
  readonly uids: readonly number[]
  /** Sum 1, in uid order. */
  readonly weights: readonly number[]
  readonly u16: EmittedWeights
}

export type WeightCallFault = 'empty weights' | 'negative weight' | 'total not positive'

/** What a validator makes of the served weights: sorted by uid, normalised to 1 (spec caster §10). */
export function weightCall(served: ReadonlyMap<number, number>): WeightCall | WeightCallFault {
  if (served.size === 0) return 'empty weights'
  const entries = [...served].sort(([a], [b]) => a - b)
  if (entries.some(([, weight]) => !(weight >= 0))) return 'negative weight'
  // A plain sum of 0.6, 0.3 and 0.1 is not 1; the published values come from an exact one.
  const total = exactSum(entries.map(([, weight]) => weight))
  if (!(total > 0 && Number.isFinite(total))) return 'total not positive'
  const uids = entries.map(([uid]) => uid)
  const weights = entries.map(([, weight]) => weight / total)
  return { uids, weights, u16: emitU16(uids, weights, 'float64') }
}

/** Whether weights may be sent: never updated, or at least `windowBlocks` since. */
export function isWindowOpen(lastUpdate: number | null, block: number, windowBlocks: number): boolean {
  return lastUpdate === null || block - lastUpdate >= windowBlocks
}
