import type { Json } from '../../../mechanisms/canonical-json'
import { charge, costOf } from '../../../mechanisms/caster/budget'
import type { ReportedReceipt } from '../batch/cell-result'
import { hashOf, issueReceipt } from './issue-receipt'
import { remainingOf, type ToolSession, type ToolSessions } from './sessions'
import { type ToolAnswer, type ToolArguments, ToolFailed, type Tools } from './tool'
import { ToolRefused } from './tool-refused'

export interface ToolRequest {
  readonly tool: string
  readonly args: readonly Json[]
  readonly kwargs: ToolArguments
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
    const receipt = issueReceipt(session, request.tool, requestHash, answer, options.clock())
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
