import { writeSync } from 'node:fs'
import { loadState } from '../chain/processor/load-state'
import { runIndexer } from '../chain/processor/run-indexer'
import { startReadAhead } from '../chain/read-ahead/read-ahead'
import { connect } from '../database/connect'
import { LedgerDatabase } from '../database/ledger-database'
import { Projector } from '../projections/projector'
import { cpuMsSince, type Timing } from './bare-processor'
import { SYNTHETIC_NETUIDS } from './source/synthetic-blocks'

/** Entry of a process of its own: indexes to the height, prints one line of JSON and ends. */
async function main([url, to, databaseUrl, through]: string[]): Promise<void> {
  const readAhead = through === 'read-ahead' ? await startReadAhead({ upstreamUrl: url! }) : undefined
  let begun = { at: 0n, cpu: process.cpuUsage() }
  let timing: Timing = { blocks: 0, elapsedMs: 0, cpuMs: 0 }
  // The clock runs from the moment the database is connected, as for the bare processor.
  const begin = (): void => {
    begun = { at: process.hrtime.bigint(), cpu: process.cpuUsage() }
  }
  const note = (height: number): void => {
    const elapsedMs = Number(process.hrtime.bigint() - begun.at) / 1e6
    timing = { blocks: height + 1, elapsedMs, cpuMs: cpuMsSince(begun.cpu) }
  }
  const database = new LedgerDatabase({
    url: databaseUrl!,
    identity: {
      genesisHash: `0x${'00'.repeat(32)}`,
      network: 'bench',
      netuids: SYNTHETIC_NETUIDS,
      startHeight: 0,
    },
    afterCommit: ({ height }) => note(height),
  })
  const projector = new Projector()
  const client = await connect(databaseUrl!)
  await runIndexer({
    rpcUrl: readAhead?.url ?? url!,
    fromHeight: 0,
    toHeight: Number(to),
    netuids: SYNTHETIC_NETUIDS,
    database,
    loadState: () => {
      begin()
      return loadState(client)
    },
    project: (store, events) => projector.apply(store.client, events),
    bootstrap: 'none',
  })
  await client.end()
  await readAhead?.close()
  writeSync(1, `${JSON.stringify(timing)}\n`)
  process.exit(0)
}

main(process.argv.slice(2)).catch((error) => {
  console.error(error)
  process.exit(1)
})
