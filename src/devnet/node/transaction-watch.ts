import type { Block } from './block'
import type { Chain } from './chain'
import type { Extrinsic } from './extrinsic'
import type { StatusListener, TransactionStatus } from './pool'

/** Tells watchers what becomes of their transactions: in a block, left behind by a fork, final, dropped. */
export class TransactionWatch {
  private readonly listeners = new Map<string, Set<StatusListener>>()
  private readonly inBlock = new Map<string, readonly string[]>()

  constructor(chain: Chain) {
    chain.onFinalized((block) => {
      for (const hash of this.inBlock.get(block.hash) ?? []) {
        this.tell(hash, { finalized: block.hash })
        this.listeners.delete(hash)
      }
      this.inBlock.delete(block.hash)
    })
  }

  add(hash: string, listener: StatusListener): () => void {
    const listeners = this.listeners.get(hash) ?? new Set()
    listeners.add(listener)
    this.listeners.set(hash, listeners)
    return () => {
      listeners.delete(listener)
      if (listeners.size === 0) this.listeners.delete(hash)
    }
  }

  included(block: Block, extrinsics: readonly Extrinsic[]): void {
    const watched = extrinsics.map((it) => it.hash).filter((hash) => this.listeners.has(hash))
    if (watched.length === 0) return
    for (const hash of watched) this.tell(hash, { inBlock: block.hash })
    this.inBlock.set(block.hash, watched)
  }

  retracted(block: Block): void {
    for (const hash of this.inBlock.get(block.hash) ?? []) this.tell(hash, { retracted: block.hash })
    this.inBlock.delete(block.hash)
  }

  dropped(hash: string): void {
    this.tell(hash, 'invalid')
    this.listeners.delete(hash)
  }

  private tell(hash: string, status: TransactionStatus): void {
    for (const listener of this.listeners.get(hash) ?? []) listener(status)
  }
}
