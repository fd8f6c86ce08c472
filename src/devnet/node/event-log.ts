import { compactToU8a, u8aToHex } from '@polkadot/util'
import type { RuntimeSpec } from './runtime-spec'

export type Phase =
  | { readonly __kind: 'Initialization' }
  | { readonly __kind: 'Finalization' }
  | { readonly __kind: 'ApplyExtrinsic'; readonly value: number }

/** Events of a block under construction, each encoded when it is deposited so that a wrong one is blamed at once. */
export class EventLog {
  phase: Phase = { __kind: 'Initialization' }
  private readonly records: string[] = []

  constructor(private readonly spec: RuntimeSpec) {}

  get length(): number {
    return this.records.length
  }

  deposit(name: string, args: unknown): void {
    const { runtime } = this.spec
    const event = runtime.toDecodedEvent({ name, args })
    const record = { phase: this.phase, event, topics: [] }
    try {
      this.records.push(runtime.scaleCodec.encodeToHex(runtime.description.eventRecord, record).slice(2))
    } catch (cause) {
      throw new Error(`event ${name} does not fit spec ${this.spec.specVersion}`, { cause })
    }
  }

  /** Drops what a failed call deposited. */
  truncate(length: number): void {
    this.records.length = length
  }

  /** Value of `System.Events`. */
  encode(): string {
    return u8aToHex(compactToU8a(this.records.length)) + this.records.join('')
  }
}
