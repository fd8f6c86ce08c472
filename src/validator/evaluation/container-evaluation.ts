import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { stringify } from 'yaml'
import type { Sandbox, SandboxLimits, SandboxRunner } from '../../runner/sandbox'
import { type InferenceCost, type Measured, RunFailed, type RunTask } from './evaluator-node'

export interface ContainerEvaluationOptions {
  readonly runner: SandboxRunner
  readonly image: string
  /** Network on which nothing but the inference proxy answers; without it there is none. */
  readonly network?: string
  /** Keys of inference providers, given to the container and never logged: OPENROUTER_API_KEY, CHUTES_API_KEY. */
  readonly secrets: Readonly<Record<string, string>>
  readonly evaluateTimeoutMs?: number
  readonly healthTimeoutMs?: number
}

export const EVALUATION_PURPOSE = 'bitrecs-evaluation'
const HTTP_PORT = 8000
const HEALTH_TIMEOUT_MS = 30_000
const HEALTH_PAUSE_MS = 250
/** Where the platform says nothing: 600 s to answer, as the reference's nodes wait (spec bitrecs §3.6). */
const EVALUATE_TIMEOUT_MS = 600_000
const LOG_MAX_BYTES = 500_000
const MIB = 1_048_576
const LIMITS: SandboxLimits = {
  memoryBytes: 2_048 * MIB,
  cpus: 1,
  maxProcesses: 256,
  scratchBytes: 256 * MIB,
}
/** Stages of a run by code (spec bitrecs §3.3). */
const CODES = { start: 2_010, health: 2_020, evaluate: 2_030, answer: 2_040 } as const
/** Prices are asked for so many tokens. */
const PRICED_TOKENS = 1_000_000

interface EvaluateAnswer {
  readonly task_name?: string
  readonly score?: number
  readonly success?: boolean
  readonly duration?: number
  readonly samples?: number
  readonly error?: string
  readonly cost_report?: {
    readonly input_tokens: number
    readonly output_tokens: number
    readonly estimated_cost_usd: number
  }
}

/** One fresh container a run, as the reference's nodes do it (spec bitrecs §4): /health, /evaluate, /run_log, and gone. */
export function containerEvaluation(
  options: ContainerEvaluationOptions,
): (task: RunTask) => Promise<Measured> {
  return async (task) => {
    const token = randomBytes(16).toString('hex')
    const env = {
      ...options.secrets,
      ...(await prices(task)),
      BITRECS_RUN_TOKEN: token,
      BITRECS_RUN_ID: task.runId,
    }
    const sandbox = await options.runner
      .start({
        image: options.image,
        purpose: EVALUATION_PURPOSE,
        env,
        httpPort: HTTP_PORT,
        network: options.network ? { only: options.network } : 'none',
        limits: LIMITS,
      })
      .catch((error: Error) => {
        throw new RunFailed(CODES.start, `the container did not start: ${error.message}`)
      })
    try {
      await healthy(sandbox, options.healthTimeoutMs ?? HEALTH_TIMEOUT_MS)
      const answer = await evaluate(
        sandbox,
        task,
        token,
        options.evaluateTimeoutMs ?? (task.timeoutMs || EVALUATE_TIMEOUT_MS),
      )
      const agentLogs = redacted(await runLog(sandbox, task.runId), options.secrets)
      const evalLogs = redacted(await sandbox.logs(LOG_MAX_BYTES), options.secrets)
      return { ...measured(answer), agentLogs, evalLogs, ...costOf(task, answer) }
    } finally {
      await sandbox.remove()
    }
  }
}

/** Without a known price the run goes on, at zero: the reference would fail it (spec bitrecs §4). */
async function prices({ agent, post }: RunTask): Promise<Record<string, string>> {
  const asked = { provider: agent.provider, model_name: agent.model }
  const tokens = { input_tokens: PRICED_TOKENS, output_tokens: PRICED_TOKENS }
  const found = (await post('/inference/estimate-cost', { ...asked, ...tokens }).catch(() => undefined)) as
    | { input_cost: number; output_cost: number }
    | undefined
  return {
    MODEL_COST_INPUT: String(found?.input_cost ?? 0),
    MODEL_COST_OUTPUT: String(found?.output_cost ?? 0),
  }
}

async function healthy({ url }: Sandbox, timeoutMs: number): Promise<void> {
  const deadline = Date.now() + timeoutMs
  for (;;) {
    const state = await fetch(`${url}/health`, { signal: AbortSignal.timeout(timeoutMs) })
      .then((response) => response.json() as Promise<{ status?: string }>)
      .catch(() => undefined)
    if (state?.status === 'healthy') return
    if (Date.now() > deadline)
      throw new RunFailed(CODES.health, 'the container did not become healthy in time')
    await sleep(HEALTH_PAUSE_MS)
  }
}

/** The artifact as its miner wrote it, without what the platform added. */
function yamlOf(agent: RunTask['agent']): string {
  const { agent_id, miner_uid, created_at, ip_address, ...own } = agent
  return stringify(own)
}

async function evaluate(
  { url }: Sandbox,
  { agent, problem }: RunTask,
  token: string,
  timeoutMs: number,
): Promise<EvaluateAnswer> {
  try {
    const response = await fetch(`${url}/evaluate`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ yaml_content: yamlOf(agent), run_token: token, problem_name: problem }),
      signal: AbortSignal.timeout(timeoutMs),
    })
    if (!response.ok) throw new Error(`status ${response.status}`)
    return (await response.json()) as EvaluateAnswer
  } catch (error) {
    throw new RunFailed(CODES.evaluate, `the evaluation gave no answer: ${(error as Error).message}`)
  }
}

async function runLog({ url }: Sandbox, runId: string): Promise<string> {
  const response = await fetch(`${url}/run_log/${runId}`).catch(() => undefined)
  return response?.ok ? (await response.text()).slice(-LOG_MAX_BYTES) : ''
}

/** A refused token or YAML comes as `{error}` with status 200: the reference records 0, failed. */
function measured(
  answer: EvaluateAnswer,
): Pick<Measured, 'score' | 'success' | 'durationSeconds' | 'samples'> {
  const { score = 0, success = false, duration = 0, samples = 0 } = answer
  if (answer.error !== undefined) return { score: 0, success: false, durationSeconds: duration, samples: 0 }
  if (!Number.isFinite(score) || score < 0 || score > 1) {
    throw new RunFailed(CODES.answer, `the evaluation's score ${score} is none`)
  }
  return { score, success, durationSeconds: duration, samples }
}

function costOf({ agent }: RunTask, { cost_report: report }: EvaluateAnswer): { cost?: InferenceCost } {
  if (!report) return {}
  const sampling = agent.sampling_params as { temperature?: number } | null
  return {
    cost: {
      provider: String(agent.provider),
      model: String(agent.model),
      temperature: sampling?.temperature ?? 0,
      inputTokens: report.input_tokens,
      outputTokens: report.output_tokens,
      costUsd: report.estimated_cost_usd,
    },
  }
}

/** Nothing that a container prints carries a key out. */
function redacted(text: string, secrets: Readonly<Record<string, string>>): string {
  return Object.values(secrets).reduce(
    (rest, secret) => (secret ? rest.replaceAll(secret, '[redacted]') : rest),
    text,
  )
}
