import type { RuntimeCall } from '../pallets/dispatch'
import type { Storage } from '../storage'
import type { Signer } from './signer'

/** What a script sees before a block is made. */
export interface AuthorContext {
  /** Height of the block that comes next. */
  readonly height: number
  /** The spec that it will run. */
  readonly specVersion: number
  /** State after the head; what is put here is lost. */
  readonly storage: Storage
  knowsCall(call: string): boolean
  /** SCALE bytes of a call in the spec that runs next, as hex. */
  encodeCall(call: RuntimeCall): string
  /** Signs with the account's next nonce and puts the extrinsic into the pool; its hash. */
  send(signer: Signer, call: RuntimeCall): string
  /** Puts a call into the pool that needs no signature. */
  sendUnsigned(call: RuntimeCall): string
}

/** Scripted life of a chain: deterministic, called before each block is made. */
export interface Scenario {
  readonly name: string
  /** Free balances in rao at block 0, by account (`0x` hex), besides the development accounts'. */
  readonly balances?: Readonly<Record<string, bigint>>
  /** Account (`0x` hex) that may use sudo; Alice when absent. */
  readonly sudoKey?: string
  beforeBlock(context: AuthorContext): void
}
