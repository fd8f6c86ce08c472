import type { PayloadOf } from '../../../log/catalogue'
import type { Hex } from '../../../log/envelope'
import { is, type PlatformEvent } from '../../core/platform-event'
import { addressOf } from '../../core/signatures'
import type { AcceptedResult, PeerTally } from '../rule-values'
import type { AutoresearchState, Standing, Submission } from '../state'
import { isCommitteeFull } from './committee'

const NO_PEERS: PeerTally = { accepted: 0, rejected: 0, metrics: [], evaluators: [], final: null }

/** Submissions, their replays, votes and verdicts. */
export function evolveResults(state: AutoresearchState, event: PlatformEvent): void {
  if (is(event, 'SubmissionReceived')) receive(state, event.payload)
  else if (is(event, 'ReplaySpecFrozen')) {
    const { submissionId, spec, env, specHash } = event.payload
    const submission = state.submissions.get(submissionId)
    if (submission) Object.assign(submission, { spec, env, specHash })
  } else if (is(event, 'JobOffered')) offer(state, event.payload)
  else if (is(event, 'JobResultPosted')) takeResult(state, event.payload)
  else if (is(event, 'JobResultConflict')) {
    const { submissionId, validator, at } = event.payload
    note(state, submissionId, at, 'job_result_conflict', null, addressOf(validator as Hex))
  } else if (is(event, 'PeerEvaluationPosted')) takeVote(state, event.payload)
  else if (is(event, 'SubmissionDecided')) decide(state, event)
  else if (is(event, 'SubmissionReversed')) reverse(state, event.payload)
  else if (is(event, 'BestResultChanged')) changeBest(state, event)
}

function note(
  state: AutoresearchState,
  submissionId: string,
  atMs: number,
  what: string,
  code: string | null = null,
  actor: string | null = null,
): void {
  state.submissions.get(submissionId)?.timeline.push({ atMs, event: what, code, actor })
}

function receive(state: AutoresearchState, payload: PayloadOf<'SubmissionReceived'>): void {
  const { submissionId, taskId, hotkey: account, at } = payload
  const hotkey = addressOf(account as Hex)
  const submission: Submission = {
    submissionId,
    claimId: payload.claimId,
    taskId,
    account: account as Hex,
    hotkey,
    baseRef: payload.baseRef,
    baseCommit: payload.baseCommit,
    patch: payload.patch,
    artifact: payload.artifact,
    executionLog: payload.executionLog,
    summary: payload.summary,
    claimedMetrics: payload.claimedMetrics,
    idea: payload.idea,
    parent: payload.parent,
    createdAtMs: at,
    spec: {},
    env: { names: [], sha256: '' },
    specHash: '',
    status: 'pending_verification',
    metric: null,
    secondary: null,
    reasonCode: null,
    reason: null,
    decidedBy: null,
    decidedAtMs: null,
    acceptedAtHeight: null,
    results: [],
    peers: NO_PEERS,
    jobs: [],
    timeline: [{ atMs: at, event: 'received', code: null, actor: hotkey }],
  }
  state.submissions.set(submissionId, submission)
  const ofTask = state.byTask.get(taskId) ?? []
  ofTask.push(submissionId)
  state.byTask.set(taskId, ofTask)
  const mode = state.tasks.get(taskId)?.record.competition_mode
  if (mode !== 'peer_evaluation') state.replayable.add(submissionId)
}

function offer(state: AutoresearchState, payload: PayloadOf<'JobOffered'>): void {
  const { jobId, submissionId, attempt, at } = payload
  const validator = payload.validator as Hex
  state.jobs.set(jobId, { jobId, submissionId, validator, attempt, offeredAtMs: at, result: null })
  state.submissions.get(submissionId)?.jobs.push(jobId)
  const open = state.openJobs.get(validator) ?? new Set()
  state.openJobs.set(validator, open.add(jobId))
}

