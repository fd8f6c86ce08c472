import { hexToU8a, u8aConcat, u8aToHex } from '@polkadot/util'
import { blake2AsHex, blake2AsU8a } from '@polkadot/util-crypto'
import {
  type BlockContext,
  type CallOutcome,
  type DispatchContext,
  type DispatchErrorValue,
  DispatchFailure,
  type Origin,
  type Pallet,
  type RuntimeCall,
} from '../pallets/dispatch'
import { RuntimeStorage, type StateHistory, StateLayers } from '../storage'
import { ZERO_HASH } from './block'
import { EventLog } from './event-log'
import { type Extrinsic, encodeBare } from './extrinsic'
import { accountOf, changeAccount, feeInAdvance } from './fees'
import type { RuntimeSpec } from './runtime-spec'

/** Calls may hold calls (batch, proxy, sudo); the real chain limits the depth likewise. */
const MAX_CALL_DEPTH = 16

/** As the constant `System.BlockHashCount` says. */
const BLOCK_HASHES_KEPT = 2_400

/** What a call sees that a hook runs: the chain has no extrinsic then. */
const NO_EXTRINSIC = { index: 0, hash: ZERO_HASH }

export interface BlockEnvironment {
  readonly seed: number
  readonly height: number
  readonly timeMs: number
  readonly parentHash: string
  readonly spec: RuntimeSpec
  readonly state: StateHistory
  /** In index order. */
  readonly pallets: readonly Pallet[]
}

/** Executes one block: hooks in pallet order, extrinsics, hooks again. Errors of pallets that are not failures stop it. */
export class BlockBuilder {
  readonly extrinsics: string[] = []
  /** Set by `System.set_code` to the spec version that the next block runs. */
  nextSpecVersion: number
  readonly layers: StateLayers
  readonly storage: RuntimeStorage
  readonly events: EventLog
  private readonly palletByName: ReadonlyMap<string, Pallet>

  constructor(private readonly env: BlockEnvironment) {
    this.layers = new StateLayers(env.state)
    this.storage = new RuntimeStorage(env.spec.codec, this.layers)
    this.events = new EventLog(env.spec)
    this.nextSpecVersion = env.spec.specVersion
    this.palletByName = new Map(env.pallets.map((it) => [it.name, it]))
  }

  initialize(): void {
    this.storage.put('System.Number', [], this.env.height)
    this.storage.put('System.ParentHash', [], this.env.parentHash)
    this.storage.put('System.BlockHash', [this.env.height - 1], this.env.parentHash)
    if (this.env.height > BLOCK_HASHES_KEPT) {
      this.storage.remove('System.BlockHash', this.env.height - BLOCK_HASHES_KEPT - 1)
    }
    this.events.phase = { __kind: 'Initialization' }
    const timeMs = Number(this.storage.get<bigint>('Timestamp.Now'))
    for (const pallet of this.env.pallets) pallet.onInitialize?.(this.blockContext(timeMs))
  }

  /** Calls that the author puts into the block itself: the time first, then what pallets ask for. */
  applyInherents(): void {
    const set = { __kind: 'set', now: BigInt(this.env.timeMs) }
    this.applyBare({ __kind: 'Timestamp', value: set })
    for (const pallet of this.env.pallets) {
      for (const call of pallet.inherents?.(this.blockContext(this.env.timeMs)) ?? []) this.applyBare(call)
    }
  }

  applyBare(call: RuntimeCall): void {
    const hex = encodeBare(this.env.spec.runtime, call)
    const hash = blake2AsHex(hexToU8a(hex), 256)
    this.apply(hex, hash, call, { kind: 'None' })
  }

  /** Applies an extrinsic whose signature was checked; false when its nonce or fee does not hold here. */
  applySigned(extrinsic: Extrinsic): boolean {
    const { signature } = extrinsic
    if (!signature) {
      this.apply(extrinsic.hex, extrinsic.hash, extrinsic.call, { kind: 'None' })
      return true
    }
    const { signer } = signature
    const feeRao = feeInAdvance(this.env.pallets, extrinsic)
    const account = accountOf(this.storage, signer)
    if (account.nonce !== signature.nonce || account.data.free < feeRao) return false
    this.events.phase = { __kind: 'ApplyExtrinsic', value: this.extrinsics.length }
    changeAccount(this.storage, signer, { freeRao: -feeRao, nonce: 1 })
    if (feeRao > 0n) this.events.deposit('Balances.Withdraw', { who: signer, amount: feeRao })
    this.apply(
      extrinsic.hex,
      extrinsic.hash,
      extrinsic.call,
      { kind: 'Signed', account: signer },
      {
        signer,
        feeRao,
        tip: signature.tip,
      },
    )
    return true
  }

  finalize(): void {
    this.events.phase = { __kind: 'Finalization' }
    for (const pallet of this.env.pallets) pallet.onFinalize?.(this.blockContext(this.env.timeMs))
  }

