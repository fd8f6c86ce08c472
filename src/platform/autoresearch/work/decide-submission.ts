import type { Blob } from '../../core/blobs'
import type { Command } from '../../core/decider'
import { draft, type PlatformDraft } from '../../core/platform-event'
import { type Answer, done, type Refusal, refuse } from '../answer'
import { type Gates, minerFault, replayFault } from '../auth/gates'
import type { IdeaSubmission } from '../rule-values'
import type { AutoresearchRules } from '../rules'
import type { Artifact, AutoresearchState, Claim, Content, Task } from '../state'
import { rfc3339 } from '../tasks/show-task'
import { replaySpec } from '../tasks/task-rules'
import { CLAIM_REFUSALS, type Miner, taskFaultNow } from './decide-claim'

export interface SubmissionInput extends Miner {
  readonly submissionId: string
  readonly claimId: string
  readonly baseRef: string
  readonly patch: string
  readonly patchContent: Content | null
  readonly artifact: Artifact | null
  readonly executionLog: Content | null
  readonly summary: string
  readonly claimedMetrics: Readonly<Record<string, number>>
  readonly idea: string | null
  readonly parent: string | null
  /** Private environment of the task as it was read before the command, with its hash. */
  readonly env: { readonly sha256: string; readonly values: Readonly<Record<string, string>> }
  readonly blobs: readonly Blob[]
}

type Fault = Pick<Refusal, 'status' | 'code' | 'reason' | 'facts'>
const COMMIT = /^[0-9a-f]{40}$/

/** POST /submissions: consumes the claim, freezes the specification, links the idea. */
export const submit =
  (input: SubmissionInput, rules: AutoresearchRules, gates: Gates): Command<AutoresearchState, Answer> =>
  (state, { timeMs: at }) => {
    const { signer, submissionId, claimId } = input
    const { account, requestHash } = signer
    const no = (fault: Fault) =>
      refuse({ command: 'submit', subject: claimId, actor: account, requestHash, ...fault }, at)
    const fault = replayFault(state, signer) ?? minerFault(state, gates, signer, input.isRegistered)
    if (fault) return no(fault)
    const claim = state.claims.get(claimId)
    if (!claim) return no({ status: 404, code: 'claim_not_found', reason: 'There is no such claim' })
    const after = rules.actOnClaim(claim, 'submit', signer.hotkey, at)
    if (typeof after === 'string') return no(CLAIM_REFUSALS[after]!)
    const task = state.tasks.get(claim.taskId)
    const wrong =
      taskFaultNow(task) ?? contentFault(input, task!, rules) ?? ideasFault(state, input, task!, rules)
    if (wrong) return no(wrong)
    const baseCommit = COMMIT.test(input.baseRef) ? input.baseRef : null
    const spec = replaySpec(task!.record, input.baseRef, baseCommit, input.env.values)
    const { specHash } = rules.freezeSpec(spec)
    const { validator_benchmark_env: _private, ...shown } = spec
    const events = [
      ...received(input, claim, baseCommit, at),
      draft('ReplaySpecFrozen', { submissionId, spec: shown, env: task!.env, specHash, at }),
      ...linked(state, input, at),
    ]
    const body = { ...answerOf(input, claim, baseCommit, at), replay_spec_hash: specHash }
    return done(body, events, { status: 201, blobs: input.blobs })
  }

