import type { Hex, LogEvent } from '../../log/envelope'
import type { Row, Sink, Value } from './projection'
import { account, ended, idOf, opened } from './row-values'

/** PostgreSQL holds no NUL in text. */
export const shown = (text: string): string => text.replaceAll('\0', '\ufffd')
export const shownOrNull = (text: string | null): string | null => (text === null ? null : shown(text))
/** jsonb holds none either, in values as in names. */
export function shownJson<T>(value: T): T {
  if (typeof value === 'string') return shown(value) as T
  if (Array.isArray(value)) return value.map(shownJson) as T
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, own]) => [shown(name), shownJson(own)])) as T
}
export const accountOf = (hotkey: string): string => account(hotkey as Hex)

/** Payload members named as columns are. */
export type Columns = Readonly<Record<string, Value>>

/** A fact of its moment. */
export function addRow(sink: Sink, table: string, event: LogEvent, row: Columns, suffix = ''): void {
  sink.add(table, { ...base(sink, table, event, suffix), ...row })
}

/** A row that holds until the next one of its key, which ends with `reason`. */
export function replaceRow(
  sink: Sink,
  table: string,
  event: LogEvent,
  { key, reason, suffix = '' }: { readonly key: Columns; readonly reason: string; readonly suffix?: string },
  row: Columns,
): void {
  const held = { netuid: event.netuid, ...key } as Record<string, number | string>
  sink.close(table, held, ended(event, reason))
  sink.open(table, held, { ...base(sink, table, event, suffix), ...key, ...row, end_reason: null })
}

/** Ends the row of a key without another in its place. */
export function endRow(sink: Sink, table: string, event: LogEvent, key: Columns, reason: string): void {
  const held = { netuid: event.netuid, ...key } as Record<string, number | string>
  sink.close(table, held, ended(event, reason))
}

const base = (sink: Sink, table: string, event: LogEvent, suffix: string): Row => ({
  id: suffix === '' ? idOf(event) : `${idOf(event)}-${suffix}`,
  ...opened(event),
  ordinal: sink.ordinal(table, event.netuid),
})
