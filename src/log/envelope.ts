import type { EventType, PayloadOf } from './catalogue'

/** `0x`-prefixed lower-case hex. */
export type Hex = string

/** Derived by anyone (`chain`), asserted by a signer (`platform`), derived from both by a named rule (`engine`). */
export type LogName = 'chain' | 'platform' | 'engine'

/** An event before the log has given it a number. Heights in blocks; `blockTime` in ms since the Unix epoch. */
export interface EventDraft<T extends EventType = EventType> {
  readonly log: LogName
  readonly netuid: number
  /** Block at which this use of the netuid was registered (0: at genesis). Never a netuid alone. */
  readonly subnetInstance: number
  readonly type: T
  readonly height: number
  readonly blockHash: Hex
  readonly blockTime: number
  readonly extrinsicIndex?: number
  /** Position of the inner call within its wrappers, e.g. [1, 0]: first call inside the second of a batch. */
  readonly callPath?: readonly number[]
  readonly eventIndex?: number
  /** 32-byte account that acted (not: who paid), as hex. */
  readonly actor?: Hex
  readonly payload: PayloadOf<T>
  readonly idempotencyKey?: string
}

/** An event as it stands in the log: `seq` is 0, 1, 2, … within (log, netuid) and is its Merkle leaf index. */
export type LogEvent<T extends EventType = EventType> = EventDraft<T> & {
  readonly seq: number
  readonly schemaVersion: number
  /** SHA-256(0x00 ++ canonical JSON of the envelope without leafHash). */
  readonly leafHash: Hex
}
