import type { ServedSystem } from '../../api/systems'
import { version } from '../../api/version'
import type { Settings } from '../../config/config'
import { createPool } from '../../database/connect'
import { createWebhook } from '../../engine/alarm/webhook'
import { Engine } from '../../engine/engine'
import { followHead } from '../../engine/follow-head'
import { type SystemOnSubnet, systemsOn } from '../../engine/systems'
import { createHttpHost, type HttpHost, type RouteModule } from '../../http/http-host'
import type { LogEvent } from '../../log/envelope'
import type { Logger } from '../../observability/logger'
import type { PolicyData } from '../../platform/core/open-platform'
import { SqlChainFacts } from '../../projections/chain-facts'
import { Projector } from '../../projections/projector'
import { tableOrigins } from '../../projections/table-origins'
import type { Session } from '../session'

interface Surroundings {
  readonly databaseUrl: string
  readonly logger: Logger
}

/** Connections of the read routes and chain facts of all platforms together. */
const POOL_CONNECTIONS = 8

/** First policies by system; without one a system begins with its usual policy. */
export type Policies = Readonly<Record<string, PolicyData>>

/** The subnet systems of the settings, on the subnets that are indexed. */
export const wantedSystems = (settings: Settings): ServedSystem[] =>
  systemsOn(settings.systems, settings.netuids ?? 'all')

/** Platforms of the wanted systems, as one set of routes. */
export async function openPlatforms(
  settings: Settings,
  { databaseUrl, logger }: Surroundings,
  session: Session,
  policies: Policies = {},
): Promise<HttpHost> {
  const pool = createPool(databaseUrl, { max: POOL_CONNECTIONS }, (error) =>
    logger.warn({ err: error }, 'a database connection broke off'),
  )
  session.closers.add('platforms’ connections', () => pool.end())
  const facts = new SqlChainFacts(pool)
  const modules: RouteModule[] = []
  for (const { netuid, system } of wantedSystems(settings)) {
    const projector = new Projector()
    const platform = await system.openPlatform({
      databaseUrl,
      netuid,
      facts,
      settings,
      clock: Date.now,
      defaultPolicy: policies[system.name] ?? system.defaultPolicy,
      project: (client, events) => projector.apply(client, events),
      onRollback: () => projector.reset(),
      onFailure: (error) => logger.warn({ err: error, netuid }, 'the platform’s clock failed'),
    })
    session.closers.add(`platform of ${netuid}`, () => platform.close())
    const reads = system.readRoutes({ netuid, pool, facts, settings }, tableOrigins())
    // Existing clients know paths at the root; only one subnet of a system can have them.
    const isSecond = modules.some((module) => module.system === system.name)
    const place = { system: system.name, ...(isSecond && { prefix: `/${netuid}` }) }
    modules.push({ ...place, routes: platform.routes })
    if (reads) modules.push({ ...place, routes: reads })
  }
  const host = await createHttpHost({ modules, version: version(), trustProxy: settings.trustProxy })
  session.closers.add('platforms’ routes', () => host.close())
  return host
}

/** Runs the engines of the wanted systems until the session ends. Rejects when one fails. */
export async function runEngines(
  settings: Settings,
  { databaseUrl, logger }: Surroundings,
  session: Session,
): Promise<void> {
  const { signal } = session
  const engines = await Promise.all(
    wantedSystems(settings).map((on) => openEngine(on, settings, { databaseUrl, logger }, session)),
  )
  const work = async () => {
    for (const engine of engines) await engine.catchUp(signal)
  }
  if (engines.length === 0) return
  const following = followHead(databaseUrl, work, signal)
  // Whoever is interrupted does not wait for this function: what it still does comes to its end before anything is closed.
  session.closers.add('engines', () => following.catch(() => undefined))
  await following
}

/** Where alarms go besides the terminal; undefined: nowhere. */
export function openWebhook(
  { alarmWebhookUrl: url }: Settings,
  logger: Logger,
  { signal }: Session,
): ((events: readonly LogEvent[]) => void) | undefined {
  if (!url) return undefined
  const onFailure = (error: unknown, { netuid, seq }: LogEvent) =>
    logger.error({ err: error, netuid, seq }, 'an alarm was not delivered')
  return createWebhook({ url, signal, onFailure })
}

async function openEngine(
  { netuid, system }: SystemOnSubnet,
  settings: Settings,
  { databaseUrl, logger }: Surroundings,
  session: Session,
): Promise<Engine> {
  const projector = new Projector()
  const webhook = openWebhook(settings, logger, session)
  const engine = await Engine.open({
    databaseUrl,
    netuid,
    system,
    originOf: tableOrigins(),
    project: (client, events) => projector.apply(client, events),
    onRollback: () => projector.reset(),
    ...(webhook && { onEvents: webhook }),
  })
  session.closers.add(`engine of ${netuid}`, () => engine.close())
  return engine
}
