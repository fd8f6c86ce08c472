import type { PayloadOf } from '../../../log/catalogue'
import type { Hex } from '../../../log/envelope'
import type { Decided } from '../../core/decider'
import { draft, type PlatformDraft } from '../../core/platform-event'

/** What a node hears: existing ones look at the status, then at `detail`. */
export interface Answer {
  readonly status: number
  readonly body: unknown
}

export const done = (
  body: unknown,
  events: readonly PlatformDraft[],
  blobs?: Decided<Answer>['blobs'],
): Decided<Answer> => ({
  events,
  reply: { status: 200, body },
  ...(blobs && { blobs }),
})

/** A refusal of a command: which, why, and about what. */
export interface Refused {
  readonly command: string
  readonly status: number
  readonly code: string
  readonly reason: string
  readonly subject?: string | undefined
  readonly actor?: Hex | null
  readonly requestHash?: string | null
}

export function refusalEvent(refused: Refused, at: number): PlatformDraft<'CommandRefused'> {
  const { command, status, code, reason, subject, actor, requestHash } = refused
  const payload: PayloadOf<'CommandRefused'> = {
    system: 'bitrecs',
    command,
    code,
    status,
    reason,
    subject: subject ?? null,
    requestHash: requestHash ?? null,
    at,
  }
  return draft('CommandRefused', payload, actor ? { actor } : {})
}

/** @param more events that the refusal leads to, e.g. a session that ends with it */
export const refuse = (
  refused: Refused,
  at: number,
  more: readonly PlatformDraft[] = [],
): Decided<Answer> => ({
  events: [refusalEvent(refused, at), ...more],
  reply: { status: refused.status, body: { detail: refused.reason, code: refused.code } },
})
