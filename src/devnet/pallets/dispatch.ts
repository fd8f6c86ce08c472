import type { Decoded, Storage } from '../storage'

export type Origin =
  /** `account`: 32-byte public key as `0x` hex. */
  | { readonly kind: 'Signed'; readonly account: string }
  | { readonly kind: 'Root' }
  | { readonly kind: 'None' }

/** A call as Subsquid decodes it: `{__kind: 'Commitments', value: {__kind: 'set_commitment', netuid, info}}`. */
export interface RuntimeCall {
  readonly __kind: string
  readonly value: { readonly __kind: string } & Readonly<Record<string, Decoded>>
}

/** `DispatchError` as Subsquid decodes it; a module's is `{__kind:'Module', value:{index, error:'0x05000000'}}`. */
export interface DispatchErrorValue {
  readonly __kind: string
  readonly value?: unknown
}

/** What a pallet sees while a block is built. Everything here is deterministic. */
export interface BlockContext {
  readonly height: number
  /** `Timestamp.Now` of this block; in on_initialize still the parent's, as on the real chain. */
  readonly timeMs: number
  readonly specVersion: number
  readonly storage: Storage
  /** `deposit('Commitments.Commitment', {netuid, who})`; positional fields as an array. A name that the
   *  present spec lacks throws: ask `knowsEvent`. */
  deposit(event: string, args?: unknown): void
  knowsEvent(event: string): boolean
  /** Whether the present spec has the call `Commitments.set_commitment`. */
  knowsCall(call: string): boolean
  /** Deterministic bytes as hex, from the seed, height and this label; the same for every replay. */
  random(label: string, lengthBytes: number): string
  /** The next block runs this spec; deposits `System.CodeUpdated`. */
  upgrade(specVersion: number): void
  /**
   * Runs a call in a storage and event layer of its own, undone when it fails; from a hook too.
   * `undefined` for success; never throws for a failing call.
   */
  dispatch(call: RuntimeCall, origin: Origin): DispatchErrorValue | undefined
  /** @throws for bytes that are no call of the present spec */
  decodeCall(bytes: string): RuntimeCall
}

export interface DispatchContext extends BlockContext {
  readonly origin: Origin
  readonly extrinsicIndex: number
  /** Hash (blake2_256) of the extrinsic that is being applied. */
  readonly extrinsicHash: string
  /** The error as events carry it (`ItemFailed`, `ProxyExecuted`, …). */
  errorValue(failure: DispatchFailure): DispatchErrorValue
  /** SCALE bytes of a call, for its hash (multisig, proxy announcements). */
  encodeCall(call: RuntimeCall): string
}

/** What a call handler throws; state and events of the call are undone. */
export class DispatchFailure extends Error {
  /**
   * @param pallet as in the metadata, or `''` for an error of the dispatcher itself
   * @param reason variant of the pallet's `Error` enum, or of `DispatchError` (`BadOrigin`, `Other`, …)
   */
  constructor(
    readonly pallet: string,
    readonly reason: string,
    /** Already made value (an inner failure passed on); wins over the two names. */
    readonly value?: DispatchErrorValue,
    /** False: even the failed call costs nothing. */
    readonly paysFee = true,
  ) {
    super(pallet ? `${pallet}.${reason}` : reason)
    this.name = 'DispatchFailure'
  }
}

export interface CallOutcome {
  /** False for `Pays::No`: the fee taken in advance is given back. */
  readonly paysFee?: boolean
}

export type CallHandler = (
  context: DispatchContext,
  args: Readonly<Record<string, Decoded>>,
  // biome-ignore lint/suspicious/noConfusingVoidType: a handler that says nothing pays
) => CallOutcome | void

/** One pallet's semantics. Calls by their metadata name (`set_commitment`). */
export interface Pallet {
  readonly name: string
  readonly calls: Readonly<Record<string, CallHandler>>
  /** Called in pallet index order before the block's extrinsics; events get the phase Initialization. */
  onInitialize?(context: BlockContext): void
  /** Called in pallet index order after the extrinsics; events get the phase Finalization. */
  onFinalize?(context: BlockContext): void
  /** Calls that the block's author puts in without a signature, after `Timestamp.set`. */
  inherents?(context: BlockContext): readonly RuntimeCall[]
  /** Calls of this pallet that the pool takes without a signature (`write_pulse`); none when absent. */
  readonly unsignedCalls?: readonly string[]
  /** Calls that are `Pays::No` in their declaration: an account without any balance may send them. */
  readonly freeCalls?: readonly string[]
  /** State at block 0. */
  genesis?(storage: Storage, options: GenesisOptions): void
}

export interface GenesisOptions {
  readonly seed: number
  /** Free balance in rao by account (`0x` hex). */
  readonly balances: Readonly<Record<string, bigint>>
  /** Account (`0x` hex) that `Sudo.sudo` obeys. */
  readonly sudoKey: string
}

/** The account of a signed origin; any other origin fails as `BadOrigin`. */
export function ensureSigned(context: DispatchContext): string {
  if (context.origin.kind !== 'Signed') throw new DispatchFailure('', 'BadOrigin')
  return context.origin.account
}

export function ensureRoot(context: DispatchContext): void {
  if (context.origin.kind !== 'Root') throw new DispatchFailure('', 'BadOrigin')
}
