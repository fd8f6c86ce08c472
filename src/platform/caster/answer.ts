import type { Hex } from '../../log/envelope'
import type { Blob } from '../core/blobs'
import type { Command, Decided } from '../core/decider'
import { draft, type PlatformDraft } from '../core/platform-event'

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

/** A refusal is an event too, so that its reason stays readable. */
export function refuse(refusal: Refusal, at: number): Decided<Answer> {
  const { command, status, code, reason, subject = null, actor, requestHash = null } = refusal
  const event = draft(
    'CommandRefused',
    { system: 'caster', command, code, status, reason, subject, requestHash, at },
    actor ? { actor } : {},
  )
  return { events: [event], reply: { status, body: refusalBody(refusal) } }
}

export const done = (
  body: unknown,
  events: readonly PlatformDraft[] = [],
  { status = 200, blobs = [] as readonly Blob[] } = {},
): Decided<Answer> => ({ events, blobs, reply: { status, body } })

/** A command that is refused for what it says alone, whatever the state is. */
export const refusing =
  <State>(refusal: Refusal): Command<State, Answer> =>
  (_, { timeMs }) =>
    refuse(refusal, timeMs)
