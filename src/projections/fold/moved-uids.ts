import type { LogEvent } from '../../log/envelope'
import type { Row, Sink } from './projection'
import { ended, opened, time } from './row-values'

export interface MovedUid {
  readonly from: number
  /** The same, when only the holder changes. */
  readonly to: number
}

export interface Move {
  readonly moved: readonly MovedUid[]
  /** Why rows of these uids end, and others begin. */
  readonly reason: string
  /** Why a row ends whose uid another one moves to: of a holder that was not seen leaving. */
  readonly staleReason: string
}

/**
 * Ends the rows of uids that move or change hands and goes on with a copy of each, all at once: uids may change places. Copies are
 * made in the order of their mechanisms and new uids, in whichever order the rows are handed over, so that they are numbered alike.
 * @param changes columns in which a copy differs beside its uid and time, its id among them
 */
export function moveRows(
  event: LogEvent,
  sink: Sink,
  table: string,
  { moved, reason, staleReason }: Move,
  changes: (row: Row, to: number) => Row,
): void {
  const toOf = new Map(moved.map(({ from, to }) => [from, to]))
  const uids = new Set(moved.flatMap(({ from, to }) => [from, to]))
  const matches = [...uids].map((uid) => ({ netuid: event.netuid, uid }))
  sink.carry(table, matches, (held) => {
    const stale = held.filter((row) => !toOf.has(row.uid as number))
    const going = held
      .filter((row) => toOf.has(row.uid as number))
      .map((row) => ({ row, to: toOf.get(row.uid as number)!, mechanism: Number(row.mechanism ?? 0) }))
      .sort((a, b) => a.mechanism - b.mechanism || a.to - b.to)
    return [
      ...stale.map((row) => ({ held: row, ended: ended(event, staleReason) })),
      ...going.map(({ row, to }) => ({
        held: row,
        ended: ended(event, reason),
        next: {
          ...row,
          ...opened(event),
          subnet_instance: row.subnet_instance!,
          uid: to,
          end_reason: null,
          block_time: time(event.blockTime),
          ...changes(row, to),
        },
      })),
    ]
  })
}
