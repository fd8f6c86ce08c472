import { Type } from '@sinclair/typebox'
import { open, rule, Text } from '../../case-rule'
import { sha256Hex } from '../../sha256-hex'
import { functioning } from '../functioning'
import { CASTER_TOP3_POLICY } from '../policy'
import { signingMessage } from '../signing'

/** The text that a hotkey signs for a request (spec caster §11). */
export const signing = rule(
  'signing message',
  ['method', 'path_qs', 'body'],
  Type.Object({ method: Text, path_qs: Text, body: Text }, open),
  ({ method, path_qs, body }) => {
    const message = signingMessage({ method, pathQs: path_qs, body })
    return { body_sha256: sha256Hex(body), message, message_sha256: sha256Hex(message) }
  },
)

/** Whether a validator may read the weights (spec caster §9). */
export const functioningRule = rule(
  'functioning',
  ['registered_at', 'asked_at'],
  Type.Object(
    { registered_at: Text, asked_at: Text, last_success_at: Type.Union([Text, Type.Null()]) },
    open,
  ),
  ({ registered_at, last_success_at, asked_at }) => {
    const clock = {
      firstRegisteredAtMs: Date.parse(registered_at),
      lastSuccessAtMs: last_success_at === null ? null : Date.parse(last_success_at),
    }
    const state = functioning(clock, Date.parse(asked_at), CASTER_TOP3_POLICY)
    return {
      functioning: state.functioning,
      weights_status: state.functioning ? 200 : 403,
      reason: state.reason,
      hours_left: state.hoursLeft,
    }
  },
)
