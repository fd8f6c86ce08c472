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
    const chain = events.filter((event) => event.log === 'chain')
    if (chain.length === 0) return
    await this.learn(client, chain)
    let batch = new Batch(this.ordinals, this.firsts)
    for (const event of chain) {
      for (const fold of this.folds) fold.apply(event, batch)
      if (batch.rewrites.length === 0) continue
      // A rewrite looks at the tables as they are by now, and may number rows itself.
      await flush(client, batch, this.place)
      this.reset()
      await this.learn(client, chain)
      batch = new Batch(this.ordinals, this.firsts)
    }
    await flush(client, batch, this.place)
  }

  private async learn(client: ClientBase, events: readonly LogEvent[]): Promise<void> {
    const unknown = [...new Set(events.map((event) => event.netuid))].filter((n) => !this.known.has(n))
    if (unknown.length === 0) return
    for (const [key, next] of await loadOrdinals(client, unknown, this.place)) this.ordinals.set(key, next)
    for (const netuid of unknown) this.known.add(netuid)
  }
}
