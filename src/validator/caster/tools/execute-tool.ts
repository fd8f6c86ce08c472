import { randomUUID } from 'node:crypto'
import type { Json } from '../../../mechanisms/canonical-json'
import { charge, costOf } from '../../../mechanisms/caster/budget'
import { receiptHash } from '../../../mechanisms/caster/receipts'
import type { ReportedReceipt } from '../batch/cell-result'
import type { ToolSession, ToolSessions } from './sessions'
import { type ToolAnswer, type ToolArguments, ToolFailed, type ToolFault, type Tools } from './tool'
import { isCitable, resultsOf } from './tool-results'

export interface ToolRequest {
  readonly tool: string
  readonly args: readonly Json[]
  readonly kwargs: ToolArguments
}

export type ToolRefusalCode =
  | ToolFault
  | 'unknown_tool'
  | 'session_expired'
  | 'session_closed'
  | 'concurrent_call'
  | 'too_many_calls'
  | 'budget_exceeded'

/** A call that charged nothing and left no receipt. */
export class ToolRefused extends Error {
  constructor(
    readonly code: ToolRefusalCode,
    message: string,
  ) {
    super(message)
    this.name = 'ToolRefused'
  }
}

export interface ExecuteOptions {
  readonly sessions: ToolSessions
  readonly tools: Tools
  readonly timeoutMs: number
  readonly clock: () => number
}

export interface Executed {
  readonly receipt: ReportedReceipt
  readonly answer: ToolAnswer
}

/** Paid for and refused so often, a session gets no further call: each one costs the operator, not the miner. */
const MAX_OVERRUNS = 2
const MICRO = 1_000_000
/** Free tools are not bounded by a budget, and every call leaves a receipt. */
const MAX_CALLS = 200

/**
 * One call of a script's tool. Where the price is known it is checked before anything is spent, else after, strictly: used + cost may
 * equal the limit and not exceed it (spec caster §3.1, with integers).
 * @throws ToolRefused
 */
export async function executeTool(
  session: ToolSession,
  request: ToolRequest,
  options: ExecuteOptions,
): Promise<Executed> {
  if (!Object.hasOwn(options.tools, request.tool))
    throw new ToolRefused('unknown_tool', `there is no tool ${request.tool.slice(0, 60)}`)
  if (options.sessions.isExpired(session)) throw new ToolRefused('session_expired', 'the session is over')
  if (session.isBusy) throw new ToolRefused('concurrent_call', 'another call of this session is under way')
  if (session.calls >= MAX_CALLS) throw new ToolRefused('too_many_calls', `a session has ${MAX_CALLS} calls`)
  session.calls++
  checkBefore(session, request.tool)
  const requestHash = hashOf({ args: request.args, kwargs: request.kwargs }, 'invalid_arguments')
  session.isBusy = true
  try {
    const answer = await invoke(session, request, options)
    if (session.isClosed) throw new ToolRefused('session_closed', 'the session ended meanwhile')
    const receipt = receiptOf(session, request.tool, requestHash, answer, options.clock())
    session.receipts.push(receipt)
    return { receipt, answer }
  } finally {
    session.isBusy = false
  }
}

/** A call whose price is known beforehand, or that cannot be free, must fit before it is made. */
function checkBefore(session: ToolSession, tool: string): void {
  const least = costOf({ tool, results: 1 }) ?? 1n
  const isHopeless = session.overruns >= MAX_OVERRUNS && least > 0n
  if (isHopeless || !charge(session.budget, least).accepted)
    throw new ToolRefused('budget_exceeded', `the session has ${remainingOf(session)} micro-USD left`)
}

export const remainingOf = ({ budget }: ToolSession): bigint => budget.limitMicroUsd - budget.usedMicroUsd

async function invoke(
  session: ToolSession,
  { tool, args, kwargs }: ToolRequest,
  { tools, timeoutMs }: ExecuteOptions,
): Promise<ToolAnswer> {
  const limit = AbortSignal.timeout(timeoutMs)
  const signal = AbortSignal.any([limit, session.ending.signal])
  const call = { tool, arguments: argumentsOf(args, kwargs), remainingMicroUsd: remainingOf(session), signal }
  try {
    return await tools[tool]!(call)
  } catch (error) {
    if (error instanceof ToolFailed) throw new ToolRefused(error.code, error.message)
    if (limit.aborted) throw new ToolRefused('timeout', 'the provider did not answer in time')
    throw new ToolRefused('provider_error', 'the provider could not answer')
  }
}

/** Keywords, or else the first positional argument when it is an object. */
function argumentsOf(args: readonly Json[], kwargs: ToolArguments): ToolArguments {
  if (Object.keys(kwargs).length > 0 || args.length === 0) return kwargs
  const [first] = args
  if (typeof first === 'object' && first !== null && !Array.isArray(first)) return first as ToolArguments
  throw new ToolRefused('invalid_arguments', 'give keyword arguments, or one object')
}

function receiptOf(
  session: ToolSession,
  tool: string,
  requestHash: string,
  { response, usage }: ToolAnswer,
  nowMs: number,
): ReportedReceipt {
  const results = resultsOf(tool, response)
  const responseHash = hashOf(response, 'provider_error')
  const cost = usage
    ? costOf({
        tool,
        model: usage.model,
        inputTokens: usage.input,
        outputTokens: usage.output,
        reasoningTokens: usage.reasoning,
      })
    : costOf({ tool, results: results.length })
  if (cost === undefined) throw new ToolRefused('provider_error', 'the provider did not say what was used')
  const { accepted, budget } = charge(session.budget, cost)
  if (!accepted) {
    session.overruns++
    throw new ToolRefused(
      'budget_exceeded',
      `the call costs ${cost} micro-USD, ${remainingOf(session)} are left`,
    )
  }
  session.budget = budget
  return {
    receipt_id: randomUUID(),
    session_id: session.id,
    uid: session.uid,
    tool,
    issued_at: new Date(nowMs).toISOString(),
    outcome: 'ok',
    metadata: {
      request_hash: requestHash,
      response_hash: responseHash,
      results,
      result_policy: isCitable(tool) ? 'referenceable' : 'log_only',
      cost_usd: Number(cost) / MICRO,
      cost_micro_usd: String(cost),
    },
  }
}

/** JSON can hold numbers beyond every float, and nesting beyond every stack. */
function hashOf(value: Json, code: ToolFault): string {
  try {
    return receiptHash(value)
  } catch {
    throw new ToolRefused(code, 'a value cannot be written as JSON')
  }
}
