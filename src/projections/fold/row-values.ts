import { isUtf8 } from 'node:buffer'
import type { Hex, LogEvent } from '../../log/envelope'
import type { Row } from './projection'

export const bytea = (hex: Hex): string => `\\x${hex.slice(2)}`
export const byteaOrNull = (hex: Hex | null | undefined): string | null => (hex ? bytea(hex) : null)

/** Accounts come again and again: the same text for each, whose hash is known when it is looked up. */
const ACCOUNTS_MAX = 32_768
const accounts = new Map<Hex, string>()
let lastAccount = ''
let lastAccountText = ''

/** `bytea` for accounts. */
export function account(hex: Hex): string {
  if (hex !== lastAccount) {
    lastAccountText = accounts.get(hex) ?? remember(hex)
    lastAccount = hex
  }
  return lastAccountText
}

function remember(hex: Hex): string {
  if (accounts.size >= ACCOUNTS_MAX) accounts.clear()
  // Joined from parts it would be put together anew at each use; out of a buffer it is whole.
  const text = Buffer.from(bytea(hex), 'latin1').toString('latin1')
  accounts.set(hex, text)
  return text
}

export const accountOrNull = (hex: Hex | null | undefined): string | null => (hex ? account(hex) : null)

let lastMs = Number.NaN
let lastTime = new Date(Number.NaN)

/** A time (ms since the Unix epoch). Events of one block share theirs. */
export function time(ms: number): Date {
  if (ms !== lastMs) {
    lastTime = new Date(ms)
    lastMs = ms
  }
  return lastTime
}

/** A row's name: where its event stands in the log. */
export const idOf = (event: LogEvent): string => `${event.netuid}-${event.seq}`

/** Name of what other events point at, known before `seq` is: height and event index are unique in a chain. */
export const refId = (
  netuid: number,
  at: { readonly height: number; readonly eventIndex?: number | null },
): string => `${netuid}-${at.height}-${at.eventIndex ?? 'x'}`

/** Columns of every row that an event opens. */
export const opened = (event: LogEvent): Row => ({
  netuid: event.netuid,
  subnet_instance: event.subnetInstance,
  valid_from: event.height,
  valid_to: null,
  from_seq: event.seq,
  to_seq: null,
})

/** Columns that change when an event ends a row. */
export const ended = (event: LogEvent, reason: string): Row => ({
  valid_to: event.height,
  to_seq: event.seq,
  end_reason: reason,
})

export const blockOf = (event: LogEvent): Row => ({
  extrinsic_index: event.extrinsicIndex ?? null,
  event_index: event.eventIndex ?? null,
  block_hash: bytea(event.blockHash),
  block_time: time(event.blockTime),
})

/** Text as PostgreSQL can hold it and a reader can trust: NUL and invalid UTF-8 become U+FFFD, and `exact` says so. */
export function shownText(hex: Hex): { readonly text: string; readonly exact: boolean } {
  const bytes = Buffer.from(hex.slice(2), 'hex')
  const text = bytes.toString('utf8')
  // Text without the sign of what could not be read was all read.
  if (!text.includes('\0')) return { text, exact: !text.includes('\ufffd') || isUtf8(bytes) }
  return { text: text.replaceAll('\0', '\ufffd'), exact: false }
}
