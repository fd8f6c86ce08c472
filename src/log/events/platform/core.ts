import { Type } from '@sinclair/typebox'
import { event, Height, Nullable } from '../define'

/** Milliseconds since the Unix epoch, by the platform's own clock: asserted, not derived. */
export const TimeMs = Type.Integer({ minimum: 0, description: 'ms since the Unix epoch' })

/** Events that every subnet system has. */
export const coreEvents = {
  /** Constants and choices of a mechanism, as data; they hold from a block on and never change what was decided before. */
  PolicySet: event(1, {
    system: Type.String(),
    policyId: Type.String(),
    effectiveFromBlock: Height,
    policy: Type.Unknown({ description: 'whole policy, as the mechanism reads it' }),
    /** default: written when the system first starts. */
    origin: Type.Union([Type.Literal('default'), Type.Literal('operator')]),
    at: TimeMs,
  }),
  /** An operator wants a decision now, not at the end of the epoch. */
  DecisionRequested: event(1, { reason: Type.String(), at: TimeMs }),
  /** A command that was understood and refused: nothing changed, and the reason stays readable. */
  CommandRefused: event(1, {
    system: Type.String(),
    command: Type.String({ description: 'name of the command, e.g. submit' }),
    code: Type.String({ description: 'stable reason code' }),
    status: Type.Integer({ description: 'HTTP status answered' }),
    reason: Type.String(),
    /** What it was about: an agent, task, batch …; null when nothing was named. */
    subject: Nullable(Type.String()),
    /** SHA-256 over the request's signed bytes or body; null when there were none. */
    requestHash: Nullable(Type.String({ pattern: '^[0-9a-f]{64}$' })),
    at: TimeMs,
  }),
}
