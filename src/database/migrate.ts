import type { DataSource } from 'typeorm'
import { createDataSource } from './data-source'
import { grantWriter } from './writer-role'

/** Any number; two migrating processes wait for each other on it. */
const MIGRATION_LOCK = 7_201_554_401

/**
 * Brings the database to the present schema; does nothing when it is there already.
 * @returns names of the migrations that ran
 */
export async function migrate(url: string): Promise<string[]> {
  const source = createDataSource({ url, poolSize: 2 })
  await source.initialize()
  try {
    return await migrateLocked(source)
  } finally {
    await source.destroy()
  }
}

async function migrateLocked(source: DataSource): Promise<string[]> {
  const lock = source.createQueryRunner()
  try {
    await lock.query('select pg_advisory_lock($1)', [MIGRATION_LOCK])
    const ran = await source.runMigrations()
    await grantWriter(lock)
    return ran.map((migration) => migration.name)
  } finally {
    await lock.query('select pg_advisory_unlock_all()').catch(() => undefined)
    await lock.release()
  }
}
