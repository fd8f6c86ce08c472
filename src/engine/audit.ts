import type { ClientBase } from 'pg'
import { LedgerError } from '../errors/ledger-error'
import { canonicalJson } from '../log/canonical-json'
import type { PayloadOf } from '../log/catalogue'
import type { LogEvent, LogName } from '../log/envelope'
import { readEvents } from '../log/read'
import type { ReadPoint, RowSource, TableOrigins } from '../projections/core/row-source'
import { SqlRows } from '../projections/core/sql-rows'
import { decideAt, type RootAt, storedRoots } from './decide-at'
import { firstDifference } from './first-difference'
import type { SubnetSystem } from './system'

type DecisionMade = PayloadOf<'DecisionMade'>

export interface Audit {
  /** The decision computed again from the logs is the recorded one, to the last bit. */
  readonly equal: boolean
  /** Path of the first value that differs, e.g. /u16/0/value; null when equal. */
  readonly firstDifference: string | null
  readonly recorded: unknown
  readonly recomputed: unknown
}

/** Computes a decision again from rows at the point that it names, and compares every field of it. */
export async function auditDecision(
  system: SubnetSystem,
  event: LogEvent,
  source: RowSource,
  rootAt: RootAt,
): Promise<Audit> {
  const recorded = event.payload as DecisionMade
  const { epoch, epochEndsAt, trigger } = recorded
  const again = await decideAt(system, source, { epoch, epochEndsAt, trigger }, rootAt)
  if (!again) return { equal: false, firstDifference: '/policy', recorded: recorded.policy, recomputed: null }
  if (canonicalJson(again.payload) === canonicalJson(recorded)) {
    return { equal: true, firstDifference: null, recorded: null, recomputed: null }
  }
  return { equal: false, ...firstDifference(recorded, again.payload) }
}

/** The point of the logs that a decision was made at. */
export function pointOf(event: LogEvent): ReadPoint {
  const { read } = event.payload as DecisionMade
  const size = (log: LogName) => read.find((state) => state.log === log)?.size ?? 0
  const sizes = { chain: size('chain'), platform: size('platform'), engine: size('engine') }
  return { netuid: event.netuid, height: event.height, sizes }
}

/** Audits a decision by its number in the engine log, from the served read models. @throws LedgerError SL-NO-DECISION */
export async function auditStored(
  client: Pick<ClientBase, 'query'>,
  system: SubnetSystem,
  originOf: TableOrigins,
  { netuid, seq }: { readonly netuid: number; readonly seq: number },
): Promise<Audit> {
  const [event] = await readEvents(client, { log: 'engine', netuid, fromSeq: seq, limitEvents: 1 })
  if (event?.seq !== seq || event.type !== 'DecisionMade') throw noDecision(netuid, seq)
  const source = new SqlRows(client, pointOf(event), originOf)
  return auditDecision(system, event, source, storedRoots(client, netuid))
}

const noDecision = (netuid: number, seq: number) =>
  new LedgerError('SL-NO-DECISION', 'user', `Event ${seq} of the engine log of ${netuid} is no decision.`, {
    remedy: 'Take the number from the query `decisions`.',
    facts: { netuid, seq },
  })
