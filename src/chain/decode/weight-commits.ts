import {
  commitCrv3MechanismWeights,
  commitCrv3Weights,
  commitTimelockedMechanismWeights,
  commitTimelockedWeights,
  commitWeights,
  crv3WeightsCommitted,
  crv3WeightsRevealed,
  revealWeights,
  timelockedWeightsCommitted,
  timelockedWeightsRevealed,
  weightsBatchRevealed,
  weightsCommitted,
  weightsRevealed,
} from '../../../abi/weight-commits'
import type { PendingWeights, Subnet } from '../state/subnet'
import type { BlockCall } from './block'
import { type BlockContext, callArgs, eventArgs, type Position, positionOf, positionOfCall } from './context'
import type { CallHandler, Handler } from './handler'
import { mechanismOf, netuidOf } from './storage-index'
import { subnetOf } from './subnet-of'

type Kind = PendingWeights['kind']

interface Commit {
  readonly who: string
  readonly index: number
  readonly commitHash: string
  readonly revealRound: bigint | null
}

function commit(ctx: BlockContext, subnet: Subnet, kind: Kind, c: Commit, at: Position): void {
  ctx.emit(
    subnet,
    'WeightsCommitted',
    {
      mechanism: mechanismOf(c.index),
      who: c.who,
      uid: subnet.uidOf.get(c.who) ?? null,
      kind,
      commitHash: c.commitHash,
      revealRound: c.revealRound === null ? null : `${c.revealRound}`,
    },
    at,
  )
}

const hashCommitted: Handler = function* (ctx, event) {
  const args = eventArgs(ctx.runtime, weightsCommitted, event)
  if (!args) return 'unknown shape'
  const [who, index, commitHash] = args
  if (!ctx.watches(netuidOf(index))) return
  const subnet = yield* subnetOf(ctx, netuidOf(index))
  commit(ctx, subnet, 'hash', { who, index, commitHash, revealRound: null }, positionOf(event, who))
}

/** The round is in the call only; 301–305 `commit_timelocked_weights` still emitted this event. */
function roundOf(ctx: BlockContext, call: BlockCall | undefined): bigint | null {
  for (const item of [
    commitCrv3Weights,
    commitCrv3MechanismWeights,
    commitTimelockedWeights,
    commitTimelockedMechanismWeights,
  ]) {
    const args = callArgs<{ revealRound: bigint }>(ctx.runtime, item, call)
    if (args) return args.revealRound
  }
  return null
}

const crv3Committed: Handler = function* (ctx, event) {
  const args = eventArgs(ctx.runtime, crv3WeightsCommitted, event)
  if (!args) return 'unknown shape'
  const [who, index, commitHash] = args
  if (!ctx.watches(netuidOf(index))) return
  const subnet = yield* subnetOf(ctx, netuidOf(index))
  const revealRound = roundOf(ctx, event.call)
  commit(ctx, subnet, 'crv3', { who, index, commitHash, revealRound }, positionOf(event, who))
}

const timelockedCommitted: Handler = function* (ctx, event) {
  const args = eventArgs(ctx.runtime, timelockedWeightsCommitted, event)
  if (!args) return 'unknown shape'
  const [who, index, commitHash, revealRound] = args
  if (!ctx.watches(netuidOf(index))) return
  const subnet = yield* subnetOf(ctx, netuidOf(index))
  commit(ctx, subnet, 'timelocked', { who, index, commitHash, revealRound }, positionOf(event, who))
}

/** @param hash undefined: the event does not name it; the oldest open commit of that kind is the one revealed */
function reveal(
  ctx: BlockContext,
  subnet: Subnet,
  kind: Kind,
  r: { readonly who: string; readonly mechanism: number | undefined; readonly hash: string | undefined },
  at: Position,
): void {
  const pending = subnet.weightCommits.find(
    (c) =>
      c.who === r.who &&
      c.kind === kind &&
      (r.mechanism === undefined || c.mechanism === r.mechanism) &&
      (r.hash === undefined || c.commitHash === r.hash),
  )
  ctx.emit(
    subnet,
    'WeightsRevealed',
    {
      mechanism: r.mechanism ?? pending?.mechanism ?? 0,
      who: r.who,
      uid: subnet.uidOf.get(r.who) ?? null,
      kind,
      commitHash: r.hash ?? pending?.commitHash ?? null,
      commit: pending ? { height: pending.height, eventIndex: pending.eventIndex } : null,
    },
    at,
  )
}

