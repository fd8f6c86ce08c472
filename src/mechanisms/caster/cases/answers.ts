import { Type } from '@sinclair/typebox'
import { closed, open, rule, Text } from '../../case-rule'
import { grade } from '../grading'
import { hydrate } from '../receipts'
import { verdictSetFault } from '../task-contract'

/** The score of one answer (spec caster §4). */
export const grading = rule(
  'grading',
  ['miner_verdict', 'reference_verdict'],
  Type.Object(
    {
      miner_verdict: Type.Integer(),
      reference_verdict: Type.Integer(),
      support_ok: Type.Union([Type.Boolean(), Type.Null()]),
    },
    open,
  ),
  ({ miner_verdict, reference_verdict, support_ok }) => {
    // The vectors mark a failed run by an unknown support; its placeholder verdict is not an answer.
    const answer =
      support_ok === null
        ? ({ status: 'failed', errorCode: 'execution failed' } as const)
        : ({ status: 'answered', verdict: miner_verdict } as const)
    const { verdictScore, supportScore, total, isGraderCalled } = grade(answer, reference_verdict, support_ok)
    return { verdict_score: verdictScore, support_score: supportScore, total, grader_called: isGraderCalled }
  },
)

/** Which values a task may offer as verdicts (spec caster §2.1). */
export const verdictSet = rule(
  'verdict set',
  ['values'],
  Type.Object({ values: Type.Array(Type.Number()) }, open),
  ({ values }) => {
    const fault = verdictSetFault(values)
    return fault === undefined ? { valid: true } : { valid: false, why: fault }
  },
)

/** Citations turned into the results that the receipts of a session hold (spec caster §3). */
export const citations = rule(
  'citations',
  ['receipts', 'citations'],
  Type.Object(
    {
      receipts: Type.Record(
        Text,
        Type.Object(
          {
            session: Text,
            tool: Text,
            policy: Text,
            results: Type.Record(Text, Type.Object({}, open), closed),
          },
          open,
        ),
        closed,
      ),
      citations: Type.Array(Type.Object({ receipt_id: Text, result_id: Text }, open)),
      session: Type.Optional(Text),
    },
    open,
  ),
  (entry) => ({
    ...hydrate(
      entry.citations,
      entry.session ?? /session (\S+)/.exec(typeof entry.topic === 'string' ? entry.topic : '')?.[1] ?? 'S1',
      entry.receipts,
    ),
  }),
)
