import { loadState } from '../chain/processor/load-state'
import { runIndexer } from '../chain/processor/run-indexer'
import { connect } from '../database/connect'
import { LedgerDatabase } from '../database/ledger-database'
import { Projector } from './projector'

/** Entry of a process that tests kill: indexes to the height and ends. */
async function main([rpcUrl, genesisHash, databaseUrl, to]: string[]): Promise<void> {
  const client = await connect(databaseUrl!)
  const projector = new Projector()
  const identity = { genesisHash: genesisHash!, network: 'test', netuids: 'all' as const }
  await runIndexer({
    rpcUrl: rpcUrl!,
    genesisHash: genesisHash!,
    fromHeight: 0,
    toHeight: Number(to),
    netuids: 'all',
    bootstrap: 'snapshot',
    database: new LedgerDatabase({ url: databaseUrl!, identity }),
    loadState: () => loadState(client),
    project: (store, events) => projector.apply(store.client, events),
  })
  process.exit(0)
}

main(process.argv.slice(2)).catch((error) => {
  console.error(error)
  process.exit(1)
})
