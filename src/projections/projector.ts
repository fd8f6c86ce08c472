import type { ClientBase } from 'pg'
import type { LogEvent } from '../log/envelope'
import { projections } from './all'
import type { Projection } from './fold/projection'
import { Batch, type Firsts } from './store/batch'
import { flush, loadOrdinals, type Place, SERVED } from './store/flush'

/** Keeps read models in step with the chain log, within the caller's transaction. */
export class Projector {
  private readonly ordinals = new Map<string, number>()
  private readonly known = new Set<number>()
  private writing: Promise<void> = Promise.resolve()

  constructor(
    private readonly folds: readonly Projection[] = projections,
    private readonly place: Place = SERVED,
    /** Given by a rebuild only. */
    private readonly firsts?: Firsts,
  ) {}

  /** After a rollback what was counted is not there. */
  reset(): void {
    this.ordinals.clear()
    this.known.clear()
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
    const chain = events.filter((event) => event.log === 'chain')
    if (chain.length === 0) return
    if (!chain.every((event) => this.known.has(event.netuid))) {
      await this.settled()
      await this.learn(client, chain)
    }
    let batch = new Batch(this.ordinals, this.firsts)
    for (const event of chain) {
      for (const fold of this.folds) fold.apply(event, batch)
      if (batch.rewrites.length === 0) continue
      // A rewrite looks at the tables as they are by now, and may give numbers itself.
      await this.write(client, batch)
      await this.settled()
      batch = new Batch(this.ordinals, this.firsts)
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

  private async learn(client: ClientBase, events: readonly LogEvent[]): Promise<void> {
    const unknown = [...new Set(events.map((event) => event.netuid))].filter((n) => !this.known.has(n))
    if (unknown.length === 0) return
    const tables = this.folds.flatMap((fold) => fold.tables)
    for (const [key, next] of await loadOrdinals(client, tables, unknown, this.place))
      this.ordinals.set(key, next)
    for (const netuid of unknown) this.known.add(netuid)
  }
}
