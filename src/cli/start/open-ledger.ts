import path from 'node:path'
import type { Settings } from '../../config/config'
import { type OpenDatabase, openDatabase } from '../../database/open-database'
import type { Session } from '../session'

/** The database: the one that DATABASE_URL names, or the embedded one in the data folder. */
export async function openLedger(settings: Settings, session: Session): Promise<OpenDatabase> {
  const { databaseUrl } = settings
  const database = await openDatabase({
    ...(databaseUrl && { databaseUrl }),
    dataDir: path.resolve(settings.dataDir),
  })
  session.closers.add('database', () => database.close())
  return database
}
