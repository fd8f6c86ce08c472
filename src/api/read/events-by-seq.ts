import type { LogEvent, LogName } from '../../log/envelope'
import { EVENT_COLUMNS, eventOfRow } from '../../log/row'
import type { ApiServices } from '../graphql/context'

/** Events by number, in the order asked; those that do not exist are left out. */
export async function eventsBySeq(
  api: ApiServices,
  log: LogName,
  netuid: number,
  seqs: readonly number[],
): Promise<LogEvent[]> {
  if (seqs.length === 0) return []
  const { rows } = await api.pool.query({
    name: 'events_by_seq',
    text: `select ${EVENT_COLUMNS} from log_event where log = $1 and netuid = $2 and log_event.seq = any($3::bigint[])`,
    values: [log, netuid, seqs],
  })
  const bySeq = new Map(rows.map((row) => [Number(row.seq), eventOfRow(row)]))
  return seqs.flatMap((seq) => bySeq.get(seq) ?? [])
}
