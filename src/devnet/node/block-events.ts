import type { DispatchErrorValue } from '../pallets/dispatch'
import type { Block } from './block'
import { type RuntimeSpec, runtimeSpec } from './runtime-spec'

export interface BlockEvent {
  readonly phase: { readonly __kind: string; readonly value?: number }
  /** `Commitments.Commitment` */
  readonly name: string
  // biome-ignore lint/suspicious/noExplicitAny: the shape depends on the event
  readonly args: any
}

interface EventRecord {
  readonly phase: BlockEvent['phase']
  readonly event: Parameters<RuntimeSpec['runtime']['toEventRecord']>[0]
}

/** All events of a block, decoded, in their order. */
export function blockEvents({ specVersion, events }: Pick<Block, 'specVersion' | 'events'>): BlockEvent[] {
  const { runtime } = runtimeSpec(specVersion)
  const records = runtime.scaleCodec.decodeBinary(runtime.description.eventRecordList, events)
  return (records as EventRecord[]).map(({ phase, event }) => {
    const { name, args } = runtime.toEventRecord(event) as Pick<BlockEvent, 'name' | 'args'>
    return { phase, name, args }
  })
}

/** What became of one extrinsic. */
export interface Outcome {
  /** `Pallet.Error`, or the dispatcher's own name, when it failed. */
  readonly error?: string
  /** Without fees and System's verdict. */
  readonly events: readonly Pick<BlockEvent, 'name' | 'args'>[]
}

const noise = new Set([
  'Balances.Withdraw',
  'Balances.Deposit',
  'TransactionPayment.TransactionFeePaid',
  'System.ExtrinsicSuccess',
  'System.ExtrinsicFailed',
])

export function outcomeOf(
  events: readonly BlockEvent[],
  extrinsicIndex: number,
  specVersion: number,
): Outcome {
  const own = events.filter(
    ({ phase }) => phase.__kind === 'ApplyExtrinsic' && phase.value === extrinsicIndex,
  )
  const failed = own.find((it) => it.name === 'System.ExtrinsicFailed')
  const told = own.filter((it) => !noise.has(it.name)).map(({ name, args }) => ({ name, args }))
  return failed
    ? { error: errorName(runtimeSpec(specVersion), failed.args.dispatchError), events: told }
    : { events: told }
}

/** `Commitments.SpaceLimitExceeded` for a module's error, else the name of the dispatcher's. */
export function errorName(spec: RuntimeSpec, error: DispatchErrorValue): string {
  if (error.__kind !== 'Module') return error.__kind
  const { index, error: bytes } = error.value as { index: number; error: string }
  const variant = Number.parseInt(bytes.slice(2, 4), 16)
  const found = [...spec.errors].find(([, it]) => it.pallet === index && it.index === variant)
  return found?.[0] ?? `Module ${index}.${variant}`
}
