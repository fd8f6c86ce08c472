import { SLOT_MS } from '../metadata/frame-pallets'
import type { Pallet } from '../pallets/dispatch'
import { RuntimeStorage, StateLayers } from '../storage'
import type { Block } from './block'
import { BlockBuilder } from './block-builder'
import { Chain } from './chain'
import { corePallets } from './core-pallets'
import { decodeExtrinsic, type Extrinsic, MalformedExtrinsicError } from './extrinsic'
import { accountOf, feeInAdvance } from './fees'
import { badFormat, cannotPay, notAllowed, stale } from './invalid-transaction'
import { inIndexOrder } from './pallet-order'
import { Pool } from './pool'
import { type RuntimeSpec, runtimeSpec } from './runtime-spec'
import { genesisBlock, sealBlock } from './seal-block'
import { checkSignature } from './signature-check'
import { TransactionWatch } from './transaction-watch'

/** Extrinsics that one block takes; the rest waits for the next. */
const MAX_BLOCK_EXTRINSICS = 1_000

export interface NodeOptions {
  readonly seed: number
  readonly specVersion: number
  /** Blocks from which another spec runs: the block at `height` is the last of the old one. */
  readonly upgrades: readonly { readonly height: number; readonly specVersion: number }[]
  readonly finalityLagBlocks: number
  readonly genesisTimeMs: number
  readonly balances: Readonly<Record<string, bigint>>
  readonly sudoKey: string
  readonly pallets: readonly Pallet[]
}

/** The chain's side of the devnet: checks and keeps transactions, makes blocks, forks. No network here. */
export class DevnetNode {
  readonly chain: Chain
  readonly pool = new Pool()
  readonly watch: TransactionWatch
  private readonly pallets: readonly Pallet[]
  private readonly upgrades: ReadonlyMap<number, number>
  /** What clients sent and no block has taken yet. */
  private readonly fromClients = new Set<string>()
  /** Counts forks, so that the same height has another slot, and hash, on each branch. */
  private branch = 0

  constructor(readonly options: NodeOptions) {
    this.pallets = inIndexOrder([...corePallets, ...options.pallets], options.specVersion)
    this.upgrades = new Map(options.upgrades.map((it) => [it.height, it.specVersion]))
    this.chain = new Chain(genesisBlock(options, this.pallets), options.finalityLagBlocks)
    this.watch = new TransactionWatch(this.chain)
  }

  /** The runtime that the next block runs, and that a new transaction must fit. */
  get spec(): RuntimeSpec {
    return runtimeSpec(this.chain.head.nextSpecVersion)
  }

  /** The state after the head, read only. */
  get storage(): RuntimeStorage {
    return new RuntimeStorage(this.spec.codec, new StateLayers(this.chain.state))
  }

  nonceOf(account: string): number {
    return accountOf(this.storage, account).nonce
  }

  /**
   * Checks format, signature, era, nonce and fee, and puts the extrinsic into the pool.
   * @param own the devnet's own script made it: the signature is taken as read, and it needs no journal
   * @throws RpcError as a node's `author_submitExtrinsic` does
   */
  submit(hex: string, own = false): Extrinsic {
    const extrinsic = this.decode(hex)
    this.validate(extrinsic, own)
    this.pool.add(extrinsic)
    if (!own) this.fromClients.add(hex)
    return extrinsic
  }

  decode(hex: string): Extrinsic {
    try {
      return decodeExtrinsic(this.spec.runtime, hex)
    } catch (error) {
      if (error instanceof MalformedExtrinsicError) throw badFormat(error.message)
      throw error
    }
  }

  isFuture(extrinsic: Extrinsic): boolean {
    const { signature } = extrinsic
    if (!signature) return false
    return signature.nonce > this.pool.nextNonce(signature.signer, this.nonceOf(signature.signer))
  }

