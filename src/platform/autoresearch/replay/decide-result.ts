import { createHash } from 'node:crypto'
import { canonicalJson } from '../../../log/canonical-json'
import type { Hex } from '../../../log/envelope'
import type { Blob } from '../../core/blobs'
import type { Command, Decided } from '../../core/decider'
import { draft } from '../../core/platform-event'
import { type Answer, done, type Refusal, refuse } from '../answer'
import { type Gates, replayFault, validatorFault } from '../auth/gates'
import type { Signer } from '../auth/signer'
import { verdictEvents } from '../results/verdict'
import type { AutoresearchRules } from '../rules'
import type { AutoresearchState, Content, Job, Submission } from '../state'
import { jobIdOf, nextAttempt } from './decide-scan'
import { artifactState, reasonCodeOf } from './reason-code'

export interface ResultBody {
  readonly submission_id: string
  readonly status: 'accepted' | 'rejected' | 'error'
  readonly observed_metrics: Readonly<Record<string, number>>
  readonly notes: string
  readonly replay_log: string
  readonly reason_code?: string
  /** Hash of the specification that was replayed; compared when given. */
  readonly spec_hash?: string
}

export interface ResultInput {
  readonly signer: Signer
  readonly jobId: string
  readonly body: ResultBody
  readonly log: Content | null
  readonly blobs: readonly Blob[]
}

type Fault = Pick<Refusal, 'status' | 'code' | 'reason' | 'facts'>

export const bodyHashOf = (body: ResultBody): string =>
  createHash('sha256').update(canonicalJson(body), 'utf8').digest('hex')

const answerOf = (job: Pick<Job, 'jobId' | 'submissionId'>, status: string, submissionStatus: string) => ({
  job_id: job.jobId,
  submission_id: job.submissionId,
  status,
  submission_status: submissionStatus,
})

/**
 * POST /validator/jobs/{job_id}/result. The same body again gives the same answer and no event; another body is a conflict that is
 * recorded and overwrites nothing (invariant 3).
 */
export const postResult =
  (input: ResultInput, rules: AutoresearchRules, gates: Gates): Command<AutoresearchState, Answer> =>
  (state, moment) => {
    const { signer, jobId, body } = input
    const { account, requestHash } = signer
    const at = moment.timeMs
    const no = (fault: Fault) =>
      refuse({ command: 'job-result', subject: jobId, actor: account, requestHash, ...fault }, at)
    const fault = replayFault(state, signer) ?? validatorFault(gates, signer.hotkey)
    if (fault) return no(fault)
    const job = state.jobs.get(jobId)
    if (!job) return no({ status: 404, code: 'job_not_found', reason: 'There is no such job' })
    if (job.validator !== account)
      return no({ status: 403, code: 'job_not_owner', reason: 'The job was offered to another validator' })
    const submission = state.submissions.get(job.submissionId)!
    if (job.result) return again(job, job.result.bodySha256, input, at)
    const wrong = bodyFault(body, submission)
    return wrong ? no(wrong) : take(state, moment, { job, submission, input }, rules)
  }

function again(job: Job, keptSha256: string, input: ResultInput, at: number): Decided<Answer> {
  const refusedSha256 = bodyHashOf(input.body)
  const result = job.result!
  if (refusedSha256 === keptSha256) return done(answerOf(job, result.status, result.submissionStatus))
  const { jobId, submissionId } = job
  const { account: validator, requestHash } = input.signer
  const payload = { jobId, submissionId, validator, keptSha256, refusedSha256, requestHash, at }
  const body = {
    detail: 'job_result_conflict',
    message: 'This job has a result already, and it differs',
    facts: { kept_sha256: keptSha256, refused_sha256: refusedSha256 },
  }
  return done(body, [draft('JobResultConflict', payload, { actor: validator })], { status: 409 })
}

