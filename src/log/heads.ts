import type { ClientBase } from 'pg'
import type { LogName } from './envelope'
import { Frontier } from './merkle/frontier'

/** Where a log stands, with what appending needs to go on. */
export interface WritableHead {
  readonly log: LogName
  readonly netuid: number
  readonly frontier: Frontier
  /** Height of the last event; -1 when there is none. */
  height: number
  /** Size the database is known to hold: another one there means another writer. */
  storedSize: number
}

/** Heads of a writer between its transactions, so that a live block needs no question to the database. */
export class HeadCache {
  private readonly heads = new Map<string, WritableHead>()

  get(log: LogName, netuid: number): WritableHead | undefined {
    return this.heads.get(`${log}/${netuid}`)
  }

  set(head: WritableHead): void {
    this.heads.set(`${head.log}/${head.netuid}`, head)
  }

  /** Begins an empty log. */
  reset({ log, netuid }: LogId): void {
    this.set({ log, netuid, frontier: new Frontier(), height: -1, storedSize: 0 })
  }

  /** After a rollback what was appended is not there: everything is read again. */
  clear(): void {
    this.heads.clear()
  }
}

export interface LogId {
  readonly log: LogName
  readonly netuid: number
}

/** Reads and locks those heads that the cache lacks, in one question. */
export async function loadHeads(
  client: ClientBase,
  cache: HeadCache,
  wanted: readonly LogId[],
): Promise<void> {
  const missing = wanted.filter(({ log, netuid }) => !cache.get(log, netuid))
  if (missing.length === 0) return
  const { rows } = await client.query({
    name: 'subledger-load-heads',
    text: `select h.log, h.netuid, h.size::float8 as size, encode(h.frontier, 'hex') as frontier, h.height::float8 as height
      from log_head h join unnest($1::text[], $2::int[]) as w(log, netuid) using (log, netuid)
      order by h.log, h.netuid for update of h`,
    values: [missing.map((id) => id.log), missing.map((id) => id.netuid)],
  })
  for (const id of missing) cache.reset(id)
  for (const row of rows) {
    const frontier = Frontier.unpack(row.size, row.frontier)
    cache.set({ log: row.log, netuid: row.netuid, frontier, height: row.height, storedSize: row.size })
  }
}
