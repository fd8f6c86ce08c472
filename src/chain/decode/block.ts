import type { Runtime } from '@subsquid/substrate-runtime'

/**
 * A block as the decoders see it: a plain value with the events and calls that were asked for, in block order.
 * Arguments are Subsquid's JSON form (wide integers as decimal strings); the runtime is consulted for shapes only.
 */
export interface DecodedBlock {
  readonly height: number
  readonly hash: string
  readonly parentHash: string
  /** ms since the Unix epoch, as set by the block's Timestamp.set. */
  readonly timeMs: number
  /** The runtime that executed the block (and decodes it). */
  readonly runtime: Runtime
  /** Spec that executed the block before it. */
  readonly previousSpec: number
  readonly events: readonly BlockEvent[]
  /** By extrinsic, then outer call before inner. */
  readonly calls: readonly BlockCall[]
}

export interface BlockEvent {
  readonly index: number
  readonly name: string
  readonly args: unknown
  readonly phase: 'Initialization' | 'ApplyExtrinsic' | 'Finalization'
  readonly extrinsicIndex?: number
  /** Innermost call that could be looked into; undefined outside extrinsics. */
  readonly call?: BlockCall
}

export interface BlockCall {
  readonly extrinsicIndex: number
  /** Empty for the extrinsic's own call. */
  readonly path: readonly number[]
  readonly name: string
  readonly args: unknown
  /** 32-byte account that the call ran as; undefined for Root, unsigned, or an origin Subsquid cannot tell. */
  readonly signer?: string
  readonly success: boolean
}
