import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { connect, createPool, withClient } from './connect'
import { withDatabaseErrors } from './database-error'
import { createTestDatabase, type TestDatabase } from './test-database'

/** What an operator, a failover or a stopping server does to every connection. */
const cutOff = (url: string) =>
  withClient(url, (client) =>
    client.query(
      `select pg_terminate_backend(pid, 5000) from pg_stat_activity
       where datname = current_database() and pid <> pg_backend_pid()`,
    ),
  )

/** The event of a broken connection comes in a later turn; unheard, it would fail the whole run. */
const untilHeard = () => new Promise((resolve) => setTimeout(resolve, 100))

describe('a connection to the database', () => {
  let test: TestDatabase
  beforeEach(async () => {
    test = await createTestDatabase()
  })
  afterEach(() => test.drop())

  it('does not end the process when it is cut off while nobody asks; the next query says so', async () => {
    const client = await connect(test.url)
    await cutOff(test.url)
    await untilHeard()
    await expect(withDatabaseErrors(() => client.query('select 1'))).rejects.toMatchObject({
      code: 'SL-DB-LOST',
    })
    await client.end()
  })

  it('says once, by the query, that it was cut off while it asked', async () => {
    const client = await connect(test.url)
    const asking = withDatabaseErrors(() => client.query('select pg_sleep(30)'))
    const refused = expect(asking).rejects.toMatchObject({ code: 'SL-DB-LOST' })
    await cutOff(test.url)
    await refused
    await untilHeard()
    await client.end()
  })

  it('is replaced by its pool, which tells of it', async () => {
    const told: Error[] = []
    const pool = createPool(test.url, { max: 1 }, (error) => told.push(error))
    await pool.query('select 1')
    await cutOff(test.url)
    await untilHeard()
    expect(told).toMatchObject([{ code: '57P01' }])
    expect((await pool.query('select 1 as one')).rows).toEqual([{ one: 1 }])
    await pool.end()
  })

  it('bears the name by which the embedded server knows that it is in use', async () => {
    const name = await withClient(test.url, (client) => client.query('show application_name'))
    expect(name.rows).toEqual([{ application_name: 'subledger' }])
  })
})
