import type { Command } from '../../core/decider'
import { draft } from '../../core/platform-event'
import { type Answer, done, type Refusal, refuse } from '../answer'
import { type Gates, minerFault, replayFault } from '../auth/gates'
import type { PeerTally } from '../rule-values'
import type { AutoresearchRules } from '../rules'
import type { AutoresearchState, Submission } from '../state'
import type { TaskRecord } from '../tasks/task-record'
import type { Miner } from '../work/decide-claim'
import { accept, type Occasion, refuseIt, type Verdict } from './verdict'

export interface PeerInput extends Miner {
  readonly evaluationId: string
  readonly submissionId: string
  readonly status: 'accepted' | 'rejected' | 'error'
  readonly observedMetrics: Readonly<Record<string, number>>
  readonly notes: string
}

type Fault = Pick<Refusal, 'status' | 'code' | 'reason' | 'facts'>

const PEER_REFUSALS: Readonly<Record<string, Fault>> = {
  own_submission: { status: 403, code: 'own_submission', reason: 'Nobody evaluates their own submission' },
  already_evaluated: {
    status: 409,
    code: 'already_evaluated',
    reason: 'This hotkey has evaluated it already',
  },
  already_final: { status: 409, code: 'already_final', reason: 'The peers have decided' },
  metric_missing: {
    status: 422,
    code: 'metric_missing',
    reason: 'observed_metrics has no metric of the task',
  },
}

/** POST /submissions/{id}/peer-evaluate: the quorum decides, once (spec autoresearch §8). */
export const evaluatePeer =
  (input: PeerInput, rules: AutoresearchRules, gates: Gates): Command<AutoresearchState, Answer> =>
  (state, { timeMs: at, height }) => {
    const { signer, submissionId, status, observedMetrics, notes, evaluationId } = input
    const { account, hotkey, requestHash } = signer
    const no = (fault: Fault) =>
      refuse({ command: 'peer-evaluate', subject: submissionId, actor: account, requestHash, ...fault }, at)
    const fault = replayFault(state, signer) ?? minerFault(state, gates, signer, input.isRegistered)
    if (fault) return no(fault)
    const submission = state.submissions.get(submissionId)
    if (!submission)
      return no({ status: 404, code: 'submission_not_found', reason: 'There is no such submission' })
    const { record } = state.tasks.get(submission.taskId)!
    if (record.competition_mode !== 'peer_evaluation')
      return no({ status: 409, code: 'not_peer_evaluation', reason: 'Validators decide about this task' })
    if (submission.status !== 'pending_verification') return no(PEER_REFUSALS.already_final!)
    const value = observedMetrics[record.metric_name]
    const metric = status === 'accepted' && Number.isFinite(value) ? value! : null
    const vote = { evaluator: hotkey, status, ...(metric !== null && { metric }) }
    const quorum = record.min_peer_evaluations
    const tally = rules.addPeer(submission.peers, vote, submission.hotkey, quorum)
    const missing = status === 'accepted' ? missingMetric(record, observedMetrics) : undefined
    if (typeof tally === 'string' && tally !== 'metric_missing') return no(PEER_REFUSALS[tally]!)
    if (missing || typeof tally === 'string')
      return no({ ...PEER_REFUSALS.metric_missing!, facts: { metric: missing ?? record.metric_name } })
    const posted = draft(
      'PeerEvaluationPosted',
      {
        evaluationId,
        submissionId,
        evaluator: account,
        status,
        metric,
        observedMetrics: { ...observedMetrics },
        notes,
        requestHash,
        at,
      },
      { actor: account },
    )
    const accepting = state.votes.filter(
      (given) => given.submissionId === submissionId && given.status === 'accepted',
    )
    const observed = rules.medianMetrics([
      ...accepting.map((given) => given.observedMetrics),
      ...(status === 'accepted' ? [observedMetrics] : []),
    ])
    const verdict = consensus({ state, rules, height, at }, submission, tally, { quorum, observed })
    const body = { id: evaluationId, submission_id: submissionId, status, submission_status: verdict.status }
    return done(body, [posted, ...verdict.events], { status: 201 })
  }

/** The first metric that the task needs and a peer does not state. */
function missingMetric(
  { metric_name: name, ranking_mode: mode, secondary_metric_name: second }: TaskRecord,
  observed: Readonly<Record<string, number>>,
): string | undefined {
  const needed = mode === 'pareto' && second !== null ? [name, second] : [name]
  return needed.find((metric) => !Number.isFinite(observed[metric]))
}

/** @param found the quorum, and the medians of what the accepting peers observed: Pareto tasks take the second metric of them */
function consensus(
  occasion: Occasion,
  submission: Submission,
  { final, accepted, rejected, evaluators }: PeerTally,
  found: { readonly quorum: number; readonly observed: Readonly<Record<string, number>> },
): Verdict {
  if (!final) return { status: 'pending_verification', events: [] }
  const { submissionId } = submission
  const median = final.status === 'accepted' ? final.metric : null
  const payload = { submissionId, accepted, rejected, median, threshold: found.quorum, at: occasion.at }
  const reached = draft('PeerConsensusReached', payload)
  const decidedBy = evaluators.join(',')
  const ruleVersion = 'peer-quorum/1'
  const verdict =
    final.status === 'accepted'
      ? accept(occasion, submission, {
          found: { status: 'accepted', metric: final.metric, decidedBy },
          observed: found.observed,
          ruleVersion,
        })
      : refuseIt(occasion, submission, {
          status: 'rejected',
          reason: `${rejected} of ${found.quorum} peers rejected`,
          decidedBy,
          code: 'peers_rejected',
          ruleVersion,
        })
  return { status: verdict.status, events: [reached, ...verdict.events] }
}
