import { hash } from 'node:crypto'
import type { Command, Decided } from '../../core/decider'
import { draft, type PlatformDraft } from '../../core/platform-event'
import type { BitrecsState } from '../state'
import type { CheckContext } from './context'
import { nonceKey } from './evolve'
import { type Examined, firstRefusal } from './examine'
import type { Finding, Refusal } from './refusal'
import { submissionMessage, transportMessage } from './request'
import type { SubmissionRules } from './rules'
import { checkSteps, submitSteps } from './steps'
import { encodeVector } from './vector-text'

export interface Reply {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
}

const SUBJECT_MAX_CHARS = 128
const REASON_MAX_CHARS = 500

/** /submit: takes the hotkey and the gist for good, or says why not. */
export const decideSubmit =
  (examined: Examined, rules: SubmissionRules): Command<BitrecsState, Reply> =>
  (state, { timeMs: nowMs }) => {
    const context = { state, nowMs, rules }
    const refusal = firstRefusal(submitSteps, examined, context)
    const nonce = nonceEvents(examined, context)
    if (refusal) return refused(examined, refusal, nowMs, nonce)
    const { found, incoming } = examined
    const agent = agentEvents(examined, nowMs)
    const { content, sha256 } = held(found.gist)
    return {
      events: [...nonce, ...agent],
      blobs: [{ sha256, bytes: Buffer.from(content, 'utf8') }],
      reply: {
        status: 201,
        body: {
          artifact_id: incoming.agentId,
          request_id: incoming.requestId,
          message: 'Artifact submitted successfully',
          similarity_check: found.placed ? 'enabled' : 'disabled',
          similar_results: [],
        },
      },
    }
  }

/** /check: the same without taking anything. */
export const decideCheck =
  (examined: Examined, rules: SubmissionRules): Command<BitrecsState, Reply> =>
  (state, { timeMs: nowMs }) => {
    const refusal = firstRefusal(checkSteps, examined, { state, nowMs, rules })
    if (refusal) return refused(examined, refusal, nowMs, [])
    const { id: gistId, sha256 } = held(examined.found.gist)
    const hotkey = examined.incoming.account!
    return {
      events: [draft('BitrecsSubmissionChecked', { hotkey, gistId, sha256, at: nowMs }, { actor: hotkey })],
      reply: { status: 200, body: { status: 'success', message: 'Agent check successful' } },
    }
  }

function refused(
  { incoming, found }: Examined,
  refusal: Refusal,
  at: number,
  before: readonly PlatformDraft[],
): Decided<Reply> {
  const { code, status, reason, key, extra } = refusal
  const details = extra?.details === undefined ? '' : `: ${String(extra.details)}`
  const actor = found.submissionSigned ? incoming.account : null
  const event = draft(
    'CommandRefused',
    {
      system: 'bitrecs',
      command: incoming.command,
      code,
      status,
      reason: `${reason}${details}`.slice(0, REASON_MAX_CHARS),
      subject: incoming.submission.gist_id.slice(0, SUBJECT_MAX_CHARS),
      requestHash: requestHash(incoming),
      at,
    },
    actor ? { actor } : {},
  )
  return { events: [...before, event], reply: { status, body: { [key]: reason, code, ...extra } } }
}

/** Only a good signature uses a nonce up: otherwise anyone could spoil a miner's request. */
function nonceEvents({ incoming, found }: Examined, { state }: Pick<CheckContext, 'state'>): PlatformDraft[] {
  const { transport, account } = incoming
  if (!found.transportSigned || !transport || !account) return []
  const { nonce, timestamp } = transport
  if (nonce.length === 0 || state.nonces.has(nonceKey(account, nonce))) return []
  const at = incoming.arrivedMs
  return [
    draft(
      'BitrecsNonceUsed',
      { hotkey: account, nonce, timestampS: Number(timestamp), at },
      { actor: account },
    ),
  ]
}

function agentEvents({ incoming, found }: Examined, submittedAt: number): PlatformDraft[] {
  const { agentId, requestId } = incoming
  const hotkey = incoming.account!
  const gist = held(found.gist)
  const artifact = held(found.artifact)
  const { reveal, proof } = held(found.commitment)
  const submitted = draft(
    'BitrecsAgentSubmitted',
    {
      agentId,
      requestId,
      hotkey,
      uid: found.registration!.uid,
      name: artifact.name,
      provider: artifact.provider,
      model: artifact.model,
      temperature: artifact.sampling_params.temperature,
      gist: {
        id: gist.id,
        account: gist.account,
        createdAt: gist.createdAt,
        commitSha: gist.commitSha,
        sha256: gist.sha256,
        bytes: Buffer.byteLength(gist.content, 'utf8'),
      },
      textSha256: found.textSha256!,
      commitment: {
        text: reveal.text!,
        revealHeight: reveal.height,
        commitHeight: reveal.commitHeight,
        seq: reveal.seq,
        proof,
      },
      submittedAt,
    },
    { actor: hotkey },
  )
  const { placed } = found
  if (!placed) return [submitted]
  const { model, vector } = placed
  const place = { agentId, model, dimensions: vector.length, vector: encodeVector(vector) }
  return [submitted, draft('BitrecsAgentEmbedded', place, { actor: hotkey })]
}

/** Of a finding that every check has passed. */
function held<T>(finding: Finding<T> | undefined): T {
  if (!finding?.ok) throw new Error('a submission was accepted without a finding it needs')
  return finding.value
}

/** Over what was signed: who replays a request gives the same. */
function requestHash({ submission, transport }: Examined['incoming']): string {
  const signed = transport ? transportMessage(submission, transport, '') : submissionMessage(submission)
  return hash('sha256', signed, 'hex')
}
