import { canonicalJson, type Json } from '../canonical-json'
import { sha256Hex } from '../sha256-hex'
import type { CitationPair } from './task-contract'

const CITABLE_TOOLS: readonly string[] = ['search_web', 'search_x', 'search_ai']

/** A successful tool call as it was stored; refused calls leave none (spec caster §3). */
export interface Receipt {
  readonly session: string
  readonly tool: string
  readonly policy: 'referenceable' | 'log_only'
  readonly results: Readonly<Record<string, { readonly url: string | null; readonly note: string | null }>>
}

export interface HydratedCitation extends CitationPair {
  readonly url: string | null
  readonly note: string | null
}

export type DropReason =
  | 'unknown receipt'
  | 'receipt of another session'
  | 'not a citable tool'
  | 'receipt is log only'
  | 'unknown result'

export interface Hydration {
  readonly hydrated: readonly HydratedCitation[]
  /** `position` counts from 0 in the answer's list. */
  readonly dropped: readonly (CitationPair & { readonly position: number; readonly reason: DropReason })[]
}

/** SHA-256 of the canonical arguments, or of the canonical response, as the receipts carry it. */
export function receiptHash(value: Json): string {
  return sha256Hex(canonicalJson(value, 'python'))
}

/**
 * Citations of an answer in order: kept when the receipt exists, is of the same session, of a search tool, referenceable and holds
 * the result; url and note come from the receipt. Others are dropped with a reason, not penalised; repeats are kept (§3).
 */
export function hydrate(
  citations: readonly CitationPair[],
  session: string,
  receipts: Readonly<Record<string, Receipt>>,
): Hydration {
  const hydrated: HydratedCitation[] = []
  const dropped: (CitationPair & { position: number; reason: DropReason })[] = []
  for (const [position, { receipt_id, result_id }] of citations.entries()) {
    const receipt = Object.hasOwn(receipts, receipt_id) ? receipts[receipt_id] : undefined
    const reason = dropReason(receipt, session, result_id)
    if (reason !== undefined) dropped.push({ position, receipt_id, result_id, reason })
    else {
      const { url, note } = receipt!.results[result_id]!
      hydrated.push({ receipt_id, result_id, url, note })
    }
  }
  return { hydrated, dropped }
}

function dropReason(receipt: Receipt | undefined, session: string, resultId: string): DropReason | undefined {
  if (!receipt) return 'unknown receipt'
  if (receipt.session !== session) return 'receipt of another session'
  if (!CITABLE_TOOLS.includes(receipt.tool)) return 'not a citable tool'
  if (receipt.policy !== 'referenceable') return 'receipt is log only'
  return Object.hasOwn(receipt.results, resultId) ? undefined : 'unknown result'
}
