import type { Pallet } from '../pallets/dispatch'
import type { Scenario } from './author'
import type { Block } from './block'
import type { Lie } from './faults'
import type { DevnetNode } from './node'
import type { Methods } from './rpc/method'

export interface DevnetOptions {
  /** Same seed and same transactions: same blocks, same hashes. */
  readonly seed?: number
  /** 127.0.0.1 unless told otherwise. */
  readonly host?: string
  /** 0 picks a free port. */
  readonly port?: number
  /** Time between blocks; 0 makes blocks on demand only (`produceBlocks`). */
  readonly blockTimeMs?: number
  /** Delay of every answer. */
  readonly latencyMs?: number
  /** State of blocks below is gone from the start. */
  readonly prunedBelowHeight?: number
  /** Heights about which the node lies from the start. */
  readonly lies?: Readonly<Record<number, Lie>>
  /** How many blocks the finalized head is behind the best. */
  readonly finalityLagBlocks?: number
  readonly specVersion?: number
  /** The block at `height` is the last that runs the older spec. */
  readonly upgrades?: readonly { readonly height: number; readonly specVersion: number }[]
  /** `Timestamp` of block 0, ms; each block is 12 s later, whatever the real pace. */
  readonly genesisTimeMs?: number
  /** Free balances in rao at block 0 by account (`0x` hex), besides the development accounts'. */
  readonly balances?: Readonly<Record<string, bigint>>
  readonly sudoKey?: string
  /** Rules beside System, Timestamp and Balances: `devnetPallets(seed)` for all; none when absent. */
  readonly pallets?: readonly Pallet[]
  readonly scenario?: Scenario
  /** Blocks made before the first request is answered. */
  readonly initialBlocks?: number
  /** Where the transactions of clients are kept, so that the next start makes the same blocks again. */
  readonly journalFile?: string
  readonly extraMethods?: Methods
}

export interface Devnet {
  readonly wsUrl: string
  readonly httpUrl: string
  readonly port: number
  readonly genesisHash: string
  readonly node: DevnetNode
  /** Makes blocks now; the last one. */
  produceBlocks(count: number): Promise<Block>
  /** Puts an extrinsic (SCALE hex) into the pool; its hash. @throws RpcError */
  submit(extrinsicHex: string): string
  readonly faults: DevnetFaults
  close(): Promise<void>
}

export interface DevnetFaults {
  /** State below the height is gone for good. */
  prune(beforeHeight: number): void
  dropConnections(): void
  /** Leaves the last blocks for another branch that is one block longer. */
  fork(depthBlocks: number, options?: { readonly dropTransactions?: boolean }): Block[]
  lie(height: number, kind?: Lie): void
  tellTruth(): void
  /** Nothing listens on the port while true. */
  unreachable(is: boolean): Promise<void>
  latency(latencyMs: number): void
  finalityLag(blocks: number): void
  /** 0 stops making blocks by itself. */
  blockTime(blockTimeMs: number): void
}
