import type { ApiPromise } from '@polkadot/api'
import type { Hex } from '../../log/envelope'

/** What a weights call depends on, read from the chain's storage at one finalized block. Heights in blocks. */
export interface SubnetFacts {
  readonly height: number
  readonly blockHash: Hex
  /** Uid of the validator's hotkey; null: it holds none. */
  readonly uid: number | null
  readonly hasPermit: boolean
  /** Block of its last weights or commit. */
  readonly lastUpdate: number
  /** Blocks that must lie between two calls. */
  readonly rateLimit: number
  /** Least version key that the chain takes. */
  readonly versionKey: bigint
  readonly commitReveal: boolean
  readonly revealPeriodEpochs: number
  readonly tempo: number
  /** Newest round of the beacon that the chain knows. */
  readonly lastRound: bigint
  /** Holders of the uids that were asked for; null: nobody. */
  readonly holders: ReadonlyMap<number, Hex | null>
}

/** Storage index of a mechanism's weights: netuid for the first one (spec chain §1). */
const STORAGE_INDEX_STEP = 4096

/** Everything at the finalized head, so that uids and their holders belong together. */
export async function readSubnetFacts(
  api: ApiPromise,
  netuid: number,
  mechanism: number,
  hotkey: Hex,
  uids: readonly number[],
): Promise<SubnetFacts> {
  const hash = await api.rpc.chain.getFinalizedHead()
  const [header, at] = await Promise.all([api.rpc.chain.getHeader(hash), api.at(hash)])
  const read = async (pallet: string, item: string, ...keys: unknown[]) => {
    const entry = at.query[pallet]?.[item]
    return entry ? await entry(...keys) : undefined
  }
  const subtensor = (item: string, ...keys: unknown[]) => read('subtensorModule', item, ...keys)
  const number = async (item: string, ...keys: unknown[]) =>
    Number((await subtensor(item, ...keys))?.toString() ?? 0)
  const found = (await subtensor('uids', netuid, hotkey))?.toString() ?? ''
  const uid = found === '' ? null : Number(found)
  const permits = (await subtensor('validatorPermit', netuid))?.toJSON() as boolean[] | undefined
  const index = netuid + STORAGE_INDEX_STEP * mechanism
  const updates = (await subtensor('lastUpdate', index))?.toJSON() as number[] | undefined
  const holders = await Promise.all(
    uids.map(async (target) => [target, accountOf(await subtensor('keys', netuid, target))] as const),
  )
  return {
    height: header.number.toNumber(),
    blockHash: hash.toHex(),
    uid,
    hasPermit: uid !== null && permits?.[uid] === true,
    lastUpdate: uid === null ? 0 : Number(updates?.[uid] ?? 0),
    rateLimit: await number('weightsSetRateLimit', netuid),
    versionKey: BigInt((await subtensor('weightsVersionKey', netuid))?.toString() ?? 0),
    commitReveal: (await subtensor('commitRevealWeightsEnabled', netuid))?.toString() === 'true',
    revealPeriodEpochs: await number('revealPeriodEpochs', netuid),
    tempo: await number('tempo', netuid),
    lastRound: BigInt((await read('drand', 'lastStoredRound'))?.toString() ?? 0),
    holders: new Map(holders),
  }
}

const EMPTY_ACCOUNT = `0x${'0'.repeat(64)}`

function accountOf(value: { toHex(): string; isEmpty?: boolean } | undefined): Hex | null {
  const hex = value?.toHex() ?? '0x'
  return hex.length === EMPTY_ACCOUNT.length && hex !== EMPTY_ACCOUNT ? hex : null
}
