import type { ServerResponse } from 'node:http'
import type { Pool } from 'pg'
import type { HeadWatch } from '../../observability/finalized-head'
import type { HeadFeed } from '../head/head-feed'
import type { ApiLimits } from '../limits/limits'
import type { FirstSubmissionReader } from '../read/first-submission'
import type { LiveRegistry } from '../stream/live-registry'
import type { Systems } from '../systems'
import type { Loaders } from './loaders'

/** What every resolver may use; the same for all requests of a server. */
export interface ApiServices {
  readonly pool: Pool
  readonly heads: HeadFeed
  /** Absent when no node was named: then lag is unknown. */
  readonly node: HeadWatch | undefined
  readonly limits: ApiLimits
  readonly firstSubmissions: FirstSubmissionReader
  readonly live: LiveRegistry
  /** Subnet systems whose decisions can be explained and computed again. */
  readonly systems: Systems
  readonly version: string
}

export interface ApiContext {
  readonly api: ApiServices
  readonly loaders: Loaders
  /** Where the answer goes; live queries watch it for clients that went away or stopped reading. */
  readonly response?: ServerResponse | undefined
}
