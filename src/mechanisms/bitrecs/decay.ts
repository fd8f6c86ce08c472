import type { DecayPolicy } from './policy'

const SECONDS_PER_DAY = 86_400

/**
 * Share of the miner's portion that its age leaves: 1 in the grace period, then `perDay` less a day down to the floor; 1 when
 * the first block is unknown (≤ 0) or not in the past (spec bitrecs §5.7). Blocks count as `blockSeconds` seconds.
 */
export function decay(firstBlock: number, currentBlock: number, policy: DecayPolicy): number {
  if (firstBlock <= 0 || firstBlock >= currentBlock) return 1
  const elapsedSeconds = (currentBlock - firstBlock) * policy.blockSeconds
  const graceSeconds = policy.graceDays * SECONDS_PER_DAY
  if (elapsedSeconds <= graceSeconds) return 1
  return Math.max(policy.floor, 1 - policy.perDay * ((elapsedSeconds - graceSeconds) / SECONDS_PER_DAY))
}
