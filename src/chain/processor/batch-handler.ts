import type { LedgerStore } from '../../database/ledger-store'
import type { EventDraft, LogEvent } from '../../log/envelope'
import type { Netuids } from '../decode/context'
import { decodeBlock } from '../decode/decode-block'
import { decodedBlockOf, type SubsquidBlock } from '../decode/from-subsquid'
import type { ChainState } from '../state/chain-state'
import { checkContinuity, type Link } from './continuity'
import { readStorage } from './read-storage'
import type { SourceBlock } from './substrate-source'

/** What follows from new events within their own transaction: the projections. */
export type Project = (store: LedgerStore, events: readonly LogEvent[]) => Promise<void>

export interface HandlerOptions {
  readonly netuids: Netuids
  /** True when the log is empty and subnets may exist before the first block. */
  readonly openExisting: boolean
  readonly project: Project
}

/**
 * Turns batches of blocks into events. The state of a batch is adopted only once the batch is committed, so that
 * a transaction that is rolled back leaves no trace.
 */
export class BatchHandler {
  private pending: { readonly state: ChainState; readonly head: Link } | undefined
  private openExisting: boolean

  constructor(
    private readonly options: HandlerOptions,
    private state: ChainState,
    private head: Link,
  ) {
    this.openExisting = options.openExisting
  }

  async handle(store: LedgerStore, blocks: readonly SourceBlock[]): Promise<void> {
    const headers = blocks.map((block) => block.header)
    checkContinuity(this.head, headers)
    const state = this.state.fork()
    const drafts: EventDraft[] = []
    for (const [i, block] of blocks.entries()) {
      const openExisting = this.openExisting && i === 0
      // Most blocks hold nothing of ours; then nothing is converted at all.
      if (openExisting || concerns(block)) drafts.push(...(await this.decode(block, state, openExisting)))
    }
    store.recordBlocks(headers.map((h) => ({ height: h.height, hash: h.hash, time: h.timestamp ?? 0 })))
    if (drafts.length > 0) await this.options.project(store, await store.append(drafts))
    const last = headers.at(-1)!
    this.pending = { state, head: { height: last.height, hash: last.hash } }
  }

  /** The batch is in the database. */
  commit(): void {
    if (!this.pending) return
    this.state = this.pending.state
    this.head = this.pending.head
    this.pending = undefined
    this.openExisting = false
  }

  private async decode(block: SourceBlock, state: ChainState, openExisting: boolean): Promise<EventDraft[]> {
    const { header } = block
    const decoded = decodedBlockOf(block as unknown as SubsquidBlock)
    const at = {
      height: header.height,
      hash: header.hash,
      parentHash: header.parentHash,
      runtime: header._runtime,
      parentRuntime: header._runtimeOfPrevBlock,
    }
    const run = decodeBlock(decoded, state, { netuids: this.options.netuids, openExisting })
    let step = run.next()
    while (!step.done) step = run.next(await readStorage(step.value, at))
    return step.value
  }
}

const concerns = ({ events, calls, header }: SourceBlock): boolean =>
  events.length > 0 ||
  calls.length > 0 ||
  header._runtime.specVersion !== header._runtimeOfPrevBlock.specVersion
