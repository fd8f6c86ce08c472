import { blake2AsHex } from '@polkadot/util-crypto'
import { Codec, TypeKind } from '@subsquid/scale-codec'
import { type DispatchContext, ensureSigned } from '../dispatch'
import { epochAt, firstBlockOf, revealPeriod } from './epoch-index'
import { ensure, fail } from './failures'
import { setByUid, uidOf } from './neurons'
import {
  checkRate,
  checkVector,
  commitRevealOn,
  eachItem,
  indexOf,
  storeVector,
  type Vector,
} from './weights'

const S = (item: string) => `SubtensorModule.${item}`
const MAX_UNREVEALED_COMMITS = 10

type Commit = readonly [hash: string, block: bigint, firstReveal: bigint, lastReveal: bigint]

export function commitWeights(
  context: DispatchContext,
  netuid: number,
  mechanism: number,
  hash: string,
): void {
  const who = ensureSigned(context)
  const { storage, height } = context
  ensure(commitRevealOn(context, netuid), 'CommitRevealDisabled')
  const uid = uidOf(storage, netuid, who)
  if (uid === undefined) fail('HotKeyNotRegisteredInSubNet')
  const index = indexOf(context, netuid, mechanism)
  checkRate(context, netuid, index, uid, 'CommittingWeightsTooFast')
  const epoch = epochAt(storage, netuid, height)
  const live = openCommits(context, netuid, index, who, epoch)
  ensure(live.length < MAX_UNREVEALED_COMMITS, 'TooManyUnrevealedCommits')
  const first = firstBlockOf(storage, netuid, epoch + revealPeriod(storage, netuid))
  const last = first + storage.get<number>(S('Tempo'), netuid)
  storage.put(
    S('WeightCommits'),
    [index, who],
    [...live, [hash, BigInt(height), BigInt(first), BigInt(last)]],
  )
  setByUid(storage, 'LastUpdate', index, uid, BigInt(height))
  context.deposit(S('WeightsCommitted'), [who, index, hash])
}

export function batchCommitWeights(
  context: DispatchContext,
  netuids: readonly number[],
  hashes: readonly string[],
): void {
  const who = ensureSigned(context)
  ensure(netuids.length === hashes.length, 'InputLengthsUnequal')
  eachItem(context, netuids, (netuid, i) => commitWeights(context, netuid, 0, hashes[i]!))
  context.deposit(S('BatchWeightsCompleted'), [netuids, who])
}

export interface Reveal extends Vector {
  readonly salt: readonly number[]
}

export function revealWeights(
  context: DispatchContext,
  netuid: number,
  mechanism: number,
  reveal: Reveal,
): void {
  const who = ensureSigned(context)
  const index = indexOf(context, netuid, mechanism)
  const hash = open(context, netuid, index, who, reveal, 'older-too')
  context.deposit(S('WeightsRevealed'), [who, index, hash])
}

/** All or nothing; unlike a single reveal it leaves older commits that it does not name. */
export function batchRevealWeights(
  context: DispatchContext,
  netuid: number,
  reveals: readonly Reveal[],
): void {
  const who = ensureSigned(context)
  const hashes = reveals.map((reveal) => open(context, netuid, netuid, who, reveal, 'only'))
  context.deposit(S('WeightsBatchRevealed'), [who, netuid, hashes])
}

/** @param takes the commits that leave the queue: the one revealed, or the older ones too */
function open(
  context: DispatchContext,
  netuid: number,
  index: number,
  who: string,
  reveal: Reveal,
  takes: 'only' | 'older-too',
): string {
  const { storage, height } = context
  ensure(commitRevealOn(context, netuid), 'CommitRevealDisabled')
  const epoch = epochAt(storage, netuid, height)
  const hash = commitHash(who, index, reveal)
  const all = storage.get<Commit[] | undefined>(S('WeightCommits'), index, who) ?? []
  const live = openCommits(context, netuid, index, who, epoch)
  const found = live.find(([h]) => h === hash)
  if (!found) {
    if (all.some(([h]) => h === hash)) fail('ExpiredWeightCommit')
    return fail(live.length === 0 ? 'NoWeightsCommitFound' : 'InvalidRevealCommitHashNotMatch')
  }
  ensure(
    epochAt(storage, netuid, Number(found[1])) + revealPeriod(storage, netuid) === epoch,
    'RevealTooEarly',
  )
  const at = live.indexOf(found)
  const rest = live.filter((_, i) => i > at || (takes === 'only' && i < at))
  if (rest.length > 0) storage.put(S('WeightCommits'), [index, who], rest)
  else storage.remove(S('WeightCommits'), index, who)
  const uid = checkVector(context, netuid, who, reveal)
  storeVector(context, index, uid, reveal)
  return hash
}

/** Commits that may still be revealed; expired ones are dropped silently. */
function openCommits(
  { storage }: DispatchContext,
  netuid: number,
  index: number,
  who: string,
  epoch: number,
): Commit[] {
  const all = storage.get<Commit[] | undefined>(S('WeightCommits'), index, who) ?? []
  const period = revealPeriod(storage, netuid)
  return all.filter(([, block]) => epochAt(storage, netuid, Number(block)) + period >= epoch)
}

const U16S = 2
const codec = new Codec([
  { kind: TypeKind.Primitive, primitive: 'U16' },
  { kind: TypeKind.Primitive, primitive: 'U64' },
  { kind: TypeKind.Sequence, type: 0 },
  { kind: TypeKind.HexBytesArray, len: 32 },
  { kind: TypeKind.Tuple, tuple: [3, 0, U16S, U16S, U16S, 1] },
])

/** `blake2_256` of the SCALE tuple (who, storage index, uids, values, salt, version key). */
export function commitHash(who: string, index: number, { uids, values, salt, versionKey }: Reveal): string {
  return blake2AsHex(codec.encodeToBinary(4, [who, index, uids, values, salt, versionKey]), 256)
}
