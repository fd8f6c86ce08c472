import { type Api, startApi } from '../../api/start-api'
import type { Settings } from '../../config/config'
import type { HttpHost } from '../../http/http-host'
import type { Logger } from '../../observability/logger'
import type { Session } from '../session'
import { wantedSystems } from './open-systems'

interface ApiSources {
  readonly databaseUrl: string
  /** Node whose finalized head the API asks for by itself. */
  readonly nodeUrl?: string | undefined
  readonly logger: Logger
  /** Routes of the platforms, when they run in this process. */
  readonly platforms?: HttpHost['handle']
}

export async function openApi(settings: Settings, sources: ApiSources, session: Session): Promise<Api> {
  const api = await startApi({
    host: settings.apiHost,
    port: settings.apiPort,
    databaseUrl: sources.databaseUrl,
    nodeUrl: sources.nodeUrl,
    poolConnections: settings.apiPoolConnections,
    readyLagBlocks: settings.readyLagBlocks,
    limits: {
      maxDepth: settings.maxDepth,
      maxCost: settings.maxCost,
      maxTokens: settings.maxTokens,
      maxPageRows: settings.maxPageRows,
      statementTimeoutMs: settings.statementTimeoutMs,
    },
    systems: wantedSystems(settings),
    ...(sources.platforms && { platforms: sources.platforms }),
    logger: sources.logger,
  })
  session.closers.add('API', () => api.close())
  return api
}
