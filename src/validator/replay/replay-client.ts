import { setTimeout as sleep } from 'node:timers/promises'
import { LedgerError } from '../../errors/ledger-error'
import { canonicalBody, signingMessage } from '../../mechanisms/autoresearch/signing'
import type { Json } from '../../mechanisms/canonical-json'
import type { ReplayJob, ReplayResult } from './replay-job'

const REQUEST_TIMEOUT_MS = 30_000
const POST_ATTEMPTS = 5
/** Longer than a second: the same request signed in the same second is a replay. */
const RETRY_PAUSE_MS = 1_500
/** Of a log that is sent again (spec autoresearch §7). */
const SHORT_LOG_CHARS = 8_192
const MS_PER_SECOND = 1_000
const TOO_MANY_REQUESTS = 429

export interface ReplaySigner {
  /** SS58, prefix 42. */
  readonly address: string
  /** sr25519, hex without 0x. */
  readonly sign: (text: string) => string
}

/** How a result was taken: now, or found posted by an earlier try whose answer was lost. */
export type Posted = 'posted' | 'posted_before' | 'conflict'

/** A validator's side of the autoresearch coordinator. */
export class ReplayClient {
  constructor(
    private readonly baseUrl: string,
    private readonly signer: ReplaySigner,
    private readonly clock: () => number = Date.now,
  ) {}

  /** @throws LedgerError SL-PLATFORM-REFUSES when the platform does not take this validator */
  async scan(): Promise<readonly ReplayJob[]> {
    const { status, body } = await this.signed('/api/v1/validator/submissions/scan', {})
    if (status !== 200) throw refused('scan', status, body)
    return (body as { jobs: ReplayJob[] }).jobs
  }

  /** Posts a result; after a lost answer it first looks whether the result is there, then sends it with a short log. */
  async post(jobId: string, result: ReplayResult): Promise<Posted> {
    let sent = result
    for (let attempt = 1; ; attempt++) {
      const answer = await this.signed(
        `/api/v1/validator/jobs/${jobId}/result`,
        sent as unknown as Json,
      ).catch((error: Error) => ({ status: 0, body: error.message as unknown }))
      if (answer.status === 200) return 'posted'
      if (answer.status === 409 && /job_result_conflict/.test(JSON.stringify(answer.body))) return 'conflict'
      const mayHelp = answer.status === 0 || answer.status >= 500 || answer.status === TOO_MANY_REQUESTS
      if (!mayHelp || attempt === POST_ATTEMPTS) throw refused('result', answer.status, answer.body)
      await sleep(RETRY_PAUSE_MS * attempt)
      if (await this.isPosted(jobId, result.submission_id)) return 'posted_before'
      sent = { ...result, replay_log: result.replay_log.slice(-SHORT_LOG_CHARS) }
    }
  }

  private async isPosted(jobId: string, submissionId: string): Promise<boolean> {
    const url = `${this.baseUrl}/api/v1/verifications?submission_id=${submissionId}`
    const found = await fetch(url, { signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) })
      .then((response) => response.json() as Promise<{ verifications?: { job_id: string }[] }>)
      .catch(() => undefined)
    return found?.verifications?.some(({ job_id }) => job_id === jobId) ?? false
  }

  private async signed(path: string, value: Json): Promise<{ status: number; body: unknown }> {
    const body = canonicalBody(value)
    const timestamp = Math.floor(this.clock() / MS_PER_SECOND)
    const text = signingMessage({ method: 'POST', path, query: '', timestamp, body })
    const response = await fetch(`${this.baseUrl}${path}`, {
      method: 'POST',
      redirect: 'error',
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
      headers: {
        'content-type': 'application/json',
        'x-hotkey': this.signer.address,
        'x-timestamp': String(timestamp),
        'x-signature': this.signer.sign(text),
      },
      body,
    })
    return { status: response.status, body: await response.json().catch(() => null) }
  }
}

function refused(what: string, status: number, body: unknown): LedgerError {
  const detail = JSON.stringify(body)?.slice(0, 300)
  return new LedgerError('SL-PLATFORM-REFUSES', 'retryable', `The platform refuses the ${what}: ${detail}.`, {
    remedy: 'Check the address of the platform and its list of validators.',
    facts: { status },
  })
}
