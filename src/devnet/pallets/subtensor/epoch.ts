import type { Storage } from '../../storage'
import type { BlockContext } from '../dispatch'
import { isEpochEnd } from './epoch-index'
import { setByUid, storageIndices } from './neurons'
import { countRegistrations } from './registration-limits'
import { decidePermits, hasPermit, hasStake, stakeByUid } from './staking'
import { revealTimelocked } from './timelocked-weights'

const S = (item: string) => `SubtensorModule.${item}`
/** Alpha that a subnet's miners get in one block, in rao: 41 % of one alpha, as on mainnet. */
const MINER_EMISSION_RAO_PER_BLOCK = 410_000_000n
/** Validators get as much as miners do. */
const VALIDATOR_EMISSION_RAO_PER_BLOCK = MINER_EMISSION_RAO_PER_BLOCK
const U16_MAX = 65_535n
/** One unit of weight, so that shares stay integers. */
const UNIT = 1_000_000_000n

/**
 * The step of every block: timelocked weights that are due are opened in all subnets, then the epochs that end in this
 * block are paid (`block_step` in `coinbase`). Consensus is left simple: validators with a permit have a say by their
 * stake, a miner's incentive is its share of all they gave, and they share the dividends by stake. Clipping, bonds and
 * trust are not modelled, and nothing that is emitted is staked.
 */
export function stepBlock(context: BlockContext): void {
  const { storage, height } = context
  const netuids = storage
    .entries<[number], boolean>(S('NetworksAdded'))
    .filter(([[netuid], added]) => added && netuid !== 0)
    .map(([[netuid]]) => netuid)
  for (const netuid of netuids) revealTimelocked(context, netuid)
  for (const netuid of netuids) countRegistrations(storage, netuid, height)
  for (const netuid of netuids) if (isEpochEnd(storage, netuid, height)) pay(context, netuid)
}

function pay(context: BlockContext, netuid: number): void {
  const { storage } = context
  const says = saysByUid(storage, netuid)
  const incentives = payMiners(context, netuid, says)
  const blocks = BigInt(storage.get<number>(S('Tempo'), netuid) + 1)
  const dividends = split(VALIDATOR_EMISSION_RAO_PER_BLOCK * blocks, says)
  for (const uid of says.keys()) {
    setByUid(storage, 'Emission', netuid, uid, incentives[uid]! + dividends[uid]!)
  }
  putShares(storage, 'Incentive', netuid, incentives)
  putShares(storage, 'Dividends', netuid, dividends)
  if (hasStake(storage)) decidePermits(storage, netuid)
}

/** Rao by uid that miners earn in all mechanisms, each told by its event. */
function payMiners(context: BlockContext, netuid: number, says: readonly bigint[]): bigint[] {
  const { storage } = context
  const indices = storageIndices(storage, netuid)
  const blocks = BigInt(storage.get<number>(S('Tempo'), netuid) + 1)
  const each = (MINER_EMISSION_RAO_PER_BLOCK * blocks) / BigInt(indices.length)
  const total = new Array<bigint>(says.length).fill(0n)
  for (const index of indices) {
    const emissions = split(each, sharesOf(storage, index, says))
    for (const [uid, rao] of emissions.entries()) total[uid]! += rao
    if (context.knowsEvent(S('IncentiveAlphaEmittedToMiners'))) {
      context.deposit(S('IncentiveAlphaEmittedToMiners'), { netuid: index, emissions })
    }
  }
  return total
}

/** How much each uid's weights count: its stake with a permit; the same for all where stake is not known. */
function saysByUid(storage: Storage, netuid: number): bigint[] {
  const setters = new Set(
    storageIndices(storage, netuid).flatMap((index) =>
      storage.keys<[number, number]>(S('Weights'), index).map(([, uid]) => uid),
    ),
  )
  const stakes = stakeByUid(storage, netuid)
  return stakes.map((rao, uid) => {
    if (!setters.has(uid) || !hasPermit(storage, netuid, uid)) return 0n
    return hasStake(storage) ? rao : 1n
  })
}

/** By uid: the sum of what each validator gave, every vector normalised, times the validator's say. */
function sharesOf(storage: Storage, index: number, says: readonly bigint[]): bigint[] {
  const shares = new Array<bigint>(says.length).fill(0n)
  for (const [[, from], weights] of storage.entries<[number, number], [number, number][]>(
    S('Weights'),
    index,
  )) {
    const sum = weights.reduce((a, [, value]) => a + BigInt(value), 0n)
    const say = says[from] ?? 0n
    if (sum === 0n || say === 0n) continue
    for (const [uid, value] of weights) {
      if (uid < says.length) shares[uid]! += (BigInt(value) * UNIT * say) / sum
    }
  }
  return shares
}

function split(rao: bigint, shares: readonly bigint[]): bigint[] {
  const sum = shares.reduce((a, b) => a + b, 0n)
  return shares.map((share) => (sum === 0n ? 0n : (rao * share) / sum))
}

/** u16 shares of the sum. */
function putShares(storage: Storage, name: string, netuid: number, rao: readonly bigint[]): void {
  const sum = rao.reduce((a, b) => a + b, 0n)
  const shares = rao.map((it) => (sum === 0n ? 0 : Number((it * U16_MAX) / sum)))
  storage.put(S(name), [netuid], shares)
}
