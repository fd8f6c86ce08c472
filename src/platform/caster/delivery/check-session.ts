import type { WireClaim } from '../datasets/seal-claims'
import type { Receipt } from '../rule-values'
import type { Result } from './progress-shape'
import { cellName, Wrong } from './results-fault'
import type { Slices } from './slices'

/** The session of a cell: its own, within the claim's budget, with receipts that are its own and sum up to what was used (invariant 7). */
export function checkSession(result: Result, uid: number, claim: WireClaim, known: Set<string>): void {
  const { session, receipts } = result
  const cell = cellName(result)
  if (result.uid !== uid) throw new Wrong('wrong_uid', `${cell}: ${result.uid}, not ${uid}`)
  if (!session) {
    if (result.status === 'answered') throw new Wrong('wrong_session', `${cell}: answered without a session`)
    if (receipts.length > 0) throw new Wrong('wrong_receipt', `${cell}: receipts without a session`)
    return
  }
  const { session_id, opened_at, closed_at } = session
  if (known.has(session_id)) throw new Wrong('wrong_session', `${cell}: ${session_id} is there twice`)
  known.add(session_id)
  if (!(Date.parse(opened_at) <= Date.parse(closed_at)))
    throw new Wrong('wrong_session', `${cell}: it closes before it opens`)
  for (const { receipt_id, session_id: of, uid: by, issued_at } of receipts) {
    if (of !== session_id || by !== uid)
      throw new Wrong('wrong_receipt', `${cell}: ${receipt_id} is of another session or uid`)
    if (!(Date.parse(issued_at) >= 0)) throw new Wrong('wrong_receipt', `${cell}: ${receipt_id} has no time`)
  }
  checkBudget(result, session, claim)
}

function checkBudget(
  result: Result,
  { budget_micro_usd: budget, used_micro_usd: used }: NonNullable<Result['session']>,
  claim: WireClaim,
): void {
  const wrong = (detail: string) => new Wrong('over_budget', `${cellName(result)}: ${detail}`)
  if (budget !== claim.budget_micro_usd) throw wrong(`budget ${budget}, not ${claim.budget_micro_usd}`)
  const sum = result.receipts.reduce((total, { metadata }) => total + BigInt(metadata.cost_micro_usd), 0n)
  if (sum !== BigInt(used)) throw wrong(`receipts sum to ${sum}, used is ${used}`)
  if (sum > BigInt(budget)) throw wrong(`${sum} of ${budget}`)
}

/** Every receipt of a report, so that one of another session is told from one that does not exist. Those of failed calls hold nothing. */
export async function receiptsOf(
  results: Iterable<Result>,
  slices: Slices,
): Promise<Record<string, Receipt>> {
  const known = new Set<string>()
  // Names are a stranger's: on a plain object one of them could mean something.
  const receipts: Record<string, Receipt> = Object.create(null)
  for (const { receipts: own } of results) {
    for (const receipt of own) {
      const { receipt_id, session_id: session, tool, metadata, outcome } = receipt
      if (known.has(receipt_id)) throw new Wrong('wrong_receipt', `${receipt_id} is there twice`)
      known.add(receipt_id)
      if (outcome !== 'ok') continue
      const found: Record<string, Receipt['results'][string]> = Object.create(null)
      for (const { result_id, url, note } of metadata.results) found[result_id] = { url, note }
      receipts[receipt_id] = { session, tool, policy: metadata.result_policy, results: found }
    }
    if (slices.isOver) await slices.rest()
  }
  return receipts
}
