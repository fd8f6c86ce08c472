import { type Changes, StateHistory } from '../storage'
import type { Block } from './block'

const NO_CHANGES: Changes = new Map()

export type HeadListener = (block: Block) => void

/** A reorganisation reached into blocks that are final. */
export class FinalizedForkError extends Error {}

/**
 * The blocks: one best chain with its state at every height, and the blocks that forks left behind. The last
 * `finalityLagBlocks` blocks of the best chain may still be reorganised.
 */
export class Chain {
  readonly state = new StateHistory()
  finalityLagBlocks: number
  private readonly best: Block[] = []
  private readonly byHash = new Map<string, Block>()
  private finalized = 0
  private readonly bestListeners = new Set<HeadListener>()
  private readonly finalizedListeners = new Set<HeadListener>()

  constructor(genesis: Block, finalityLagBlocks: number) {
    this.finalityLagBlocks = finalityLagBlocks
    this.push(genesis)
  }

  get head(): Block {
    return this.best.at(-1)!
  }

  get genesis(): Block {
    return this.best[0]!
  }

  get finalizedHead(): Block {
    return this.best[this.finalized]!
  }

  at(height: number): Block | undefined {
    return this.best[height]
  }

  get(hash: string): Block | undefined {
    return this.byHash.get(hash)
  }

  isBest(block: Block): boolean {
    return this.best[block.height] === block
  }

  onBest(listener: HeadListener): () => void {
    this.bestListeners.add(listener)
    return () => this.bestListeners.delete(listener)
  }

  onFinalized(listener: HeadListener): () => void {
    this.finalizedListeners.add(listener)
    return () => this.finalizedListeners.delete(listener)
  }

  append(block: Block): void {
    if (block.header.parentHash !== this.head.hash) throw new Error('a block must follow the head')
    this.push(block)
    for (const listener of this.bestListeners) listener(block)
    this.finalizeUpTo(block.height - this.finalityLagBlocks)
  }

  /** Also lower heights are accepted: finality never goes back. */
  finalizeUpTo(height: number): void {
    const target = Math.min(height, this.head.height)
    while (this.finalized < target) {
      this.finalized++
      // Only a block that may be taken back, or that was left behind, needs to know what it changed.
      this.finalizedHead.changes = NO_CHANGES
      for (const listener of this.finalizedListeners) listener(this.finalizedHead)
    }
  }

  /**
   * Takes the last `depthBlocks` blocks off the best chain; they stay readable by hash.
   * @throws FinalizedForkError when one of them is final
   */
  retract(depthBlocks: number): Block[] {
    const keep = this.head.height - depthBlocks
    if (keep < this.finalized) {
      throw new FinalizedForkError(
        `a fork of ${depthBlocks} blocks at height ${this.head.height} would undo the finalized block ${this.finalized}`,
      )
    }
    const retracted: Block[] = []
    while (this.head.height > keep) {
      const block = this.best.pop()!
      this.state.unwind(block.height, block.changes)
      retracted.unshift(block)
    }
    return retracted
  }

  /** Value of a raw key after a block, also of one that a fork left behind. */
  storageAt(block: Block, key: string): string | null {
    let at: Block | undefined = block
    while (at && !this.isBest(at)) {
      const value = at.changes.get(key)
      if (value !== undefined) return value
      at = this.byHash.get(at.header.parentHash)
    }
    return at ? this.state.at(at.height, key) : null
  }

  /** Keys with a value after a block, ascending, that begin with `prefix` and follow `after`. */
  *keysAt(block: Block, prefix: string, after?: string): Generator<string> {
    if (this.isBest(block)) {
      yield* this.state.keysAt(block.height, prefix, after)
      return
    }
    const keys = new Set<string>()
    let at: Block | undefined = block
    while (at && !this.isBest(at)) {
      for (const key of at.changes.keys()) if (key.startsWith(prefix)) keys.add(key)
      at = this.byHash.get(at.header.parentHash)
    }
    if (at) for (const key of this.state.keysAt(at.height, prefix)) keys.add(key)
    const start = after ?? ''
    for (const key of [...keys].sort()) {
      if (key > start && this.storageAt(block, key) !== null) yield key
    }
  }

  private push(block: Block): void {
    this.best.push(block)
    this.byHash.set(block.hash, block)
    this.state.append(block.height, block.changes)
  }
}
