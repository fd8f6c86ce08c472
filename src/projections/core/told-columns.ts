import type { LogName } from '../../log/envelope'
import { eventsBySeq, type Queryable } from '../../log/read'
import type { Row } from '../fold/projection'
import type { Told } from '../fold/table-rule'

/** Events of one statement: a full weight vector takes 20 kB. */
const BATCH_EVENTS = 1_000

/** Rows with the columns that their events tell (`TableRule.told`). Without them: the rows as they are. */
export async function withTold(
  client: Queryable,
  log: LogName,
  told: Told | undefined,
  rows: readonly Row[],
): Promise<readonly Row[]> {
  if (!told) return rows
  const whole: Row[] = []
  for (let from = 0; from < rows.length; from += BATCH_EVENTS) {
    const batch = rows.slice(from, from + BATCH_EVENTS)
    const payloadOf = await payloadsOf(client, log, batch, told)
    for (const row of batch) whole.push(withColumns(told, row, payloadOf(row)))
  }
  return whole
}

/** @param payload of the event that the row names */
export function withColumns({ seq, columns }: Told, row: Row, payload: unknown): Row {
  // Rows and events are of one transaction: this is no state that a database gets into by itself.
  if (payload === undefined) throw new Error(`event ${row[seq]} of netuid ${row.netuid} is not in the log`)
  return { ...row, ...columns(payload as never, row) }
}

async function payloadsOf(
  client: Queryable,
  log: LogName,
  rows: readonly Row[],
  told: Told,
): Promise<(row: Row) => unknown> {
  const seqs = new Map<number, Set<number>>()
  for (const row of rows) {
    const netuid = row.netuid as number
    seqs.set(netuid, (seqs.get(netuid) ?? new Set()).add(row[told.seq] as number))
  }
  const found = new Map<string, unknown>()
  for (const [netuid, wanted] of seqs) {
    for (const { seq, payload } of await eventsBySeq(client, { log, netuid }, [...wanted])) {
      found.set(`${netuid}/${seq}`, payload)
    }
  }
  return (row) => found.get(`${row.netuid}/${row[told.seq]}`)
}