  private apply(
    hex: string,
    hash: string,
    call: RuntimeCall,
    origin: Origin,
    fee?: { readonly signer: string; readonly feeRao: bigint; readonly tip: bigint },
  ): void {
    const index = this.extrinsics.length
    this.extrinsics.push(hex)
    this.events.phase = { __kind: 'ApplyExtrinsic', value: index }
    const outcome = this.dispatch(call, origin, { index, hash }, 0)
    const isFree = fee !== undefined && fee.feeRao === fee.tip
    const paysFee = !isFree && outcome.paysFee !== false
    if (fee) this.settleFee(fee, paysFee)
    const dispatchInfo = {
      weight: { refTime: 0n, proofSize: 0n },
      class: { __kind: fee ? 'Normal' : 'Mandatory' },
      paysFee: { __kind: paysFee ? 'Yes' : 'No' },
    }
    if (outcome.error) {
      this.events.deposit('System.ExtrinsicFailed', { dispatchError: outcome.error, dispatchInfo })
    } else this.events.deposit('System.ExtrinsicSuccess', { dispatchInfo })
  }

  /** What a call that pays nothing was charged in advance goes back, without the tip. */
  private settleFee(fee: { signer: string; feeRao: bigint; tip: bigint }, paysFee: boolean): void {
    const refundRao = paysFee ? 0n : fee.feeRao - fee.tip
    if (refundRao > 0n) {
      changeAccount(this.storage, fee.signer, { freeRao: refundRao })
      this.events.deposit('Balances.Deposit', { who: fee.signer, amount: refundRao })
    }
    this.events.deposit('TransactionPayment.TransactionFeePaid', {
      who: fee.signer,
      actualFee: fee.feeRao - refundRao,
      tip: fee.tip,
    })
  }

  private dispatch(
    call: RuntimeCall,
    origin: Origin,
    extrinsic: { readonly index: number; readonly hash: string },
    depth: number,
  ): CallOutcome & { readonly error?: DispatchErrorValue } {
    const eventsBefore = this.events.length
    try {
      return this.storage.transaction(() => {
        if (depth > MAX_CALL_DEPTH) throw new DispatchFailure('', 'Exhausted')
        const handler = this.palletByName.get(call.__kind)?.calls[call.value.__kind]
        if (!handler) throw new DispatchFailure('System', 'CallFiltered')
        const context = this.dispatchContext(origin, extrinsic, depth)
        const { __kind, ...args } = call.value
        return handler(context, args) ?? {}
      })
    } catch (error) {
      if (!(error instanceof DispatchFailure)) throw error
      this.events.truncate(eventsBefore)
      return { error: this.errorValue(error), paysFee: error.paysFee }
    }
  }

  private blockContext(timeMs: number): BlockContext {
    const { env } = this
    return {
      height: env.height,
      timeMs,
      specVersion: env.spec.specVersion,
      storage: this.storage,
      deposit: (event, args) => this.events.deposit(event, args),
      knowsEvent: (event) => env.spec.runtime.hasEvent(event),
      knowsCall: (call) => env.spec.runtime.hasCall(call),
      random: (label, lengthBytes) => randomBytes(`${env.seed}/${env.height}/${label}`, lengthBytes),
      upgrade: (specVersion) => this.upgrade(specVersion),
      dispatch: (call, origin) => this.dispatch(call, origin, NO_EXTRINSIC, 0).error,
      decodeCall: (bytes) => env.spec.runtime.decodeCall(bytes) as RuntimeCall,
    }
  }

  /** Also for an upgrade that the options schedule, in the phase of the moment. */
  upgrade(specVersion: number): void {
    this.nextSpecVersion = specVersion
    this.events.deposit('System.CodeUpdated', undefined)
  }

  private dispatchContext(
    origin: Origin,
    extrinsic: { readonly index: number; readonly hash: string },
    depth: number,
  ): DispatchContext {
    const { runtime } = this.env.spec
    return {
      ...this.blockContext(this.env.timeMs),
      origin,
      extrinsicIndex: extrinsic.index,
      extrinsicHash: extrinsic.hash,
      dispatch: (call, innerOrigin) => this.dispatch(call, innerOrigin, extrinsic, depth + 1).error,
      errorValue: (failure) => this.errorValue(failure),
      encodeCall: (call) => u8aToHex(runtime.encodeCall(call as never)),
    }
  }

  private errorValue(failure: DispatchFailure): DispatchErrorValue {
    if (failure.value) return failure.value
    if (!failure.pallet) return dispatcherError(failure.reason)
    const error = this.env.spec.errors.get(failure.message)
    // An error that this spec does not have yet: the call fails all the same.
    if (!error) return { __kind: 'Other' }
    const index = error.index.toString(16).padStart(2, '0')
    return { __kind: 'Module', value: { index: error.pallet, error: `0x${index}000000` } }
  }
}

const TOKEN_ERRORS = new Set(['FundsUnavailable', 'OnlyProvider', 'BelowMinimum', 'Frozen', 'NotExpendable'])
const ARITHMETIC_ERRORS = new Set(['Underflow', 'Overflow', 'DivisionByZero'])

function dispatcherError(reason: string): DispatchErrorValue {
  if (TOKEN_ERRORS.has(reason)) return { __kind: 'Token', value: { __kind: reason } }
  if (ARITHMETIC_ERRORS.has(reason)) return { __kind: 'Arithmetic', value: { __kind: reason } }
  return { __kind: reason }
}

/** As many bytes as asked for, each 32 of them a hash of the label and a counter. */
function randomBytes(label: string, lengthBytes: number): string {
  const parts: Uint8Array[] = []
  for (let i = 0; i * 32 < lengthBytes; i++) parts.push(blake2AsU8a(`${label}/${i}`, 256))
  return u8aToHex(u8aConcat(...parts).subarray(0, lengthBytes))
}
