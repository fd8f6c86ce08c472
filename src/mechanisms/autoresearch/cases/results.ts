import { Type } from '@sinclair/typebox'
import { type Case, type CaseRule, NonNegative, open, rule, Text } from '../../case-rule'
import { compareResults } from '../best-result'
import { metricFromOutput, metricFromResult, validatorRejection } from '../metric-extraction'
import { addPeer, NO_PEERS, type PeerEvaluation, type PeerTally } from '../peer-consensus'
import { SN94_POLICY } from '../policy'
import { metricNameOf, textOf } from './context'

/** Whether a result replaces the best one (spec autoresearch §8). */
export const best = rule(
  'best result',
  ['incumbent_ppl', 'candidate_ppl'],
  Type.Object(
    {
      incumbent_ppl: Type.Number(),
      candidate_ppl: Type.Number(),
      incumbent_bytes: Type.Optional(NonNegative),
      candidate_bytes: Type.Optional(NonNegative),
    },
    open,
  ),
  (entry) => {
    const result = (side: 'incumbent' | 'candidate') => ({
      submissionId: side,
      hotkey: side,
      metric: entry[`${side}_ppl`],
      ...(entry[`${side}_bytes`] === undefined ? {} : { artifact_bytes: entry[`${side}_bytes`] }),
    })
    const { wins, cause, delta } = compareResults(
      result('incumbent'),
      result('candidate'),
      'minimize',
      SN94_POLICY.comparator,
    )
    const why = cause === 'quality' ? 'quality' : 'smaller artifact inside band'
    return { delta_nats: Number(delta!.toFixed(9)), decision: wins ? `new best (${why})` : 'keep incumbent' }
  },
)

/** Evaluations of peers until enough of them agree (spec autoresearch §8). */
export const peers = rule(
  'peer consensus',
  ['min', 'sequence'],
  Type.Object(
    {
      min: Type.Integer({ minimum: 1 }),
      sequence: Type.Array(Type.Object({ e: Text, s: Text, m: Type.Optional(Type.Number()) }, open)),
    },
    open,
  ),
  (entry) => {
    let tally: PeerTally = NO_PEERS
    const sequence = entry.sequence.map((step: Case) => {
      const evaluation = {
        evaluator: step.e,
        status: step.s,
        ...(step.m === undefined ? {} : { metric: step.m }),
      } as PeerEvaluation
      const next = addPeer(tally, evaluation, '', entry.min)
      const own = { e: step.e, s: step.s, ...(step.m === undefined ? {} : { m: step.m }) }
      if (next === 'already_final') return { ...own, effect: 'ignored, already final' }
      if (typeof next === 'string') return { ...own, effect: `refused, ${next}` }
      tally = next
      return { ...own, accepted: tally.accepted, rejected: tally.rejected, final: tally.final }
    })
    return { sequence, result: tally.final ?? { status: 'pending_verification' } }
  },
)

/** The metric as a run states it (spec autoresearch §2.1). */
export const metric: CaseRule = {
  ...rule('metric extraction', [], Type.Object({}, open), (entry) => {
    const output = textOf(entry.stdout)
    const name = metricNameOf(entry)!
    if (validatorRejection(output) !== null) return { value: null, outcome: 'rejected, not error' }
    const value =
      entry.result_json === undefined
        ? metricFromOutput(output, name)
        : metricFromResult(entry.result_json, name)
    return value === null ? { value, outcome: 'error: metric missing' } : { value }
  }),
  tells: (entry) => 'result_json' in entry || 'stdout' in entry,
  fault: (entry) =>
    metricNameOf(entry) === undefined ? '/metric_name: the name of the metric is missing' : undefined,
}