function bodyFault(body: ResultBody, { submissionId, spec, specHash }: Submission): Fault | undefined {
  const invalid = (status: number, code: string, reason: string): Fault => ({ status, code, reason })
  if (body.submission_id !== submissionId)
    return invalid(422, 'submission_mismatch', 'The job is about another submission')
  if (body.spec_hash !== undefined && body.spec_hash !== specHash)
    return invalid(409, 'spec_hash_mismatch', 'What was replayed is not the frozen specification')
  if (body.status !== 'accepted') return undefined
  const needed = [spec.metric_name, spec.ranking_mode === 'pareto' ? spec.secondary_metric_name : null]
  const missing = needed.find(
    (name) => name !== null && !Number.isFinite(body.observed_metrics[String(name)]),
  )
  return missing === undefined
    ? undefined
    : { ...invalid(422, 'metric_missing', `observed_metrics has no ${missing}`), facts: { metric: missing } }
}

interface Taken {
  readonly job: Pick<Job, 'jobId' | 'submissionId' | 'offeredAtMs'>
  readonly submission: Submission
  readonly input: ResultInput
}

function take(
  state: AutoresearchState,
  { timeMs: at, height }: { readonly timeMs: number; readonly height: number },
  { job, submission, input }: Taken,
  rules: AutoresearchRules,
): Decided<Answer> {
  const { body, signer, log, blobs } = input
  const { status } = body
  const reasonCode = reasonCodeOf(body)
  const metric = body.observed_metrics[String(submission.spec.metric_name)]
  const reason = reasonCode ?? body.notes
  const results = [
    ...submission.results,
    {
      jobId: job.jobId,
      validator: signer.hotkey,
      status,
      ...(metric !== undefined && { metric }),
      ...(reason !== '' && { reason }),
    },
  ]
  const verdict = verdictEvents(
    { state, rules, height, at },
    submission,
    { author: submission.hotkey, results, peers: [] },
    (jobId) => (jobId === job.jobId ? body.observed_metrics : state.jobs.get(jobId)?.result?.observedMetrics),
  )
  const event = draft(
    'JobResultPosted',
    {
      jobId: job.jobId,
      submissionId: job.submissionId,
      validator: signer.account,
      status,
      reasonCode,
      observedMetrics: { ...body.observed_metrics },
      notes: body.notes,
      log,
      artifact: submission.artifact ? artifactState(status, reasonCode) : null,
      bodySha256: bodyHashOf(body),
      submissionStatus: verdict.status,
      lagMs: Math.max(0, at - job.offeredAtMs),
      requestHash: signer.requestHash,
      at,
    },
    { actor: signer.account },
  )
  return done(answerOf(job, status, verdict.status), [event, ...verdict.events], { blobs })
}

/** POST /submissions/{id}/verify, the older form: offers the job and takes its result in one step. */
export const legacyVerify =
  (
    submissionId: string,
    input: Omit<ResultInput, 'jobId'>,
    rules: AutoresearchRules,
    { gates, isEnabled }: { readonly gates: Gates; readonly isEnabled: boolean },
  ): Command<AutoresearchState, Answer> =>
  (state, moment) => {
    const { signer, body } = input
    const { account, requestHash } = signer
    const at = moment.timeMs
    const no = (fault: Fault) =>
      refuse({ command: 'verify', subject: submissionId, actor: account, requestHash, ...fault }, at)
    if (!isEnabled)
      return no({ status: 403, code: 'legacy_verify_disabled', reason: 'This form is switched off' })
    const fault = replayFault(state, signer) ?? validatorFault(gates, signer.hotkey)
    if (fault) return no(fault)
    const submission = state.submissions.get(submissionId)
    if (!submission)
      return no({ status: 404, code: 'submission_not_found', reason: 'There is no such submission' })
    if (state.tasks.get(submission.taskId)?.record.competition_mode === 'peer_evaluation')
      return no({ status: 409, code: 'peer_evaluation_task', reason: 'Other miners decide about this task' })
    const wrong = bodyFault(body, submission)
    if (wrong) return no(wrong)
    const attempt = nextAttempt(state, submission, account)
    if (attempt === undefined)
      return no({
        status: 409,
        code: 'already_verified',
        reason: 'This validator has replayed it, or its job is open',
      })
    const jobId = jobIdOf(state.netuid, submissionId, account as Hex, attempt)
    const job = { jobId, submissionId, offeredAtMs: at }
    const offered = draft('JobOffered', {
      jobId,
      submissionId,
      validator: account,
      attempt,
      specHash: submission.specHash,
      at,
    })
    const taken = take(state, moment, { job, submission, input: { ...input, jobId } }, rules)
    return { ...taken, events: [offered, ...taken.events] }
  }
