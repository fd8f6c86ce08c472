import { type CellResult, NO_SCORE, type ReportedReceipt } from './cell-result'

/** Platforms take reports of so many bytes (setting PROGRESS_MAX_MIB); a part of it is left over. */
const REPORT_MAX_BYTES = 201_326_592
/** Every cell has room for an answer and a few searches, however many cells there are. */
const SHARE_MIN_BYTES = 16_384

/** No cell has more, however few there are: platforms take results of 8 MiB each. */
const SHARE_MAX_BYTES = 8_000_000

/** Bytes that one of so many cells may have in the report. */
export const reportShare = (cells: number): number =>
  Math.min(SHARE_MAX_BYTES, Math.max(SHARE_MIN_BYTES, Math.floor(REPORT_MAX_BYTES / cells)))

/**
 * A result within its share, so that no script can make the report of a whole batch too long to be taken: what was found and not cited
 * loses its texts first, then goes. An answer that is too long with its citations alone is none.
 */
export function fitReport(result: CellResult, maxBytes: number): CellResult {
  if (sizeOf(result) <= maxBytes) return result
  const cited = new Set(result.citations.map(({ result_id }) => result_id))
  const isCited = ({ result_id }: { readonly result_id: string }) => cited.has(result_id)
  const short = withResults(result, (results) =>
    results.map((one) => (isCited(one) ? one : { ...one, note: null, title: null })),
  )
  if (sizeOf(short) <= maxBytes) return short
  const bare = withResults(result, (results) => results.filter(isCited))
  if (sizeOf(bare) <= maxBytes) return bare
  return {
    ...withResults(result, () => []),
    status: 'failed',
    error_code: 'invalid_response',
    response: null,
    citations: [],
    score: NO_SCORE,
  }
}

type Results = ReportedReceipt['metadata']['results']

const withResults = (result: CellResult, change: (results: Results) => Results): CellResult => ({
  ...result,
  receipts: result.receipts.map((receipt) => ({
    ...receipt,
    metadata: { ...receipt.metadata, results: change(receipt.metadata.results) },
  })),
})

const sizeOf = (result: CellResult) => Buffer.byteLength(JSON.stringify(result))
