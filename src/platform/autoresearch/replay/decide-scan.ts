import { createHash } from 'node:crypto'
import type { Hex } from '../../../log/envelope'
import type { Command } from '../../core/decider'
import { draft, type PlatformDraft } from '../../core/platform-event'
import { type Answer, refuse } from '../answer'
import { type Gates, replayFault, validatorFault } from '../auth/gates'
import type { Signer } from '../auth/signer'
import { isCommitteeFull } from '../results/committee'
import type { AutoresearchState, Submission } from '../state'

/** Jobs of one answer; the rest with the next. */
export const SCAN_MAX_JOBS = 20
/** Replays that one validator may try of a submission while they end in errors. */
const ATTEMPTS_MAX = 3

const UUID_CUTS = [8, 12, 16, 20, 32] as const

/** The same job for the same attempt, whoever computes it. */
export function jobIdOf(netuid: number, submissionId: string, validator: Hex, attempt: number): string {
  const digits = createHash('sha256')
    .update(`${netuid}/${submissionId}/${validator}/${attempt}`)
    .digest('hex')
  return UUID_CUTS.map((end, i) => digits.slice(i === 0 ? 0 : UUID_CUTS[i - 1], end)).join('-')
}

/** Jobs that were offered stay on the list until the submission is out. */
const isReplayed = ({ status }: Submission) => status === 'pending_verification' || status === 'accepted'

export interface Scan {
  readonly answer: Answer
  /** Ids of the jobs that the validator has to do; empty when it was refused. */
  readonly jobIds: readonly string[]
}

/** POST /validator/submissions/scan and /validator/jobs/claim: open jobs first, then new ones, oldest submission first. */
export const scanJobs =
  (signer: Signer, taskId: string | null, most: number, gates: Gates): Command<AutoresearchState, Scan> =>
  (state, { timeMs: at }) => {
    const { account, hotkey, requestHash } = signer
    const fault = replayFault(state, signer) ?? validatorFault(gates, hotkey)
    if (fault) {
      const refusal = { command: 'scan', subject: taskId, actor: account, requestHash, ...fault }
      const { events, reply } = refuse(refusal, at)
      return { events, reply: { answer: reply, jobIds: [] } }
    }
    const isWanted = (submission: Submission) => taskId === null || submission.taskId === taskId
    const jobIds: string[] = []
    for (const jobId of state.openJobs.get(account) ?? []) {
      if (jobIds.length >= most) break
      const submission = state.submissions.get(state.jobs.get(jobId)!.submissionId)!
      if (isWanted(submission) && isReplayed(submission)) jobIds.push(jobId)
    }
    const events: PlatformDraft[] = []
    for (const submissionId of state.replayable) {
      if (jobIds.length >= most) break
      const submission = state.submissions.get(submissionId)!
      const attempt = isWanted(submission) ? nextAttempt(state, submission, account) : undefined
      if (attempt === undefined) continue
      const jobId = jobIdOf(state.netuid, submissionId, account, attempt)
      jobIds.push(jobId)
      const { specHash } = submission
      const payload = { jobId, submissionId, validator: account, attempt, specHash, at }
      events.push(draft('JobOffered', payload, { actor: account }))
    }
    return { events, reply: { answer: { status: 200, body: {} }, jobIds } }
  }

/** Number of the attempt that a validator may begin now; undefined: none. */
export function nextAttempt(
  state: AutoresearchState,
  submission: Submission,
  validator: Hex,
): number | undefined {
  if (state.tasks.get(submission.taskId)?.state === 'paused') return undefined
  const jobs = submission.jobs.map((id) => state.jobs.get(id)!)
  const own = jobs.filter((job) => job.validator === validator)
  if (own.some((job) => job.result?.status !== 'error')) return undefined
  if (submission.status === 'accepted' && isCommitteeFull(submission.results)) return undefined
  return own.length < ATTEMPTS_MAX ? own.length + 1 : undefined
}