const hashRevealed: Handler = function* (ctx, event) {
  const args = eventArgs(ctx.runtime, weightsRevealed, event)
  if (!args) return 'unknown shape'
  const [who, index, hash] = args
  if (!ctx.watches(netuidOf(index))) return
  const subnet = yield* subnetOf(ctx, netuidOf(index))
  reveal(ctx, subnet, 'hash', { who, mechanism: mechanismOf(index), hash }, positionOf(event, who))
}

/** One event for all: plain netuid, mechanism 0. */
const batchRevealed: Handler = function* (ctx, event) {
  const args = eventArgs(ctx.runtime, weightsBatchRevealed, event)
  if (!args) return 'unknown shape'
  const [who, netuid, hashes] = args
  if (!ctx.watches(netuid)) return
  const subnet = yield* subnetOf(ctx, netuid)
  for (const hash of hashes) {
    reveal(ctx, subnet, 'hash', { who, mechanism: 0, hash }, positionOf(event, who))
  }
}

const timelockedRevealed: Handler = function* (ctx, event) {
  const args = eventArgs(ctx.runtime, timelockedWeightsRevealed, event)
  if (!args) return 'unknown shape'
  const [index, who] = args
  if (!ctx.watches(netuidOf(index))) return
  const subnet = yield* subnetOf(ctx, netuidOf(index))
  const mechanism = mechanismOf(index)
  reveal(ctx, subnet, 'timelocked', { who, mechanism, hash: undefined }, positionOf(event, who))
}

/** Plain netuid: the mechanism is that of the commit. */
const crv3Revealed: Handler = function* (ctx, event) {
  const args = eventArgs(ctx.runtime, crv3WeightsRevealed, event)
  if (!args) return 'unknown shape'
  const [netuid, who] = args
  if (!ctx.watches(netuid)) return
  const subnet = yield* subnetOf(ctx, netuid)
  reveal(ctx, subnet, 'crv3', { who, mechanism: undefined, hash: undefined }, positionOf(event, who))
}

export const weightCommitHandlers: Record<string, Handler> = {
  [weightsCommitted.id]: hashCommitted,
  [crv3WeightsCommitted.id]: crv3Committed,
  [timelockedWeightsCommitted.id]: timelockedCommitted,
  [weightsRevealed.id]: hashRevealed,
  [weightsBatchRevealed.id]: batchRevealed,
  [timelockedWeightsRevealed.id]: timelockedRevealed,
  [crv3WeightsRevealed.id]: crv3Revealed,
}

/** Specs 151–204: commit and reveal had no events, a successful call is the fact. */
const committedByCall: CallHandler = function* (ctx, call) {
  if (ctx.runtime.hasEvent(weightsCommitted.id)) return
  const args = callArgs(ctx.runtime, commitWeights, call)
  if (!args) return 'unknown shape'
  if (!ctx.watches(args.netuid) || !call.signer) return
  const subnet = yield* subnetOf(ctx, args.netuid)
  // There was one slot a hotkey: a second commit overwrote the first.
  const old = subnet.weightCommits.find((c) => c.who === call.signer)
  const at = positionOfCall(call)
  if (old) {
    const { mechanism, who, kind, commitHash, height, eventIndex } = old
    const reason = 'not-revealed-in-time'
    const ref = { height, eventIndex }
    ctx.emit(subnet, 'WeightsCommitExpired', { mechanism, who, kind, commitHash, commit: ref, reason }, at)
  }
  const { netuid: index, commitHash } = args
  commit(ctx, subnet, 'hash', { who: call.signer, index, commitHash, revealRound: null }, at)
}

const revealedByCall: CallHandler = function* (ctx, call) {
  if (ctx.runtime.hasEvent(weightsRevealed.id)) return
  const args = callArgs(ctx.runtime, revealWeights, call)
  if (!args) return 'unknown shape'
  if (!ctx.watches(args.netuid) || !call.signer) return
  const subnet = yield* subnetOf(ctx, args.netuid)
  reveal(ctx, subnet, 'hash', { who: call.signer, mechanism: 0, hash: undefined }, positionOfCall(call))
}

export const weightCommitCallHandlers: Record<string, CallHandler> = {
  [commitWeights.id]: committedByCall,
  [revealWeights.id]: revealedByCall,
}
