import type { EventType, PayloadOf } from '../../log/catalogue'
import type { Hex } from '../../log/envelope'

/** An event that a command leads to, before the log ties it to a block. */
export interface PlatformDraft<T extends EventType = EventType> {
  readonly type: T
  readonly payload: PayloadOf<T>
  /** 32-byte account of whoever signed the command, as hex. */
  readonly actor?: Hex
  /** The same command sent twice gives one event. */
  readonly idempotencyKey?: string
}

/** What `evolve` reads: the same for an event just decided and for one out of the log. */
export interface PlatformEvent<T extends EventType = EventType> extends PlatformDraft<T> {
  readonly height: number
  /** ms since the Unix epoch, as the anchoring block says */
  readonly blockTime: number
}

/** Narrows an event by its type: `if (is(event, 'PolicySet')) event.payload.policyId`. */
export function is<T extends EventType>(event: PlatformEvent, type: T): event is PlatformEvent<T> {
  return event.type === type
}

/** A draft with its payload checked by the compiler. */
export const draft = <T extends EventType>(
  type: T,
  payload: PayloadOf<T>,
  by: Omit<PlatformDraft, 'type' | 'payload'> = {},
): PlatformDraft<T> => ({ type, payload, ...by })
