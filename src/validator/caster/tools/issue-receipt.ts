import { randomUUID } from 'node:crypto'
import type { Json } from '../../../mechanisms/canonical-json'
import { charge, costOf } from '../../../mechanisms/caster/budget'
import { receiptHash } from '../../../mechanisms/caster/receipts'
import type { ReportedReceipt } from '../batch/cell-result'
import { remainingOf, type ToolSession } from './sessions'
import type { ToolAnswer, ToolFault } from './tool'
import { ToolRefused } from './tool-refused'
import { isCitable, resultsOf } from './tool-results'

const MICRO = 1_000_000

/** Charges an answer and issues its receipt. A refused one changes nothing but the count of overruns. @throws ToolRefused */
export function issueReceipt(
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
export function hashOf(value: Json, code: ToolFault): string {
  try {
    return receiptHash(value)
  } catch {
    throw new ToolRefused(code, 'a value cannot be written as JSON')
  }
}
