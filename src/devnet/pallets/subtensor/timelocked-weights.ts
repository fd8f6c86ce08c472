import { hexToU8a } from '@polkadot/util'
import { blake2AsHex } from '@polkadot/util-crypto'
import { unlock } from '../../../timelock/timelock'
import { decodePayload } from '../../../timelock/weights-payload'
import { type BlockContext, type DispatchContext, DispatchFailure, ensureSigned } from '../dispatch'
import { epochAt, revealPeriod } from './epoch-index'
import { ensure, fail } from './failures'
import { STORAGE_INDEX_STEP, setByUid, storageIndices, uidOf } from './neurons'
import { checkRate, checkVector, commitRevealOn, indexOf, storeVector } from './weights'

const S = (item: string) => `SubtensorModule.${item}`
const MAX_UNREVEALED_COMMITS = 10
/** Before this spec the events of timelocked weights still carried the name CRV3 (spec chain.md §1.3). */
const OWN_EVENTS_SPEC = 306

type Commit = readonly [who: string, block: bigint, ciphertext: string, round: bigint]

export interface TimelockedCommit {
  readonly netuid: number
  readonly mechanism: number
  readonly commit: string
  readonly revealRound: bigint
}

export function commitTimelockedWeights(context: DispatchContext, args: TimelockedCommit): void {
  const { netuid, mechanism, commit, revealRound } = args
  const who = ensureSigned(context)
  const { storage, height } = context
  // Before, commits lay in a queue of another shape, which the devnet does not keep.
  if (!storage.knows(S('TimelockedWeightCommits'))) throw new DispatchFailure('System', 'CallFiltered')
  ensure(commitRevealOn(context, netuid), 'CommitRevealDisabled')
  const uid = uidOf(storage, netuid, who)
  if (uid === undefined) fail('HotKeyNotRegisteredInSubNet')
  const index = indexOf(context, netuid, mechanism)
  checkRate(context, netuid, index, uid, 'CommittingWeightsTooFast')
  const epoch = BigInt(epochAt(storage, netuid, height))
  const queue = storage.get<Commit[]>(S('TimelockedWeightCommits'), index, epoch)
  ensure(queue.filter(([w]) => w === who).length < MAX_UNREVEALED_COMMITS, 'TooManyUnrevealedCommits')
  storage.put(
    S('TimelockedWeightCommits'),
    [index, epoch],
    [...queue, [who, BigInt(height), commit, revealRound]],
  )
  setByUid(storage, 'LastUpdate', index, uid, BigInt(height))
  const hash = blake2AsHex(hexToU8a(commit), 256)
  if (context.specVersion >= OWN_EVENTS_SPEC) {
    context.deposit(S('TimelockedWeightsCommitted'), [who, index, hash, revealRound])
  } else context.deposit(S('CRV3WeightsCommitted'), [who, index, hash])
}

/** Rounds that weights of this subnet wait for. */
export function awaitedByWeights({ storage }: BlockContext): bigint[] {
  if (!storage.knows(S('TimelockedWeightCommits'))) return []
  return storage
    .entries<[number, bigint], Commit[]>(S('TimelockedWeightCommits'))
    .flatMap(([, queue]) => queue.map(([, , , round]) => round))
}

/**
 * Opens the commits of the epoch that is due, in the order of their arrival; one whose round is not stored yet is tried
 * again in every block of this epoch. Public source: `reveal_crv3_commits_for_subnet` in `coinbase/reveal_commits.rs`.
 */
export function revealTimelocked(context: BlockContext, netuid: number): void {
  const { storage, height } = context
  if (!storage.knows(S('TimelockedWeightCommits'))) return
  const due = BigInt(epochAt(storage, netuid, height) - revealPeriod(storage, netuid))
  for (const index of storageIndices(storage, netuid)) {
    for (const [[, epoch], queue] of storage.entries<[number, bigint], Commit[]>(
      S('TimelockedWeightCommits'),
      index,
    )) {
      if (epoch > due) continue
      const waiting = epoch < due ? [] : queue.filter(([, , , round]) => !storage.has('Drand.Pulses', round))
      if (epoch === due && waiting.length === queue.length) continue
      if (waiting.length > 0) storage.put(S('TimelockedWeightCommits'), [index, epoch], waiting)
      else storage.remove(S('TimelockedWeightCommits'), index, epoch)
      if (epoch < due) continue
      for (const commit of queue) if (!waiting.includes(commit)) revealOne(context, index, commit)
    }
  }
}

function revealOne(context: BlockContext, index: number, [who, , ciphertext, round]: Commit): void {
  const { storage } = context
  const { signature } = storage.get<{ signature: string }>('Drand.Pulses', round)
  const plaintext = unlock(hexToU8a(ciphertext), hexToU8a(signature))
  const payload = plaintext && decodePayload(plaintext)
  // A commit that does not open, or is another's, is dropped without an event.
  if (!payload || payload.hotkey !== who) return
  try {
    storage.transaction(() => {
      const uid = checkVector(context, index % STORAGE_INDEX_STEP, who, payload)
      storeVector(context, index, uid, payload)
    })
  } catch (failure) {
    if (failure instanceof DispatchFailure) return
    throw failure
  }
  if (context.specVersion >= OWN_EVENTS_SPEC) context.deposit(S('TimelockedWeightsRevealed'), [index, who])
  else if (context.knowsEvent(S('CRV3WeightsRevealed'))) {
    context.deposit(S('CRV3WeightsRevealed'), [index % STORAGE_INDEX_STEP, who])
  }
}
