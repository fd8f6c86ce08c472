import { LedgerError } from '../../errors/ledger-error'
import { callNode } from '../../observability/node-call'
import { blockMissing, contradiction, statePruned } from '../read-ahead/read-ahead-error'
import { isPruned } from './read-storage'

const QUESTION_TIMEOUT_MS = 5_000

/**
 * Says in our terms why Subsquid's ingestion gave up; anything unknown is handed on as it is.
 * @param next the height that was to be decoded next
 */
export async function explainSourceError(error: unknown, url: string, next: number): Promise<unknown> {
  if (error instanceof LedgerError) return error
  if (isPruned(error)) return statePruned(next, error)
  // Subsquid walks back by parent hashes and names the block that it could not follow.
  const height = Number(/block (\d+)#/.exec(String(error))?.[1] ?? NaN)
  const isInconsistent =
    (error as Error).name === 'BlockConsistencyError' || /not consistent/.test(`${error}`)
  if (!isInconsistent && !/Failed to fetch block/.test(`${error}`)) return error
  return inconsistency(url, Number.isNaN(height) ? next : height).catch(() => error)
}

/** Asks the node itself which two blocks do not fit together. */
async function inconsistency(url: string, height: number): Promise<LedgerError> {
  const ask = (method: string, ...params: unknown[]) => callNode(url, { method, params }, QUESTION_TIMEOUT_MS)
  const hash = String(await ask('chain_getBlockHash', height))
  const child = String(await ask('chain_getBlockHash', height + 1))
  const header = (await ask('chain_getHeader', child)) as { parentHash?: string } | null
  const parentHash = String(header?.parentHash)
  if (parentHash === hash) return blockMissing(height, 1)
  const message = `the node gives it as ${hash}, and its successor names ${parentHash} as its parent.`
  return contradiction(height, message, { hash, successorHash: child, parentHash })
}
