import type { IndexedBlock } from '../../database/ledger-store'
import type { EventDraft } from '../../log/envelope'
import type { Netuids } from '../decode/context'
import { decodeBlock } from '../decode/decode-block'
import { decodedBlockOf, type SubsquidBlock } from '../decode/from-subsquid'
import type { ChainState } from '../state/chain-state'
import { checkContinuity, type Link } from './continuity'
import { readStorage } from './read-storage'
import type { SourceBlock } from './substrate-source'

export interface DecoderOptions {
  readonly netuids: Netuids
  /** True when the log is empty and subnets may exist before the first block. */
  readonly openExisting: boolean
}

/** What blocks in a row became. */
export interface Decoded {
  readonly drafts: readonly EventDraft[]
  readonly blocks: readonly IndexedBlock[]
}

/**
 * Turns blocks into drafts. The state runs ahead of the database by what is not committed yet; a commit that fails
 * ends the run, and the next run folds the state anew from the log.
 */
export class BlockDecoder {
  private openExisting: boolean

  constructor(
    private readonly options: DecoderOptions,
    private readonly state: ChainState,
    private head: Link,
  ) {
    this.openExisting = options.openExisting
  }

  /** @param first the height to begin with when there is nothing yet */
  nextHeight(first: number): number {
    return Math.max(first, this.head.height + 1)
  }

  /** @throws LedgerError SL-CHAIN-GAP, SL-CHAIN-CONTRADICTION, SL-NODE-PRUNED */
  async decode(blocks: readonly SourceBlock[]): Promise<Decoded> {
    const headers = blocks.map((block) => block.header)
    checkContinuity(this.head, headers)
    const drafts: EventDraft[] = []
    for (const block of blocks) {
      const openExisting = this.openExisting
      this.openExisting = false
      // Most blocks hold nothing of ours; then nothing is converted at all.
      if (!openExisting && !concerns(block) && !this.state.awaitsExpiry()) continue
      drafts.push(...(await this.decodeOne(block, openExisting)))
    }
    this.head = headers.at(-1) ?? this.head
    return {
      drafts,
      blocks: headers.map((h) => ({ height: h.height, hash: h.hash, time: h.timestamp ?? 0 })),
    }
  }

  private async decodeOne(block: SourceBlock, openExisting: boolean): Promise<EventDraft[]> {
    const { header } = block
    const at = {
      height: header.height,
      hash: header.hash,
      parentHash: header.parentHash,
      runtime: header._runtime,
      parentRuntime: header._runtimeOfPrevBlock,
    }
    const decoded = decodedBlockOf(block as unknown as SubsquidBlock)
    const run = decodeBlock(decoded, this.state, { netuids: this.options.netuids, openExisting })
    let step = run.next()
    while (!step.done) step = run.next(await readStorage(step.value, at))
    return step.value
  }
}

const concerns = ({ events, calls, header }: SourceBlock): boolean =>
  events.length > 0 ||
  calls.length > 0 ||
  header._runtime.specVersion !== header._runtimeOfPrevBlock.specVersion
