import { Type } from '@sinclair/typebox'
import { closed, NonNegative, open, rule, Text } from '../../case-rule'
import { CASTER_TOP3_POLICY } from '../policy'
import { isWindowOpen, weightCall } from '../submit-weights'

/** Shares by uid as the call that submits them (spec caster §10). */
export const weights = rule(
  'weights',
  ['input'],
  Type.Object({ input: Type.Record(Text, Type.Number(), closed) }, open),
  ({ input }) => {
    const call = weightCall(
      new Map(Object.entries(input).map(([uid, weight]) => [Number(uid), weight as number])),
    )
    if (typeof call === 'string') return { result: `error: ${call}` }
    return {
      uids: call.uids,
      weights: call.weights,
      u16: Object.fromEntries(call.u16.uids.map((uid, index) => [uid, call.u16.values[index]!])),
    }
  },
)

/** Whether enough blocks have passed to submit again (spec caster §10). */
export const windowRule = rule(
  'window',
  ['last_update', 'block'],
  Type.Object({ last_update: Type.Union([NonNegative, Type.Null()]), block: NonNegative }, open),
  ({ last_update, block }) => ({ open: isWindowOpen(last_update, block, CASTER_TOP3_POLICY.windowBlocks) }),
)
