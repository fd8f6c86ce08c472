import type { ClientBase } from 'pg'
import type { LogName } from '../../log/envelope'
import type { Row } from '../fold/projection'
import type { Told } from '../fold/table-rule'

/** Events of one statement: a full weight vector takes 20 kB. */
const BATCH_EVENTS = 1_000

/** Rows with the columns that their events tell (`TableRule.told`), each read once. Without them: the rows as they are. */
export async function withTold(
  client: Pick<ClientBase, 'query'>,
  log: LogName,
  told: Told | undefined,
  rows: readonly Row[],
): Promise<readonly Row[]> {
  if (!told) return rows
  const whole: Row[] = []
  for (let from = 0; from < rows.length; from += BATCH_EVENTS) {
    const batch = rows.slice(from, from + BATCH_EVENTS)
    const payloads = await payloadsOf(client, log, batch, told.seq)
    for (const row of batch) whole.push(withColumns(told, row, payloads.get(keyOf(row, told.seq))))
  }
  return whole
}

/** @param payload of the event that the row names */
export function withColumns({ seq, columns }: Told, row: Row, payload: unknown): Row {
  // Rows and events are of one transaction: this is no state that a database gets into by itself.
  if (payload === undefined) throw new Error(`event ${row[seq]} of netuid ${row.netuid} is not in the log`)
  return { ...row, ...columns(payload as never, row) }
}

const keyOf = (row: Row, seq: string) => `${row.netuid}/${row[seq]}`

async function payloadsOf(
  client: Pick<ClientBase, 'query'>,
  log: LogName,
  rows: readonly Row[],
  seq: string,
): Promise<ReadonlyMap<string, unknown>> {
  const found = await client.query<{ key: string; payload: unknown }>(
    `select netuid || '/' || seq as key, payload from log_event
     join (select distinct * from unnest($2::int[], $3::bigint[])) as asked(netuid, seq) using (netuid, seq)
     where log = $1`,
    [log, rows.map(({ netuid }) => netuid), rows.map((row) => row[seq])],
  )
  return new Map(found.rows.map(({ key, payload }) => [key, payload]))
}
