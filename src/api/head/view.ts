import { LedgerError } from '../../errors/ledger-error'
import { rootOf } from '../../log/merkle/stored-tree'
import { refuse } from '../graphql/api-error'
import type { ApiServices } from '../graphql/context'
import type { IndexedHead, LogState } from './indexed-head'

/** The block an answer is computed at. */
export interface View {
  readonly height: number
  /** The head as it was when the question came; the view is at it or below. */
  readonly head: IndexedHead
  readonly api: ApiServices
}

export interface AtInput {
  readonly height: number
}

/**
 * The view that a query asks for: the indexed head, or an earlier block.
 * @throws LedgerError SL-AT-NOT-INDEXED, SL-API-EMPTY (nothing indexed yet)
 */
export function viewAt(api: ApiServices, at: AtInput | null | undefined): View {
  const head = api.heads.current
  if (head.height < 0) {
    throw new LedgerError('SL-API-EMPTY', 'retryable', 'Nothing has been indexed yet.', {
      remedy: 'Wait for the first block; the query `status` and /readyz show the progress.',
    })
  }
  if (!at) return { height: head.height, head, api }
  if (at.height < 0) throw refuse('SL-API-VALUE', 'Heights are not negative.', 'Give a height from 0.')
  if (at.height > head.height) {
    throw refuse(
      'SL-AT-NOT-INDEXED',
      `Block ${at.height} has not been indexed; the last one is ${head.height}.`,
      'Ask for an earlier block, or wait.',
      { height: at.height, indexedHeight: head.height },
    )
  }
  if (at.height < head.startHeight) {
    throw refuse(
      'SL-AT-NOT-INDEXED',
      `Block ${at.height} has not been indexed; the first one is ${head.startHeight}.`,
      'Ask for a later block, or index from an earlier one with --from.',
      { height: at.height, firstIndexedHeight: head.startHeight },
    )
  }
  return { height: at.height, head, api }
}

export interface Provenance {
  readonly height: number
  readonly blockHash: string | null
  readonly logs: readonly LogState[]
}

/** What an answer was computed from. At the head it is known without asking; earlier heights ask the log. */
export async function provenanceOf(view: View, netuid: number | null): Promise<Provenance> {
  const { head, height } = view
  const ofNetuid = (log: LogState) => netuid === null || log.netuid === netuid
  if (height === head.height) return { height, blockHash: head.hash, logs: head.logs.filter(ofNetuid) }
  const [blockHash, logs] = await Promise.all([
    blockHashAt(view, height),
    Promise.all(head.logs.filter(ofNetuid).map((log) => logAt(view.api, log, height))),
  ])
  // What had no event yet was no log yet.
  return { height, blockHash, logs: logs.filter(({ size }) => size > 0) }
}

const SELECT_BLOCK_HASH = `
  select '0x' || encode(hash, 'hex') as hash from indexed_block where height = $1
  union all
  select '0x' || encode(block_hash, 'hex') from log_event
  where log = 'chain' and netuid = any($2) and height = $1
  limit 1`

async function blockHashAt({ api, head }: View, height: number): Promise<string | null> {
  const { rows } = await api.pool.query<{ hash: string }>({
    name: 'block_hash_at',
    text: SELECT_BLOCK_HASH,
    values: [height, [...new Set(head.logs.map((log) => log.netuid))]],
  })
  return rows[0]?.hash ?? null
}

const SELECT_SIZE_AT = `
  select (seq + 1)::float8 as size from log_event
  where log = $1 and netuid = $2 and height <= $3
  order by height desc, seq desc limit 1`

/** The log as it was at the height, with its root computed from the stored tiles. */
async function logAt(api: ApiServices, log: LogState, height: number): Promise<LogState> {
  const { rows } = await api.pool.query<{ size: number }>({
    name: 'log_size_at',
    text: SELECT_SIZE_AT,
    values: [log.log, log.netuid, height],
  })
  const size = rows[0]?.size ?? 0
  return { log: log.log, netuid: log.netuid, size, root: `0x${await rootOf(api.pool, log, size)}` }
}
