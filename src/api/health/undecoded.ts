import type { Pool } from 'pg'
import { Gauge, type Registry } from 'prom-client'

/** By the index of types: as many rows are read as there are such events, and there should be none. */
const COUNT = `
  select h.netuid, (
    select count(*)::float8 from log_event where log = 'chain' and netuid = h.netuid and type = 'Undecoded') as events
  from log_head h where h.log = 'chain'`

/** What was seen on the chain and not understood, counted when the metrics are asked for. */
export function reportUndecoded(pool: Pool, registry: Registry): void {
  new Gauge({
    name: 'subledger_undecoded_events',
    help: 'Events of the chain that were not understood and are kept raw; anything above 0 wants a look.',
    labelNames: ['netuid'],
    registers: [registry],
    async collect() {
      // Metrics answer without the database too; then this one keeps what it knew.
      const { rows } = await pool
        .query<{ netuid: number; events: number }>({ name: 'undecoded_events', text: COUNT })
        .catch(() => ({ rows: [] }))
      for (const { netuid, events } of rows) this.set({ netuid: String(netuid) }, events)
    },
  })
}
