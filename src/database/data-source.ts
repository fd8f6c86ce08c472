import 'reflect-metadata'
import path from 'node:path'
import { SnakeNamingStrategy } from '@subsquid/typeorm-config/lib/namingStrategy'
import { DataSource, type EntityTarget, type ObjectLiteral } from 'typeorm'
import { projectRoot } from './project-root'

export interface DataSourceOptions {
  readonly url: string
  readonly poolSize?: number
  readonly entities?: readonly EntityTarget<ObjectLiteral>[]
}

const POOL_SIZE_DEFAULT = 4
const CONNECT_TIMEOUT_MS = 10_000
/** A writer that waits longer for a lock than this meets a foreign writer. */
const LOCK_TIMEOUT_MS = 30_000
const IDLE_IN_TRANSACTION_TIMEOUT_MS = 600_000

/** TypeORM over our migrations, with the naming of Subsquid's own configuration. */
export function createDataSource(options: DataSourceOptions): DataSource {
  return new DataSource({
    type: 'postgres',
    url: options.url,
    namingStrategy: new SnakeNamingStrategy(),
    entities: [...(options.entities ?? [])] as never,
    migrations: [path.join(projectRoot(), 'db/migrations/*.js')],
    migrationsTransactionMode: 'all',
    poolSize: options.poolSize ?? POOL_SIZE_DEFAULT,
    connectTimeoutMS: CONNECT_TIMEOUT_MS,
    applicationName: 'subledger',
    extra: {
      lock_timeout: LOCK_TIMEOUT_MS,
      idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_TIMEOUT_MS,
    },
  })
}
