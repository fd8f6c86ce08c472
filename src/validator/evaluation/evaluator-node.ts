import { encodeAddress } from '@polkadot/util-crypto'

/** An sr25519 hotkey: its account as hex, and its signature over bytes. */
export interface NodeSigner {
  readonly account: string
  sign(payload: Uint8Array): Uint8Array
}

/** Who a node is: a validator with its hotkey, or a screener with a name and the shared password. */
export type Identity =
  | { readonly kind: 'validator'; readonly signer: NodeSigner }
  | { readonly kind: 'screener'; readonly name: string; readonly password: string }

/** What an evaluation of one problem gives. */
export interface Measured {
  readonly score: number
  readonly success: boolean
  readonly durationSeconds: number
  readonly samples?: number
  /** Of the artifact, and of the evaluation. */
  readonly agentLogs?: string
  readonly evalLogs?: string
  readonly cost?: InferenceCost
}

/** What a run spent on inference, as it is reported. */
export interface InferenceCost {
  readonly provider: string
  readonly model: string
  readonly temperature: number
  readonly inputTokens: number
  readonly outputTokens: number
  readonly costUsd: number
}

/** What an evaluation works on. */
export interface RunTask {
  readonly runId: string
  readonly problem: string
  /** As long as the platform lets an evaluation run (ms). */
  readonly timeoutMs: number
  /** The artifact as the platform gives it, prompts included. */
  readonly agent: Readonly<Record<string, unknown>>
  /** One request to the platform, as this node. */
  post(path: string, body: unknown): Promise<unknown>
}

/** A run that failed by a fault with a code of its own (spec bitrecs §3.3); any other exception is 2000. */
export class RunFailed extends Error {
  constructor(
    readonly errorCode: number,
    message: string,
  ) {
    super(message)
    this.name = 'RunFailed'
  }
}

export interface NodeOptions {
  readonly baseUrl: string
  readonly apiKey: string
  readonly identity: Identity
  /** Measures one artifact on one problem, in a container or as a double. */
  readonly evaluate: (task: RunTask) => Measured | Promise<Measured>
  /** Sent with registrations and heartbeats. */
  readonly commitHash?: string
  readonly systemMetrics?: () => unknown
  /** ms since the Unix epoch */
  readonly clock?: () => number
}

interface Opened {
  readonly session_id: string
  readonly running_eval_timeout_seconds: number
  readonly max_evaluation_run_log_size_bytes: number
}

interface Assigned {
  readonly evaluation_runs: readonly {
    readonly evaluation_run_id: string
    readonly problem_name: string
  }[]
}

const SS58_PREFIX = 42
/** Anything that went wrong within the node (spec bitrecs §3.3). */
const INTERNAL_ERROR = 2_000
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

/** A validator or screener as the subnet's own program is one: the same requests in the same order (spec bitrecs §4). */
export class EvaluatorNode {
  private sessionId: string | undefined
  /** Told at each registration. */
  private limits = { evalTimeoutMs: 0, logMaxBytes: 0 }

  constructor(private readonly options: NodeOptions) {}

  get isConnected(): boolean {
    return this.sessionId !== undefined
  }

  async register(): Promise<void> {
    const { identity, clock = Date.now } = this.options
    const opened =
      identity.kind === 'validator'
        ? await this.post(
            '/validator/register-as-validator',
            validatorBody(identity.signer, clock(), this.options.commitHash),
          )
        : await this.post('/validator/register-as-screener', {
            name: identity.name,
            password: identity.password,
            commit_hash: this.options.commitHash ?? 'unknown',
          })
    const { session_id, running_eval_timeout_seconds, max_evaluation_run_log_size_bytes } = opened as Opened
    this.limits = {
      evalTimeoutMs: running_eval_timeout_seconds * 1_000,
      logMaxBytes: max_evaluation_run_log_size_bytes,
    }
    this.sessionId = session_id
  }

  heartbeat(): Promise<unknown> {
    return this.post('/validator/heartbeat', { system_metrics: this.options.systemMetrics?.() ?? {} })
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
    try {
      const agent = await this.send('GET', `/agent/get-by-evaluation-run-id?evaluation_run_id=${runId}`)
      await step('initializing_agent')
      await step('running_agent')
      const { evalTimeoutMs: timeoutMs, logMaxBytes } = this.limits
      const post = this.post.bind(this)
      const task = { runId, problem, timeoutMs, agent: agent as RunTask['agent'], post }
      const measured = await this.options.evaluate(task)
      await step('initializing_eval', { patch: '', agent_logs: endOf(measured.agentLogs ?? '', logMaxBytes) })
      await step('running_eval')
      if (measured.cost) await this.reportCost(runId, measured.cost)
      const eval_logs = endOf(measured.evalLogs ?? `score ${measured.score}`, logMaxBytes)
      await step('finished', { test_results: [resultOf(problem, measured)], eval_logs })
    } catch (error) {
      // What the platform refused it has ended itself.
      if (error instanceof NodeRefused) throw error
      const error_code = error instanceof RunFailed ? error.errorCode : INTERNAL_ERROR
      await step('error', {
        error_code,
        error_message: error instanceof Error ? error.message : String(error),
      })
    }
  }

  private reportCost(runId: string, cost: InferenceCost): Promise<unknown> {
    return this.post('/inference/report-cost', {
      evaluation_run_id: runId,
      provider: cost.provider,
      model: cost.model,
      temperature: cost.temperature,
      messages: [],
      status_code: 200,
      response: '',
      num_input_tokens: cost.inputTokens,
      num_output_tokens: cost.outputTokens,
      cost_usd: cost.costUsd,
    })
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

function validatorBody(signer: NodeSigner, nowMs: number, commitHash = 'unknown') {
  const timestamp = Math.floor(nowMs / 1_000)
  return {
    timestamp,
    signed_timestamp: hex(signer.sign(Buffer.from(String(timestamp)))),
    hotkey: encodeAddress(signer.account, SS58_PREFIX),
    commit_hash: commitHash,
  }
}

/** The last bytes of a text, whole characters only: what went wrong stands at the end of a log. */
function endOf(text: string, maxBytes: number): string {
  const bytes = Buffer.from(text)
  let from = Math.max(0, bytes.length - maxBytes)
  while (from < bytes.length && (bytes[from]! & 0xc0) === 0x80) from++
  return bytes.toString('utf8', from)
}

const resultOf = (problem: string, { score, success, durationSeconds, samples }: Measured) => ({
  name: problem,
  category: 'default',
  status: success ? 'pass' : 'fail',
  score,
  duration: durationSeconds,
  ...(samples !== undefined && { samples }),
})
