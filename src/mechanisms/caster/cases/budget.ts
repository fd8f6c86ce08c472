import { Type } from '@sinclair/typebox'
import { type Case, NonNegative, open, rule, Text } from '../../case-rule'
import { charge, costOf } from '../budget'
import { CASTER_TOP3_POLICY } from '../policy'
import { receiptHash } from '../receipts'

const MICRO = 1_000_000
const toMicro = (usd: number) => BigInt(Math.round(usd * MICRO))
const toUsd = (micro: bigint) => Number(micro) / MICRO

/** Far above any session, and small enough to be exact in micro-USD. */
const Usd = Type.Number({ minimum: 0, maximum: 1_000_000 })

/** A session's calls against its limit (spec caster §3.1): USD in the vectors, micro-USD in the rule. */
export const budget = rule(
  'budget',
  ['sequence'],
  Type.Object(
    {
      sequence: Type.Array(Type.Object({ call: Text, cost: Usd }, open)),
      limit_usd: Type.Optional(Usd),
      llm_costs: Type.Optional(
        Type.Array(
          Type.Object(
            { model: Text, prompt: NonNegative, completion: NonNegative, reasoning: NonNegative },
            open,
          ),
        ),
      ),
      receipt_hashes: Type.Optional(Type.Object({ request: Type.Unknown(), response: Type.Unknown() }, open)),
    },
    open,
  ),
  (entry) => {
    const limitMicroUsd =
      entry.limit_usd === undefined
        ? BigInt(CASTER_TOP3_POLICY.sessionBudgetMicroUsd)
        : toMicro(entry.limit_usd)
    let state = { limitMicroUsd, usedMicroUsd: 0n }
    const sequence = entry.sequence.map(({ call, cost }: Case) => {
      const step = charge(state, toMicro(cost))
      state = step.budget
      return { call, cost, accepted: step.accepted, used_after: toUsd(state.usedMicroUsd) }
    })
    const llm_costs = (entry.llm_costs ?? []).map(({ model, prompt, completion, reasoning }: Case) => {
      const cost = costOf({
        tool: 'llm_chat',
        model,
        inputTokens: prompt,
        outputTokens: completion,
        reasoningTokens: reasoning,
      })
      return { model, prompt, completion, reasoning, usd: cost === undefined ? null : toUsd(cost) }
    })
    const hashes = entry.receipt_hashes
    return {
      sequence,
      llm_costs,
      ...(hashes
        ? {
            receipt_hashes: {
              request_hash: receiptHash(hashes.request),
              response_hash: receiptHash(hashes.response),
            },
          }
        : {}),
    }
  },
)