function takeResult(state: AutoresearchState, payload: PayloadOf<'JobResultPosted'>): void {
  const { jobId, submissionId, status, reasonCode, observedMetrics, notes, log, bodySha256, lagMs } = payload
  const { submissionStatus, at: atMs } = payload
  const validator = payload.validator as Hex
  const job = state.jobs.get(jobId)
  const submission = state.submissions.get(submissionId)
  if (!job || !submission) return
  job.result = { status, reasonCode, observedMetrics, notes, log, bodySha256, lagMs, submissionStatus, atMs }
  state.openJobs.get(validator)?.delete(jobId)
  const metric = observedMetrics[String(submission.spec.metric_name)]
  const address = addressOf(validator)
  const reason = reasonCode ?? notes
  submission.results.push({
    jobId,
    validator: address,
    status,
    ...(metric !== undefined && { metric }),
    ...(reason !== '' && { reason }),
  })
  if (submission.status === 'accepted' && isCommitteeFull(submission.results))
    state.replayable.delete(submissionId)
  note(state, submissionId, payload.at, `replay_${status}`, reasonCode, address)
}

function takeVote(state: AutoresearchState, payload: PayloadOf<'PeerEvaluationPosted'>): void {
  const { evaluationId, submissionId, status, metric, observedMetrics, notes, at } = payload
  const evaluator = addressOf(payload.evaluator as Hex)
  state.votes.push({
    evaluationId,
    submissionId,
    evaluator,
    status,
    metric,
    observedMetrics,
    notes,
    atMs: at,
  })
  const submission = state.submissions.get(submissionId)
  if (!submission) return
  const { peers } = submission
  submission.peers = {
    ...peers,
    accepted: peers.accepted + (status === 'accepted' ? 1 : 0),
    rejected: peers.rejected + (status === 'rejected' ? 1 : 0),
    metrics: status === 'accepted' ? [...peers.metrics, metric!] : peers.metrics,
    evaluators: [...peers.evaluators, evaluator],
  }
  note(state, submissionId, at, `peer_${status}`, null, evaluator)
}

const ofNumber = <K extends string>(key: K, value: number | null) =>
  (value === null ? {} : { [key]: value }) as { readonly [key in K]?: number }

function decide(state: AutoresearchState, { payload, height }: PlatformEvent<'SubmissionDecided'>): void {
  const { submissionId, status, metric, secondary, reasonCode, reason, decidedBy, at } = payload
  const submission = state.submissions.get(submissionId)
  if (!submission) return
  Object.assign(submission, { status, metric, secondary, reasonCode, reason, decidedBy, decidedAtMs: at })
  if (status !== 'accepted') state.replayable.delete(submissionId)
  note(state, submissionId, at, status, reasonCode, decidedBy)
  if (status !== 'accepted' || metric === null) return
  submission.acceptedAtHeight = height
  const final: PeerTally['final'] = { status, metric }
  if (submission.peers.evaluators.length > 0) submission.peers = { ...submission.peers, final }
  const result: AcceptedResult = {
    submissionId,
    hotkey: submission.hotkey,
    metric,
    ...ofNumber('secondary', secondary),
    ...ofNumber('artifact_bytes', payload.artifactBytes),
    ...ofNumber('runtime_ms', payload.runtimeMs),
    ...ofNumber('memory_bytes', payload.memoryBytes),
  }
  standingOf(state, payload.taskId).results.push(result)
}

export function standingOf(state: AutoresearchState, taskId: string): Standing {
  const known = state.standings.get(taskId)
  if (known) return known
  const standing: Standing = {
    results: [],
    best: undefined,
    previous: null,
    frontier: null,
    ruleVersion: '',
  }
  state.standings.set(taskId, standing)
  return standing
}

function reverse(state: AutoresearchState, payload: PayloadOf<'SubmissionReversed'>): void {
  const { submissionId, taskId, to, reason, actor, at } = payload
  const submission = state.submissions.get(submissionId)
  if (submission) Object.assign(submission, { status: to, reason, reasonCode: 'reversed', decidedBy: actor })
  state.replayable.delete(submissionId)
  const { results } = standingOf(state, taskId)
  const place = results.findIndex((result) => result.submissionId === submissionId)
  if (place >= 0) results.splice(place, 1)
  note(state, submissionId, at, 'reversed', to, actor)
}

function changeBest(state: AutoresearchState, { payload }: PlatformEvent<'BestResultChanged'>): void {
  const { taskId, best, previous, frontier, ruleVersion } = payload
  const standing = standingOf(state, taskId)
  const found = standing.results.find((result) => result.submissionId === best)
  if (found?.submissionId !== standing.best?.submissionId) {
    Object.assign(standing, { best: found, previous, ruleVersion })
  }
  standing.frontier = frontier
}
