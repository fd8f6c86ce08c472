import { readConfig } from '../../config/config'
import { autoresearchRules } from '../../engine/systems/autoresearch-rules'
import { createHttpHost } from '../../http/http-host'
import { autoresearchPlatform } from '../../platform/autoresearch'
import { openPlatform } from '../../platform/core/open-platform'
import { Projector } from '../../projections/projector'

const NETUID = 94

/** The platform in a process of its own, with its read models; says where it listens. */
async function main(): Promise<void> {
  const projector = new Projector()
  const platform = await openPlatform(autoresearchPlatform(autoresearchRules), {
    databaseUrl: process.env.BENCH_DATABASE_URL!,
    netuid: NETUID,
    facts: {
      registration: async () => null,
      reveals: async () => [],
      metagraph: async () => ({ height: 0, uidOf: new Map(), permitted: null }),
    },
    clock: Date.now,
    settings: {
      ...readConfig({}, {}),
      autoresearchAdminToken: 'bench',
      autoresearchNeedsRegistration: false,
      autoresearchValidators: process.env.BENCH_VALIDATORS!,
      autoresearchRequestsPerMinute: 1_000_000,
    },
    defaultPolicy: autoresearchRules.defaultPolicy,
    project: (client, events) => projector.apply(client, events),
    onRollback: () => projector.reset(),
  })
  const modules = [{ system: 'autoresearch', routes: platform.routes }]
  const host = await createHttpHost({ modules, version: 'bench' })
  const url = await host.app.listen({ port: 0, host: '127.0.0.1' })
  process.on('disconnect', () => process.exit(0))
  process.send?.({ url })
}

main().catch((error) => {
  console.error(error)
  process.exit(1)
})
