import type { ClientBase } from 'pg'
import type { ReadPoint } from './row-source'

const SELECT_SIZES = `
  select l.log, coalesce((
    select e.seq + 1 from log_event e where e.log = l.log and e.netuid = $1 and e.height <= $2
    order by e.height desc, e.seq desc limit 1
  ), 0)::float8 as size from (values ('chain'), ('platform'), ('engine')) as l(log)`

/** How long each log of a subnet was at a block. */
export async function readPointAt(
  client: Pick<ClientBase, 'query'>,
  netuid: number,
  height: number,
): Promise<ReadPoint> {
  const { rows } = await client.query<{ log: 'chain' | 'platform' | 'engine'; size: number }>({
    name: 'subledger-read-point',
    text: SELECT_SIZES,
    values: [netuid, height],
  })
  const sizes = { chain: 0, platform: 0, engine: 0 }
  for (const { log, size } of rows) sizes[log] = size
  return { netuid, height, sizes }
}
