import type { ClientBase, Pool } from 'pg'

export interface LogState {
  readonly log: string
  readonly netuid: number
  /** Events in the log. */
  readonly size: number
  /** RFC 6962 tree hash over them, 0x hex. */
  readonly root: string
}

/** What the database has, read in one statement, so that height, hash and log roots belong together. */
export interface IndexedHead {
  /** -1: nothing has been indexed. */
  readonly height: number
  readonly hash: string
  readonly logs: readonly LogState[]
  /** First indexed block (height): about blocks before it nothing is known. */
  readonly startHeight: number
  /** Clock of this machine when it was read (ms since the Unix epoch). */
  readonly readAtMs: number
}

/** Channel on which the writer announces a commit. */
export const HEAD_CHANNEL = 'subledger_head'

const SELECT_HEAD = `
  select s.height, s.hash, coalesce((select start_height::int from ledger_identity), 0) as start_height, coalesce((
    select json_agg(json_build_object('log', h.log, 'netuid', h.netuid, 'size', h.size, 'root', '0x' || encode(h.root, 'hex'))
                    order by h.log, h.netuid)
    from log_head h), '[]') as logs
  from squid_processor.status s where s.id = 0`

interface HeadRow {
  readonly height: number
  readonly hash: string
  readonly logs: LogState[]
  readonly start_height: number
}

export async function readIndexedHead(db: Pool | ClientBase): Promise<IndexedHead> {
  const { rows } = await db.query<HeadRow>({
    name: 'subledger_head',
    text: SELECT_HEAD,
  })
  const row = rows[0]
  return {
    height: row?.height ?? -1,
    hash: row?.hash ?? '0x',
    logs: row?.logs ?? [],
    startHeight: row?.start_height ?? 0,
    readAtMs: Date.now(),
  }
}