  produceBlock(): Block {
    const parent = this.chain.head
    const height = parent.height + 1
    const timeMs = this.options.genesisTimeMs + height * SLOT_MS
    const builder = new BlockBuilder({
      seed: this.options.seed,
      height,
      timeMs,
      parentHash: parent.hash,
      spec: this.spec,
      state: this.chain.state,
      pallets: this.pallets,
    })
    builder.initialize()
    builder.applyInherents()
    const included = this.applyWaiting(builder)
    builder.finalize()
    const upgrade = this.upgrades.get(height)
    if (upgrade !== undefined && upgrade !== builder.nextSpecVersion) builder.upgrade(upgrade)
    const block = sealBlock(builder, parent, timeMs, this.branch)
    for (const extrinsic of included) this.pool.remove(extrinsic.hash)
    this.watch.included(block, included)
    this.chain.append(block)
    return block
  }

  /**
   * Leaves the last `depthBlocks` blocks and makes as many on another branch; one more makes it the longer one. Their
   * transactions go back to the pool, unless `dropTransactions`.
   * @throws FinalizedForkError when one of the blocks is final
   */
  fork(depthBlocks: number, options: { readonly dropTransactions?: boolean } = {}): Block[] {
    const retracted = this.chain.retract(depthBlocks)
    this.branch++
    for (const block of retracted) {
      this.watch.retracted(block)
      if (!options.dropTransactions) this.takeBack(block)
    }
    return Array.from({ length: depthBlocks }, () => this.produceBlock())
  }

  /** Those of a new block's extrinsics that clients sent; each is told once. */
  clientExtrinsics(block: Block): string[] {
    return block.extrinsics.filter((hex) => this.fromClients.delete(hex))
  }

  private takeBack(block: Block): void {
    const { runtime } = runtimeSpec(block.specVersion)
    for (const hex of block.extrinsics) {
      const extrinsic = decodeExtrinsic(runtime, hex)
      if (extrinsic.signature && !this.pool.has(extrinsic.hash)) this.pool.add(extrinsic)
    }
  }

  private applyWaiting(builder: BlockBuilder): Extrinsic[] {
    const included: Extrinsic[] = []
    const ready = this.pool.ready((account) => accountOf(builder.storage, account).nonce)
    for (const waiting of ready.slice(0, MAX_BLOCK_EXTRINSICS)) {
      const extrinsic = this.revalidate(waiting)
      if (extrinsic && this.applies(builder, extrinsic)) included.push(extrinsic)
      else this.discard(waiting)
    }
    const taken = new Set(included.map((it) => it.hash))
    for (const waiting of this.pool.all()) {
      const { signature } = waiting
      if (!signature) continue
      const isStale = signature.nonce < accountOf(builder.storage, signature.signer).nonce
      const isIncluded = taken.has(waiting.hash)
      if (isStale && !isIncluded) this.discard(waiting)
    }
    return included
  }

  /** A pallet's own bug stops the block loudly, but must not stop the next one too: the cause leaves the pool. */
  private applies(builder: BlockBuilder, extrinsic: Extrinsic): boolean {
    try {
      return builder.applySigned(extrinsic)
    } catch (error) {
      this.discard(extrinsic)
      throw error
    }
  }

  /** An upgrade since may have changed what the bytes mean and what was signed; time may have ended the era. */
  private revalidate(waiting: Extrinsic): Extrinsic | undefined {
    if (waiting.specVersion === this.spec.specVersion && !waiting.signature?.era.mortal) return waiting
    try {
      const extrinsic = this.decode(waiting.hex)
      checkSignature(extrinsic, this.chain, this.spec)
      return extrinsic
    } catch {
      return undefined
    }
  }

  private discard(extrinsic: Extrinsic): void {
    this.fromClients.delete(extrinsic.hex)
    this.pool.remove(extrinsic.hash)
    this.watch.dropped(extrinsic.hash)
  }

  private validate(extrinsic: Extrinsic, own: boolean): void {
    const { signature } = extrinsic
    if (!signature) {
      const { __kind: pallet, value } = extrinsic.call
      const owner = this.pallets.find((it) => it.name === pallet)
      if (!owner?.unsignedCalls?.includes(value.__kind)) throw notAllowed()
      return
    }
    if (!own) checkSignature(extrinsic, this.chain, this.spec)
    const account = accountOf(this.storage, signature.signer)
    if (signature.nonce < account.nonce) throw stale()
    if (account.data.free < feeInAdvance(this.pallets, extrinsic)) throw cannotPay()
  }
}
