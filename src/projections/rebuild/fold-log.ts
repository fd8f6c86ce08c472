import type { Client } from 'pg'
import { LedgerError } from '../../errors/ledger-error'
import type { EventType } from '../../log/catalogue'
import type { LogEvent, LogName } from '../../log/envelope'
import { streamEvents } from '../../log/stream'
import { logOf, type Projection } from '../fold/projection'
import { Readers } from '../fold/readers'
import { asLogEvent, type ChainEvent, chainEvents } from './chain-events'
import { LogOrder } from './log-order'
import type { MemorySink } from './memory-sink'
import { sparseLists } from './sparse-payload'

/** By log and netuid: the next event wanted. */
export type Positions = Map<LogName, Map<number, number>>

/** The log lies so mixed on disk that reading it in its own order is better. */
export class TooMixed extends Error {}

/** Folds every log that the read models need, from its first event on. @returns how far that was */
export async function foldLogs(
  reader: Client,
  folds: readonly Projection[],
  sink: MemorySink,
  options: { readonly order: 'stored' | 'numbered'; readonly onEvents: (events: number) => void },
): Promise<Positions> {
  const positions: Positions = new Map()
  for (const log of new Set(folds.map(logOf))) {
    const own = folds.filter((fold) => logOf(fold) === log)
    if (log === 'chain') positions.set(log, await foldChain(reader, own, sink, options))
    else positions.set(log, await foldOther(reader, log, own, sink, options.onEvents))
  }
  return positions
}

async function foldChain(
  reader: Client,
  folds: readonly Projection[],
  sink: MemorySink,
  { order, onEvents }: { order: 'stored' | 'numbered'; onEvents: (events: number) => void },
): Promise<Map<number, number>> {
  const turns = new LogOrder<ChainEvent>()
  const readers = new Readers(folds)
  const wanted = { payloadsOf: payloadsOf(folds), sparse: sparseLists(folds) }
  for await (const events of chainEvents(reader, order, wanted)) {
    for (const event of events) {
      let next: ChainEvent | undefined = turns.isNext(event) ? event : undefined
      for (; next; next = turns.following(event.netuid)) {
        for (const fold of readers.of(next)) fold.apply(asLogEvent(next), sink)
        if (sink.hasSweeps) await sink.sweep()
      }
    }
    if (turns.isTooMixed) throw new TooMixed()
    onEvents(events.length)
    await sink.settle()
  }
  if (turns.leftOver) throw gap(turns.leftOver, turns.next.get(turns.leftOver.netuid) ?? 0)
  return turns.next
}

function payloadsOf(folds: readonly Projection[]): readonly EventType[] | undefined {
  if (folds.some(({ reads }) => reads === undefined)) return undefined
  return [...new Set(folds.flatMap(({ reads }) => reads!))]
}

/** Platform and engine logs are short beside the chain's: whole events, in their order. */
async function foldOther(
  reader: Client,
  log: LogName,
  folds: readonly Projection[],
  sink: MemorySink,
  onEvents: (events: number) => void,
): Promise<Map<number, number>> {
  const next = new Map<number, number>()
  const readers = new Readers(folds)
  for await (const events of streamEvents(reader, { log })) {
    for (const event of events) {
      for (const fold of readers.of(event)) fold.apply(event, sink)
      if (sink.hasSweeps) await sink.sweep()
      next.set(event.netuid, event.seq + 1)
    }
    onEvents(events.length)
    await sink.settle()
  }
  return next
}

function gap({ netuid, seq }: Pick<LogEvent, 'netuid' | 'seq'>, wanted: number): LedgerError {
  return new LedgerError(
    'SL-REBUILD-GAP',
    'contradiction',
    `The log of netuid ${netuid} lacks event ${wanted}.`,
    {
      remedy:
        'Keep the database as evidence; `subledger verify` names what is wrong. The read models are as they were.',
      facts: { netuid, wanted, found: seq },
    },
  )
}
