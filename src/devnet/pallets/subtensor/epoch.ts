import type { BlockContext } from '../dispatch'
import { isEpochEnd } from './epoch-index'
import { setByUid, sizeOf, storageIndices } from './neurons'
import { revealTimelocked } from './timelocked-weights'

const S = (item: string) => `SubtensorModule.${item}`
/** Alpha that a subnet's miners get in one block, in rao: 41 % of one alpha, as on mainnet. */
const MINER_EMISSION_RAO_PER_BLOCK = 410_000_000n
const U16_MAX = 65_535n

/**
 * The step of every block: timelocked weights that are due are opened in all subnets, then the epochs that end in this
 * block are paid (`block_step` in `coinbase`). Consensus is left simple: each validator with weights has the same say,
 * and a miner's incentive is its share of all they gave. Stake, bonds and dividends are not modelled.
 */
export function stepBlock(context: BlockContext): void {
  const { storage, height } = context
  const netuids = storage
    .entries<[number], boolean>(S('NetworksAdded'))
    .filter(([[netuid], added]) => added && netuid !== 0)
    .map(([[netuid]]) => netuid)
  for (const netuid of netuids) revealTimelocked(context, netuid)
  for (const netuid of netuids) if (isEpochEnd(storage, netuid, height)) pay(context, netuid)
}

function pay(context: BlockContext, netuid: number): void {
  const { storage } = context
  const size = sizeOf(storage, netuid)
  const indices = storageIndices(storage, netuid)
  const tempo = BigInt(storage.get<number>(S('Tempo'), netuid) + 1)
  const each = (MINER_EMISSION_RAO_PER_BLOCK * tempo) / BigInt(indices.length)
  const total = new Array<bigint>(size).fill(0n)
  for (const index of indices) {
    const shares = sharesOf(context, index, size)
    const sum = shares.reduce((a, b) => a + b, 0n)
    const emissions = shares.map((share) => (sum === 0n ? 0n : (each * share) / sum))
    for (const [uid, rao] of emissions.entries()) total[uid]! += rao
    if (context.knowsEvent(S('IncentiveAlphaEmittedToMiners'))) {
      context.deposit(S('IncentiveAlphaEmittedToMiners'), { netuid: index, emissions })
    }
  }
  const paid = total.reduce((a, b) => a + b, 0n)
  for (const [uid, rao] of total.entries()) {
    setByUid(storage, 'Emission', netuid, uid, rao)
    setByUid(storage, 'Incentive', netuid, uid, paid === 0n ? 0 : Number((rao * U16_MAX) / paid))
  }
}

/** By uid: the sum of what each validator gave, every validator's vector normalised to the same total. */
function sharesOf({ storage }: BlockContext, index: number, size: number): bigint[] {
  const shares = new Array<bigint>(size).fill(0n)
  for (const [, weights] of storage.entries<[number, number], [number, number][]>(S('Weights'), index)) {
    const sum = weights.reduce((a, [, value]) => a + BigInt(value), 0n)
    if (sum === 0n) continue
    for (const [uid, value] of weights) {
      if (uid < size) shares[uid]! += (BigInt(value) * 1_000_000_000n) / sum
    }
  }
  return shares
}
