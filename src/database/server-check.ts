import type { ClientBase } from 'pg'
import { LedgerError } from '../errors/ledger-error'

const SERVER_VERSION_MIN = 15

/**
 * Refuses servers that cannot keep what the log promises.
 * @throws LedgerError SL-PG-TOO-OLD, SL-PG-FSYNC-OFF, SL-PG-ENCODING
 */
export async function checkServer(client: Pick<ClientBase, 'query'>, allowFsyncOff = false): Promise<void> {
  const { rows } = await client.query(
    `select current_setting('server_version_num')::int / 10000 as version, current_setting('fsync') as fsync,
       current_setting('server_version') as named, current_setting('server_encoding') as encoding`,
  )
  const { version, fsync, named, encoding } = rows[0]
  if (version < SERVER_VERSION_MIN) {
    throw new LedgerError('SL-PG-TOO-OLD', 'user', `This PostgreSQL is version ${named}.`, {
      remedy: `Use PostgreSQL ${SERVER_VERSION_MIN} to 18, or leave DATABASE_URL out for the embedded one.`,
      facts: { version: named },
    })
  }
  if (encoding !== 'UTF8') {
    throw new LedgerError('SL-PG-ENCODING', 'user', `The database is encoded in ${encoding}, not UTF8.`, {
      remedy: "Create it anew: create database NAME encoding 'UTF8' template template0.",
      facts: { encoding },
    })
  }
  if (fsync === 'off' && !allowFsyncOff) {
    throw new LedgerError('SL-PG-FSYNC-OFF', 'user', 'This PostgreSQL runs with fsync=off.', {
      remedy: 'Set fsync=on and restart PostgreSQL: with it off, a power cut can destroy the log.',
    })
  }
}
