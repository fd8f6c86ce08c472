import type { ClientBase } from 'pg'
import type { LogEvent, LogName } from '../log/envelope'
import { projections } from './all'
import { logOf, type Projection } from './fold/projection'
import { Readers } from './fold/readers'
import type { TableRule } from './fold/table-rule'
import { Batch, ruleOf } from './store/batch'
import { flush, loadOrdinals, type Place, SERVED } from './store/flush'
import { runSweep } from './store/sweep'

interface FoldsOfLog {
  readonly readers: Readers
  readonly rules: Readonly<Record<string, TableRule>>
  /** Netuids whose numbers are known. */
  readonly known: Set<number>
}

/** Keeps read models in step with the logs, within the caller's transaction. Each fold is given the events of its own log. */
export class Projector {
  private readonly ordinals = new Map<string, number>()
  private readonly logs = new Map<LogName, FoldsOfLog>()

  constructor(
    folds: readonly Projection[] = projections,
    private readonly place: Place = SERVED,
  ) {
    for (const log of new Set(folds.map(logOf))) {
      const own = folds.filter((fold) => logOf(fold) === log)
      const rules = Object.assign({}, ...own.map(({ tables }) => tables))
      this.logs.set(log, { readers: new Readers(own), rules, known: new Set() })
    }
  }

  /** After a rollback what was counted is not there. */
  reset(): void {
    this.ordinals.clear()
    for (const { known } of this.logs.values()) known.clear()
  }

  async apply(client: ClientBase, events: readonly LogEvent[]): Promise<void> {
    for (const [log, own] of this.logs) {
      const of = events.filter((event) => event.log === log)
      if (of.length > 0) await this.applyLog(client, of, own)
    }
  }

  private async applyLog(client: ClientBase, events: readonly LogEvent[], own: FoldsOfLog): Promise<void> {
    if (!events.every((event) => own.known.has(event.netuid))) await this.learn(client, events, own)
    let batch = new Batch(this.ordinals, own.rules)
    for (const event of events) {
      for (const fold of own.readers.of(event)) fold.apply(event, batch)
      if (batch.sweeps.length === 0) continue
      // A sweep looks at the tables as they are by now, and may give numbers itself.
      await flush(client, batch, this.place)
      for (const sweep of batch.sweeps)
        await runSweep(client, sweep, ruleOf(own.rules, sweep.table), this.place)
      batch = new Batch(this.ordinals, own.rules)
    }
    await flush(client, batch, this.place)
  }

  /** Each log has a writer of its own: numbers of another log's tables are not to be kept here. */
  private async learn(client: ClientBase, events: readonly LogEvent[], own: FoldsOfLog): Promise<void> {
    const unknown = [...new Set(events.map((event) => event.netuid))].filter((n) => !own.known.has(n))
    const numbered = Object.keys(own.rules).filter((table) => own.rules[table]!.hasOrdinal)
    for (const [key, next] of await loadOrdinals(client, numbered, unknown, this.place))
      this.ordinals.set(key, next)
    for (const netuid of unknown) own.known.add(netuid)
  }
}
