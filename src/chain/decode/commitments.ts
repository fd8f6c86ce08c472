import {
  commitment,
  commitmentOf,
  commitmentRevealed,
  revealedCommitments,
  setCommitment,
  timelockCommitment,
} from '../../../abi/commitments'
import type { BlockEvent } from './block'
import { type CommitmentFields, fieldsOfData, hashOfBytes, hashOfFields, revealedContent } from './content'
import { type BlockContext, callArgs, eventArgs, positionOf } from './context'
import type { Handler } from './handler'
import { type Reading, readOne } from './storage-read'
import { subnetOf } from './subnet-of'

interface Content {
  readonly fields: CommitmentFields | null
  readonly source: 'call' | 'storage' | 'unavailable'
}

/**
 * What was committed: the argument of the call that emitted the event, wherever nested; where no call can be seen
 * (if_else, shield, EVM, scheduler) the stored value, if it is of this block and this is its last commitment.
 */
function* contentOf(ctx: BlockContext, event: BlockEvent, netuid: number, who: string): Reading<Content> {
  const args = callArgs(ctx.runtime, setCommitment, event.call)
  if (args?.netuid === netuid && event.call?.success) {
    return { fields: fieldsOfData(args.info.fields), source: 'call' }
  }
  const isLast = !ctx.block.events.some((e) => e.index > event.index && committedBy(ctx, e, netuid, who))
  const stored = isLast ? yield* readOne(commitmentOf, [netuid, who]) : undefined
  if (!stored || stored.block !== ctx.block.height) return { fields: null, source: 'unavailable' }
  return { fields: fieldsOfData(stored.info.fields), source: 'storage' }
}

function committedBy(ctx: BlockContext, event: BlockEvent, netuid: number, who: string): boolean {
  const item = event.name === commitment.id ? commitment : timelockCommitment
  if (event.name !== item.id) return false
  const args = eventArgs<{ netuid: number; who: string }>(ctx.runtime, item, event)
  return args?.netuid === netuid && args.who === who
}

const committed: Handler = function* (ctx, event) {
  const timelocked = event.name === timelockCommitment.id
  const args = timelocked
    ? eventArgs(ctx.runtime, timelockCommitment, event)
    : eventArgs(ctx.runtime, commitment, event)
  if (!args) return 'unknown shape'
  if (!ctx.watches(args.netuid)) return
  const subnet = yield* subnetOf(ctx, args.netuid)
  const { fields, source } = yield* contentOf(ctx, event, args.netuid, args.who)
  const payload = {
    who: args.who,
    uid: subnet.uidOf.get(args.who) ?? null,
    lineage: subnet.lineageOf(args.who),
    fields,
    contentHash: fields && hashOfFields(fields),
    source,
  }
  const at = positionOf(event, args.who)
  if ('revealRound' in args) {
    ctx.emit(subnet, 'CommitmentTimelocked', { ...payload, revealRound: `${args.revealRound}` }, at)
  } else ctx.emit(subnet, 'Committed', payload, at)
}

/** The plaintext lies in RevealedCommitments, which keeps the last ten: one more entry for each event. */
const revealed: Handler = function* (ctx, event) {
  const args = eventArgs(ctx.runtime, commitmentRevealed, event)
  if (!args) return 'unknown shape'
  if (!ctx.watches(args.netuid)) return
  const subnet = yield* subnetOf(ctx, args.netuid)
  const entries = (yield* readOne(revealedCommitments, [args.netuid, args.who])) ?? []
  const later = ctx.block.events.filter((e) => {
    if (e.name !== event.name || e.index <= event.index) return false
    const other = eventArgs(ctx.runtime, commitmentRevealed, e)
    return other?.netuid === args.netuid && other.who === args.who
  }).length
  const entry = entries[entries.length - 1 - later]
  const plaintext = entry && entry[1] === BigInt(ctx.block.height) ? entry[0] : null
  const pending = subnet.timelocks.get(args.who)
  ctx.emit(
    subnet,
    'CommitmentRevealed',
    {
      who: args.who,
      uid: subnet.uidOf.get(args.who) ?? null,
      lineage: subnet.lineageOf(args.who),
      plaintext,
      contentHash: plaintext === null ? null : hashOfBytes(revealedContent(plaintext)),
      commitment: pending ? { height: pending.height, eventIndex: pending.eventIndex } : null,
      revealRound: pending?.rounds[0] === undefined ? null : `${pending.rounds[0]}`,
    },
    positionOf(event, args.who),
  )
}

export const commitmentHandlers: Record<string, Handler> = {
  [commitment.id]: committed,
  [timelockCommitment.id]: committed,
  [commitmentRevealed.id]: revealed,
}
