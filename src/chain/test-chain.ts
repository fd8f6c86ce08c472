import type { Runtime } from '@subsquid/substrate-runtime'
import { TypeKind } from '@subsquid/substrate-runtime/lib/metadata'
import type { DecodedBlock } from './decode/block'
import { decodeRaw } from './test-blocks'

export interface TestEvent {
  readonly name: string
  /** As decoded; fields left out are zero. */
  readonly args?: unknown
}

/** A call with what it left behind; inner calls are plain arguments of the outer one. */
export interface TestExtrinsic {
  /** Absent: unsigned. */
  readonly signer?: string
  readonly call: TestEvent
  readonly events?: readonly TestEvent[]
  readonly fails?: boolean
}

export interface TestBlock {
  readonly height: number
  readonly initialization?: readonly TestEvent[]
  readonly extrinsics?: readonly TestExtrinsic[]
  readonly finalization?: readonly TestEvent[]
}

const BLOCK_MS = 12_000
const hashOf = (height: number) => `0x${height.toString(16).padStart(64, '0')}`

/** Blocks written in the terms of a real runtime's metadata, encoded as a node would, decoded as the processor does. */
export class TestChain {
  constructor(
    readonly runtime: Runtime,
    readonly previous: Runtime = runtime,
  ) {}

  block({ height, initialization = [], extrinsics = [], finalization = [] }: TestBlock): DecodedBlock {
    const timestamp: TestExtrinsic = {
      call: { name: 'Timestamp.set', args: { now: BigInt(height * BLOCK_MS) } },
    }
    const all = [timestamp, ...extrinsics]
    const records = [
      ...initialization.map((e) => this.record({ __kind: 'Initialization' }, e)),
      ...all.flatMap((x, index) =>
        [...(x.events ?? []), { name: x.fails ? 'System.ExtrinsicFailed' : 'System.ExtrinsicSuccess' }].map(
          (e) => this.record({ __kind: 'ApplyExtrinsic', value: index }, e),
        ),
      ),
      ...finalization.map((e) => this.record({ __kind: 'Finalization' }, e)),
    ]
    const { scaleCodec, description } = this.runtime
    const eventsType = description.storage.System!.items.Events!.value
    return decodeRaw(
      {
        number: height,
        hash: hashOf(height),
        header: { parentHash: hashOf(height - 1), number: `0x${height.toString(16)}` },
        extrinsics: all.map((x) => this.extrinsic(x)),
        events: hexOf(scaleCodec.encodeToBinary(eventsType, records)),
      },
      this.runtime,
      this.previous,
    )
  }

  /** A call as another call's argument. */
  call(name: string, args?: unknown): unknown {
    const def = this.runtime.calls.get(name)
    return this.runtime.toDecodedCall({ name, args: this.filled(def.fields, args) })
  }

  private record(phase: unknown, { name, args }: TestEvent): unknown {
    const def = this.runtime.events.get(name)
    const event = this.runtime.toDecodedEvent({ name, args: this.filled(def.fields, args) })
    return { phase, event, topics: [] }
  }

  private extrinsic({ signer, call }: TestExtrinsic): string {
    const { description } = this.runtime
    const signature = signer && {
      ...(this.zero(description.signature) as object),
      address: { __kind: 'Id', value: signer },
    }
    const extrinsic = { version: 4, call: this.call(call.name, call.args), ...(signature && { signature }) }
    return hexOf(this.runtime.encodeExtrinsic(extrinsic as never))
  }

  private filled(fields: readonly { name?: string; type: number }[], args: unknown): unknown {
    if (fields.length === 0) return undefined
    if (fields[0]!.name === undefined) return args
    const given = (args ?? {}) as Record<string, unknown>
    return Object.fromEntries(
      fields.map((f) => [f.name!, f.name! in given ? given[f.name!] : this.zero(f.type)]),
    )
  }

  private zero(ti: number): unknown {
    const type = this.runtime.description.types[ti]!
    switch (type.kind) {
      case TypeKind.Primitive:
        if (type.primitive === 'Bool') return false
        if (type.primitive === 'Str') return ''
        return /64|128|256/.test(type.primitive) ? 0n : 0
      case TypeKind.Compact:
        return this.zero(type.type)
      case TypeKind.Composite:
        return Object.fromEntries(type.fields.map((f) => [f.name!, this.zero(f.type)]))
      case TypeKind.Tuple:
        return type.tuple.length === 0 ? null : type.tuple.map((t) => this.zero(t))
      case TypeKind.Variant: {
        const { name, fields } = type.variants[0]!
        return fields.length === 0 ? { __kind: name } : { __kind: name, value: this.zero(fields[0]!.type) }
      }
      case TypeKind.HexBytes:
        return '0x'
      case TypeKind.HexBytesArray:
        return `0x${'00'.repeat(type.len)}`
      case TypeKind.Sequence:
        return []
      case TypeKind.Option:
        return undefined
      default:
        throw new Error(`no zero of type ${ti}`)
    }
  }
}

const hexOf = (bytes: Uint8Array) => `0x${Buffer.from(bytes).toString('hex')}`

/** A 32-byte account that is told apart at a glance. */
export const account = (name: string) => `0x${Buffer.from(name.padEnd(32, '.')).toString('hex')}`
