import type { Runtime } from '@subsquid/substrate-runtime'
import type { VariantItem } from '../../../abi/item'
import { versionIn } from '../../../abi/match'
import type { EventType, PayloadOf } from '../../log/catalogue'
import type { EventDraft } from '../../log/envelope'
import type { ChainState } from '../state/chain-state'
import { evolve } from '../state/evolve'
import type { Subnet } from '../state/subnet'
import type { BlockCall, BlockEvent, DecodedBlock } from './block'

/** Which subnets are logged. */
export type Netuids = ReadonlySet<number> | 'all'

/** Where in its block a fact happened; all absent for what belongs to the block as a whole. */
export interface Position {
  readonly extrinsicIndex?: number
  readonly callPath?: readonly number[]
  readonly eventIndex?: number
  readonly actor?: string
}

/** Why the permits of a subnet are read. */
export type PermitReading = PayloadOf<'ValidatorPermitsChanged'>['source']

/** What the decoders of one block share: the block, the state so far, and the drafts written so far. */
export class BlockContext {
  readonly drafts: EventDraft[] = []
  /** Parameter events that precede the NetworkAdded of their subnet. */
  readonly early = new Map<number, BlockEvent[]>()
  /** Subnets registered in this block: their parameters are read once it is decoded. */
  readonly registered = new Set<number>()
  /** Subnets whose permits are read once the block is decoded, and why. */
  readonly permitsInDoubt = new Map<number, PermitReading>()

  constructor(
    readonly block: DecodedBlock,
    readonly state: ChainState,
    readonly netuids: Netuids,
  ) {}

  get runtime(): Runtime {
    return this.block.runtime
  }

  get spec(): number {
    return this.block.runtime.specVersion
  }

  watches(netuid: number): boolean {
    return this.netuids === 'all' || this.netuids.has(netuid)
  }

  /** Writes a draft to the log of a live subnet and folds it into the state at once. */
  emit<T extends EventType>(subnet: Subnet, type: T, payload: PayloadOf<T>, at: Position): void {
    const draft: EventDraft<T> = {
      log: 'chain',
      netuid: subnet.netuid,
      subnetInstance: subnet.instance,
      type,
      height: this.block.height,
      blockHash: this.block.hash,
      blockTime: this.block.timeMs,
      ...at,
      payload,
    }
    this.drafts.push(draft as unknown as EventDraft)
    evolve(this.state, draft as unknown as EventDraft)
  }

  /** An epoch says why better than what else happened in its block. */
  doubtPermits(netuid: number, why: PermitReading): void {
    if (this.permitsInDoubt.get(netuid) !== 'epoch') this.permitsInDoubt.set(netuid, why)
  }

  undecoded(
    subnet: Subnet,
    what: 'event' | 'call' | 'storage',
    name: string,
    reason: string,
    raw: unknown,
    at: Position,
  ): void {
    const text =
      typeof raw === 'string'
        ? raw
        : JSON.stringify(raw ?? null, (_, v) => (typeof v === 'bigint' ? `${v}` : v))
    this.emit(subnet, 'Undecoded', { what, name, specVersion: this.spec, reason, raw: text }, at)
  }
}

export function positionOf(event: BlockEvent, actor?: string): Position {
  const path = event.call?.path
  return {
    ...(event.extrinsicIndex !== undefined && { extrinsicIndex: event.extrinsicIndex }),
    ...(path && path.length > 0 && { callPath: path }),
    eventIndex: event.index,
    ...(actor !== undefined && { actor }),
  }
}

export function positionOfCall(call: BlockCall): Position {
  return {
    extrinsicIndex: call.extrinsicIndex,
    ...(call.path.length > 0 && { callPath: call.path }),
    ...(call.signer !== undefined && { actor: call.signer }),
  }
}

/** The arguments of an event, typed, or undefined when the runtime gives it a shape we do not know. */
export function eventArgs<T>(runtime: Runtime, item: VariantItem<T>, event: BlockEvent): T | undefined {
  if (!versionIn(runtime, item)) return undefined
  return runtime.decodeJsonEventRecordArguments({ name: event.name, args: event.args }) as T
}

/** The arguments of a call when it is this one and of a known shape. */
export function callArgs<T>(
  runtime: Runtime,
  item: VariantItem<T>,
  call: BlockCall | undefined,
): T | undefined {
  if (call?.name !== item.id || !versionIn(runtime, item)) return undefined
  return runtime.decodeJsonCallRecordArguments({ name: call.name, args: call.args }) as T
}
