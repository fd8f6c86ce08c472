import { encodeAddress } from '@polkadot/util-crypto'
import type { Signer } from '../../node/signer'

/** Who a node is: a validator with its hotkey, or a screener with a name and the shared password. */
export type Identity =
  | { readonly kind: 'validator'; readonly signer: Signer }
  | { readonly kind: 'screener'; readonly name: string; readonly password: string }

/** What an evaluation of one problem gives. */
export interface Measured {
  readonly score: number
  readonly success: boolean
  readonly durationSeconds: number
  readonly samples?: number
}

export interface NodeOptions {
  readonly baseUrl: string
  readonly apiKey: string
  readonly identity: Identity
  /** Instead of a container: the same artifact and problem give the same result. */
  readonly evaluate: (agent: Record<string, unknown>, problem: string) => Measured | Promise<Measured>
  /** ms since the Unix epoch */
  readonly clock?: () => number
}

interface Assigned {
  readonly evaluation_runs: readonly {
    readonly evaluation_run_id: string
    readonly problem_name: string
  }[]
}

const SS58_PREFIX = 42
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

/** A validator or screener as the subnet's own program is one: the same requests in the same order (spec bitrecs §4). */
export class EvaluatorNode {
  private sessionId: string | undefined

  constructor(private readonly options: NodeOptions) {}

  get isConnected(): boolean {
    return this.sessionId !== undefined
  }

  async register(): Promise<void> {
    const { identity, clock = Date.now } = this.options
    const opened =
      identity.kind === 'validator'
        ? await this.post('/validator/register-as-validator', validatorBody(identity.signer, clock()))
        : await this.post('/validator/register-as-screener', {
            name: identity.name,
            password: identity.password,
            commit_hash: 'devnet',
          })
    this.sessionId = (opened as { session_id: string }).session_id
  }

  heartbeat(): Promise<unknown> {
    return this.post('/validator/heartbeat', { system_metrics: { cpu_percent: 7.5 } })
  }

  /** Takes one evaluation and does all its runs. @returns false when there was nothing to do */
  async work(): Promise<boolean> {
    const assigned = (await this.post('/validator/request-evaluation', {})) as Assigned | null
    if (!assigned) return false
    for (const { evaluation_run_id, problem_name } of assigned.evaluation_runs) {
      await this.run(evaluation_run_id, problem_name)
    }
    await this.post('/validator/finish-evaluation', {})
    return true
  }

  async disconnect(reason: string): Promise<void> {
    await this.post('/validator/disconnect', { reason })
    this.sessionId = undefined
  }

  /** One request as this node; throws with the status and body of a refusal. */
  async post(path: string, body: unknown): Promise<unknown> {
    return this.send('POST', path, JSON.stringify(body))
  }

  private async run(runId: string, problem: string): Promise<void> {
    const step = (updated_status: string, more: object = {}) =>
      this.post('/validator/update-evaluation-run', { evaluation_run_id: runId, updated_status, ...more })
    const agent = await this.send('GET', `/agent/get-by-evaluation-run-id?evaluation_run_id=${runId}`)
    await step('initializing_agent')
    await step('running_agent')
    const { score, success, durationSeconds, samples } = await this.options.evaluate(
      agent as Record<string, unknown>,
      problem,
    )
    await step('initializing_eval', { patch: '', agent_logs: `evaluated ${problem}` })
    await step('running_eval')
    const result = { name: problem, category: 'default', status: success ? 'pass' : 'fail', score }
    const test_results = [{ ...result, duration: durationSeconds, ...(samples !== undefined && { samples }) }]
    await step('finished', { test_results, eval_logs: `score ${score}` })
  }

  private async send(method: string, path: string, body?: string): Promise<unknown> {
    const { baseUrl, apiKey } = this.options
    const response = await fetch(`${baseUrl}${path}`, {
      method,
      headers: {
        'x-api-key': apiKey,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(this.sessionId && { authorization: `Bearer ${this.sessionId}` }),
      },
      ...(body !== undefined && { body }),
    })
    const text = await response.text()
    if (response.status === 401) this.sessionId = undefined
    if (!response.ok) throw new NodeRefused(path, response.status, text)
    return text === '' ? null : JSON.parse(text)
  }
}

export class NodeRefused extends Error {
  constructor(
    path: string,
    readonly status: number,
    readonly body: string,
  ) {
    super(`${path} answered ${status}: ${body}`)
    this.name = 'NodeRefused'
  }
}

function validatorBody(signer: Signer, nowMs: number) {
  const timestamp = Math.floor(nowMs / 1_000)
  return {
    timestamp,
    signed_timestamp: hex(signer.sign(Buffer.from(String(timestamp)))),
    hotkey: encodeAddress(signer.account, SS58_PREFIX),
    commit_hash: 'devnet',
  }
}
