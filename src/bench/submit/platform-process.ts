import { readConfig } from '../../config/config'
import { createPool } from '../../database/connect'
import { createHttpHost } from '../../http/http-host'
import { bitrecs } from '../../platform/bitrecs'
import { openPlatform } from '../../platform/core/open-platform'
import { SqlChainFacts } from '../../projections/chain-facts'
import { Projector } from '../../projections/projector'
import { NETUID } from './fill-chain'

const POOL_CONNECTIONS = 8

/** The platform in a process of its own, as `subledger platform` opens it; says where it listens. */
async function main(): Promise<void> {
  const databaseUrl = process.env.BENCH_DATABASE_URL!
  const gistUrl = process.env.BENCH_GIST_URL!
  const pool = createPool(databaseUrl, { max: POOL_CONNECTIONS })
  const projector = new Projector()
  const platform = await openPlatform(bitrecs, {
    databaseUrl,
    netuid: NETUID,
    facts: new SqlChainFacts(pool),
    clock: Date.now,
    settings: {
      ...readConfig({}, {}),
      bitrecsGistApiUrl: gistUrl,
      bitrecsGistRawUrl: gistUrl,
      bitrecsNumEvalsPerAgent: 0,
      bitrecsArtifactsPerInterval: 1_000_000,
      bitrecsSubmitsPerMinute: 10_000_000,
    },
    defaultPolicy: { id: 'bench', effectiveFromBlock: 0 },
    project: (client, events) => projector.apply(client, events),
    onRollback: () => projector.reset(),
  })
  const host = await createHttpHost({
    modules: [{ system: 'bitrecs', routes: platform.routes }],
    version: 'bench',
  })
  const url = await host.app.listen({ port: 0, host: '127.0.0.1' })
  process.on('disconnect', () => process.exit(0))
  // Whoever asks is told the processor time that was used so far (ms).
  process.on('message', () => {
    const { user, system } = process.cpuUsage()
    process.send?.((user + system) / 1000)
  })
  process.send?.({ url })
}

main().catch((error) => {
  console.error(error)
  process.exit(1)
})
