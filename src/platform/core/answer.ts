import type { Hex } from '../../log/envelope'
import type { Blob } from './blobs'
import type { Decided } from './decider'
import { draft, type PlatformDraft } from './platform-event'

export interface Answer {
  readonly status: number
  readonly body: unknown
}

/** Why a command changed nothing: `detail` is the stable code that clients look at. */
export interface Refusal {
  readonly command: string
  readonly status: number
  readonly code: string
  readonly reason: string
  readonly subject?: string | null
  readonly actor?: Hex | null
  readonly requestHash?: string | null
  /** Numbers and names that the sender needs to put it right. */
  readonly facts?: Readonly<Record<string, unknown>>
}

export const refusalBody = ({ code, reason, facts }: Pick<Refusal, 'code' | 'reason' | 'facts'>) => ({
  detail: code,
  message: reason,
  ...(facts && { facts }),
})

export type Refuse = (refusal: Refusal, at: number) => Decided<Answer>

/** A refusal is an event too, so that its reason stays readable. */
export const refusalsOf =
  (system: string): Refuse =>
  (refusal, at) => {
    const { command, status, code, reason, subject = null, actor, requestHash = null } = refusal
    const event = draft(
      'CommandRefused',
      { system, command, code, status, reason, subject, requestHash, at },
      actor ? { actor } : {},
    )
    return { events: [event], reply: { status, body: refusalBody(refusal) } }
  }

export const done = (
  body: unknown,
  events: readonly PlatformDraft[] = [],
  { status = 200, blobs = [] as readonly Blob[] } = {},
): Decided<Answer> => ({ events, blobs, reply: { status, body } })
