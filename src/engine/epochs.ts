/** Weights are decided this long before the epoch runs (spec bitrecs §1.5). */
const LEAD_BLOCKS = 30

/** Blocks until the epoch of a netuid runs; 0: in this very block. Epochs are staggered by netuid (pallets/subtensor, run_coinbase). */
export const blocksUntilEpoch = (height: number, netuid: number, tempo: number): number =>
  tempo - ((height + netuid + 1) % (tempo + 1))

/** Number of the epoch that a block belongs to, as the chain counts them for this netuid. */
export const epochIndex = (height: number, netuid: number, tempo: number): number =>
  Math.floor((height + netuid + 1) / (tempo + 1))

/** A short tempo leaves no 30 blocks: half of it then. */
export const leadBlocks = (tempo: number): number => Math.min(LEAD_BLOCKS, Math.floor(tempo / 2))

/** First block after `height` at which the weights of an epoch are decided; undefined: without a tempo no epoch ever runs. */
export function decisionHeightAfter(
  height: number,
  netuid: number,
  tempo: number | undefined,
): number | undefined {
  if (tempo === undefined || tempo <= 0) return undefined
  const next = height + 1
  const wait = blocksUntilEpoch(next, netuid, tempo) - leadBlocks(tempo)
  return next + (wait >= 0 ? wait : wait + tempo + 1)
}