function contentFault(input: SubmissionInput, task: Task, rules: AutoresearchRules): Fault | undefined {
  const { record, env } = task
  const invalid = (code: string, reason: string, facts?: Fault['facts']): Fault => ({
    status: 422,
    code,
    reason,
    ...(facts && { facts }),
  })
  if (input.env.sha256 !== env.sha256)
    return { status: 409, code: 'task_changed', reason: 'The task was edited just now: submit again' }
  if (input.patch === '' && input.artifact === null)
    return invalid('empty_submission', 'A submission has a patch, an artifact, or both')
  if (record.requires_artifact && input.artifact === null)
    return invalid('artifact_required', 'This task wants an artifact')
  if (!Number.isFinite(input.claimedMetrics[record.metric_name]))
    return invalid('claimed_metric_missing', `claimed_metrics has no ${record.metric_name}`)
  if (input.patch === '') return undefined
  const verdict = rules.checkPatch(input.patch, record.allowed_patch_paths, record.max_patch_bytes)
  if (verdict.rejection === undefined) return undefined
  return invalid(verdict.rejection, 'The patch leaves its allowed surface', {
    offending: verdict.offending,
    allowed_patch_paths: record.allowed_patch_paths,
    max_patch_bytes: record.max_patch_bytes,
  })
}

/** Submissions of a task as far as ideas go, in order of arrival. */
export function ideasOf(state: AutoresearchState, taskId: string): IdeaSubmission[] {
  return (state.byTask.get(taskId) ?? []).map((id) => {
    const { hotkey, status, idea, parent } = state.submissions.get(id)!
    return {
      submissionId: id,
      hotkey,
      isAccepted: status === 'accepted',
      ...(idea !== null && { proposedIdea: idea }),
      ...(parent !== null && { implementedSubmissionId: parent }),
    }
  })
}

function ideasFault(
  state: AutoresearchState,
  { submissionId, idea, parent, signer }: SubmissionInput,
  { taskId, record }: Task,
  rules: AutoresearchRules,
): Fault | undefined {
  if (record.competition_mode !== 'centerless') {
    if (parent === null || state.submissions.get(parent)?.taskId === taskId) return undefined
    return {
      status: 422,
      code: 'implemented_submission_unknown',
      reason: 'No submission of this task is named',
    }
  }
  const candidate: IdeaSubmission = {
    submissionId,
    hotkey: signer.hotkey,
    isAccepted: false,
    ...(idea !== null && { proposedIdea: idea }),
    ...(parent !== null && { implementedSubmissionId: parent }),
  }
  const code = rules.ideaFault(candidate, ideasOf(state, taskId))
  return code === undefined
    ? undefined
    : { status: 422, code, reason: 'The idea fields of a centerless task are not right' }
}

function received(
  input: SubmissionInput,
  claim: Claim,
  baseCommit: string | null,
  at: number,
): PlatformDraft[] {
  const { submissionId, claimId, signer } = input
  const { taskId } = claim
  const hotkey = signer.account
  return [
    draft(
      'SubmissionReceived',
      {
        submissionId,
        claimId,
        taskId,
        hotkey,
        baseRef: input.baseRef,
        baseCommit,
        patch: input.patchContent,
        artifact: input.artifact,
        executionLog: input.executionLog,
        summary: input.summary,
        claimedMetrics: { ...input.claimedMetrics },
        idea: input.idea,
        parent: input.parent,
        requestHash: signer.requestHash,
        at,
      },
      { actor: hotkey },
    ),
    draft('ClaimConsumed', { claimId, taskId, hotkey, submissionId, at }),
  ]
}

function linked(
  state: AutoresearchState,
  { submissionId, parent, signer }: SubmissionInput,
  at: number,
): PlatformDraft[] {
  const idea = parent === null ? undefined : state.submissions.get(parent)
  if (!idea) return []
  const payload = { submissionId, implementsSubmissionId: parent!, hotkey: signer.account }
  return [draft('IdeaLinked', { ...payload, ideaHotkey: idea.account, at })]
}

const answerOf = (input: SubmissionInput, { taskId }: Claim, baseCommit: string | null, at: number) => ({
  id: input.submissionId,
  claim_id: input.claimId,
  task_id: taskId,
  miner_hotkey: input.signer.hotkey,
  base_ref: input.baseRef,
  base_commit_sha: baseCommit,
  status: 'pending_verification',
  created_at: rfc3339(at),
})
