import type { ClientBase } from 'pg'
import type { LogEvent, LogName } from '../log/envelope'
import { projections } from './all'
import { logOf, type Projection } from './fold/projection'
import type { TableRule } from './fold/table-rule'
import { Batch, type Firsts } from './store/batch'
import { flush, loadOrdinals, type Place, SERVED } from './store/flush'

interface FoldsOfLog {
  readonly folds: readonly Projection[]
  readonly rules: Readonly<Record<string, TableRule>>
  /** Netuids whose numbers are known. */
  readonly known: Set<number>
}

/** Keeps read models in step with the logs, within the caller's transaction. Each fold is given the events of its own log. */
export class Projector {
  private readonly ordinals = new Map<string, number>()
  private readonly logs = new Map<LogName, FoldsOfLog>()
  private writing: Promise<void> = Promise.resolve()

  constructor(
    folds: readonly Projection[] = projections,
    private readonly place: Place = SERVED,
    /** Given by a rebuild only. */
    private readonly firsts?: Firsts,
  ) {
    for (const log of new Set(folds.map(logOf))) {
      const own = folds.filter((fold) => logOf(fold) === log)
      const rules = Object.assign({}, ...own.map(({ tables }) => tables))
      this.logs.set(log, { folds: own, rules, known: new Set() })
    }
  }

  /** After a rollback what was counted is not there. */
  reset(): void {
    this.ordinals.clear()
    for (const { known } of this.logs.values()) known.clear()
  }

  async apply(client: ClientBase, events: readonly LogEvent[]): Promise<void> {
    await this.begin(client, events)
    await this.settled()
  }

  /**
   * Folds the events and leaves writing them to go on beside whatever comes next: reading and folding the next ones.
   * What was begun before is written first. A failure shows at the next call or at `settled`.
   */
  async begin(client: ClientBase, events: readonly LogEvent[]): Promise<void> {
    for (const [log, own] of this.logs) {
      const of = events.filter((event) => event.log === log)
      if (of.length > 0) await this.beginLog(client, of, own)
    }
  }

  private async beginLog(client: ClientBase, events: readonly LogEvent[], own: FoldsOfLog): Promise<void> {
    if (!events.every((event) => own.known.has(event.netuid))) {
      await this.settled()
      await this.learn(client, events, own)
    }
    let batch = new Batch(this.ordinals, own.rules, this.firsts)
    for (const event of events) {
      for (const fold of own.folds) fold.apply(event, batch)
      if (batch.rewrites.length === 0) continue
      // A rewrite looks at the tables as they are by now, and may give numbers itself.
      await this.write(client, batch)
      await this.settled()
      batch = new Batch(this.ordinals, own.rules, this.firsts)
    }
    await this.write(client, batch)
  }

  /** Everything that was begun is written. */
  async settled(): Promise<void> {
    await this.writing
  }

  private async write(client: ClientBase, batch: Batch): Promise<void> {
    await this.writing
    this.writing = flush(client, batch, this.place)
    // Heard at the next call; unheard in between, it would end the process.
    this.writing.catch(() => undefined)
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
