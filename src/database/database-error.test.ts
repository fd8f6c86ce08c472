import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { connect, withClient } from './connect'
import { withDatabaseErrors } from './database-error'
import { checkServer } from './server-check'
import { createTestDatabase, type TestDatabase } from './test-database'

const ROLE = 'subledger_error_test'

/** Each trouble is made in a real server, so that the code is the one which PostgreSQL really gives. */
describe('what PostgreSQL refuses is said in words of ours', () => {
  let test: TestDatabase
  const admin = (statement: string) => withClient(test.url, (client) => client.query(statement))
  const urlWith = (change: (url: URL) => void): string => {
    const url = new URL(test.url)
    change(url)
    return url.toString()
  }
  const asRole = () => urlWith((url) => (url.username = ROLE))
  const ask = (url: string, ...statements: string[]) =>
    withDatabaseErrors(() =>
      withClient(url, async (client) => {
        for (const statement of statements) await client.query(statement)
      }),
    )

  beforeAll(async () => {
    test = await createTestDatabase()
    await admin(`create role ${ROLE} login`)
  })
  afterAll(async () => {
    await admin(`drop owned by ${ROLE}; drop role ${ROLE}`)
    await test.drop()
  })

  it('a user who may not come in', async () => {
    await admin(`alter role ${ROLE} nologin`)
    await expect(ask(asRole(), 'select 1')).rejects.toMatchObject({ code: 'SL-DB-AUTH', kind: 'user' })
    await admin(`alter role ${ROLE} login`)
  })

  it('a database that is not there', async () => {
    const url = urlWith((it) => (it.pathname = '/nowhere'))
    await expect(ask(url, 'select 1')).rejects.toMatchObject({ code: 'SL-DB-MISSING', kind: 'user' })
  })

  it('a server that is not there', async () => {
    const url = 'postgresql://someone@127.0.0.1:1/none'
    await expect(ask(url, 'select 1')).rejects.toMatchObject({
      code: 'SL-DB-UNREACHABLE',
      kind: 'retryable',
    })
  })

  it('no connection that is left', async () => {
    await admin(`alter role ${ROLE} connection limit 1`)
    const only = await connect(asRole())
    await expect(ask(asRole(), 'select 1')).rejects.toMatchObject({
      code: 'SL-DB-CONNECTIONS',
      kind: 'retryable',
    })
    await only.end()
    await admin(`alter role ${ROLE} connection limit -1`)
  })

  it('writing where only reading is allowed', async () => {
    const writing = ask(test.url, 'set default_transaction_read_only = on', `delete from indexed_block`)
    await expect(writing).rejects.toMatchObject({ code: 'SL-DB-READ-ONLY', kind: 'user' })
  })

  it('a right that is lacking', async () => {
    await expect(ask(asRole(), 'create table public.mine (a int)')).rejects.toMatchObject({
      code: 'SL-DB-PERMISSION',
      kind: 'user',
    })
  })

  it('a statement that takes too long', async () => {
    const slow = ask(test.url, 'set statement_timeout = 20', 'select pg_sleep(10)')
    await expect(slow).rejects.toMatchObject({ code: 'SL-DB-TIMEOUT', kind: 'retryable' })
  })

  it('a change of the log', async () => {
    const changing = ask(
      test.url,
      `insert into indexed_block values (1, '\\x01', 'epoch')`,
      'update log_head set size = size - 1 where false; truncate log_event',
    )
    await expect(changing).rejects.toMatchObject({ code: 'SL-APPEND-ONLY', kind: 'contradiction' })
  })

  it('an encoding that cannot hold what miners write', async () => {
    const name = `ascii_${process.pid}`
    await admin(`create database ${name} encoding 'SQL_ASCII' locale 'C' template template0`)
    const url = urlWith((it) => (it.pathname = `/${name}`))
    const checking = withClient(url, (client) => checkServer(client, true))
    await expect(checking).rejects.toMatchObject({ code: 'SL-PG-ENCODING', facts: { encoding: 'SQL_ASCII' } })
    await admin(`drop database ${name} with (force)`)
  })

  it('nothing, where nothing is wrong with the database', async () => {
    const own = new Error('of another kind')
    await expect(withDatabaseErrors(() => Promise.reject(own))).rejects.toBe(own)
    expect(await ask(inject('postgresUrl'), 'select 1')).toBeUndefined()
  })
})
