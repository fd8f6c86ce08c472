import type { Runtime } from '@subsquid/substrate-runtime'
import type { BlockCall, BlockEvent, DecodedBlock } from './block'

/** The parts of Subsquid's block that are used; live processing, replay and tests all come through here. */
export interface SubsquidBlock {
  readonly header: {
    readonly height: number
    readonly hash: string
    readonly parentHash: string
    readonly timestamp?: number
    readonly _runtime: Runtime
    readonly _runtimeOfPrevBlock: Runtime
  }
  readonly events: readonly {
    readonly index: number
    readonly name: string
    readonly args?: unknown
    readonly phase: BlockEvent['phase']
    readonly extrinsicIndex?: number
    readonly callAddress?: number[]
  }[]
  readonly calls: readonly {
    readonly extrinsicIndex: number
    readonly address: number[]
    readonly name: string
    readonly args?: unknown
    readonly origin?: unknown
    readonly success?: boolean
  }[]
}

const NOTHING: readonly never[] = []

export function decodedBlockOf(block: SubsquidBlock): DecodedBlock {
  const { header } = block
  const calls = block.calls.length === 0 ? NOTHING : block.calls.map(callOf).sort(inBlockOrder)
  return {
    height: header.height,
    hash: header.hash,
    parentHash: header.parentHash,
    timeMs: header.timestamp ?? 0,
    runtime: header._runtime,
    previousSpec: header._runtimeOfPrevBlock.specVersion,
    events: block.events.length === 0 ? NOTHING : block.events.map((e) => eventOf(e, calls)),
    calls,
  }
}

function callOf(call: SubsquidBlock['calls'][number]): BlockCall {
  const signer = signerOf(call.origin)
  return {
    extrinsicIndex: call.extrinsicIndex,
    path: call.address,
    name: call.name,
    args: call.args,
    ...(signer !== undefined && { signer }),
    success: call.success === true,
  }
}

/** Outer before inner, item before item. */
function inBlockOrder(a: BlockCall, b: BlockCall): number {
  if (a.extrinsicIndex !== b.extrinsicIndex) return a.extrinsicIndex - b.extrinsicIndex
  for (const [i, step] of a.path.entries()) {
    const other = b.path[i]
    if (other === undefined) return 1
    if (step !== other) return step - other
  }
  return a.path.length - b.path.length
}

function eventOf(event: SubsquidBlock['events'][number], calls: readonly BlockCall[]): BlockEvent {
  const { index, name, args, phase, extrinsicIndex, callAddress } = event
  const call =
    extrinsicIndex === undefined || callAddress === undefined
      ? undefined
      : calls.find((c) => c.extrinsicIndex === extrinsicIndex && samePath(c.path, callAddress))
  return {
    index,
    name,
    args,
    phase,
    ...(extrinsicIndex !== undefined && { extrinsicIndex }),
    ...(call && { call }),
  }
}

const samePath = (a: readonly number[], b: readonly number[]) =>
  a.length === b.length && a.every((step, i) => step === b[i])

interface Origin {
  readonly __kind?: string
  readonly value?: { readonly __kind?: string; readonly value?: unknown }
}

function signerOf(origin: unknown): string | undefined {
  const { __kind, value } = (origin ?? {}) as Origin
  if (__kind !== 'system' || value?.__kind !== 'Signed') return undefined
  return typeof value.value === 'string' ? value.value : undefined
}
