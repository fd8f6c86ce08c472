import { type EmittedWeights, emitU16 } from '../emit-u16'
import { decay } from './decay'
import type { BitrecsPolicy } from './policy'

export interface Split {
  readonly decay: number
  readonly uids: readonly number[]
  readonly weights: readonly number[]
  readonly u16: EmittedWeights
}

/** The winner's portion after decay; the rest goes to the burn uid, never to the runner-up (spec bitrecs §5.7). */
export function splitEmission(
  winnerUid: number,
  firstBlock: number,
  currentBlock: number,
  policy: BitrecsPolicy,
): Split {
  const factor = decay(firstBlock, currentBlock, policy.decay)
  const share = policy.emissionPortion * factor
  return emission(factor, [policy.burnUid, winnerUid], [1 - share, share])
}

/** Everything to the burn uid. */
export function burnEverything(policy: BitrecsPolicy): Split {
  return emission(1, [policy.burnUid], [1])
}

function emission(factor: number, uids: readonly number[], weights: readonly number[]): Split {
  return { decay: factor, uids, weights, u16: emitU16(uids, weights) }
}
