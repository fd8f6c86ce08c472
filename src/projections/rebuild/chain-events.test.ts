import { Client } from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../database/test-database'
import { append } from '../../log/append'
import type { EventType } from '../../log/catalogue'
import { projections } from '../all'
import { logOf } from '../fold/projection'
import { randomDrafts } from '../test-random-log'
import { type ChainEvent, chainEvents } from './chain-events'

let database: TestDatabase
let client: Client
beforeAll(async () => {
  database = await createTestDatabase()
  client = new Client({ connectionString: database.url })
  await client.connect()
  await client.query('begin')
  await append(client, randomDrafts(3, 400))
  await client.query('commit')
})
afterAll(async () => {
  await client.end()
  await database.drop()
})

async function read(payloadsOf: readonly EventType[] | undefined): Promise<ChainEvent[]> {
  const all: ChainEvent[] = []
  for await (const events of chainEvents(client, 'numbered', { payloadsOf })) {
    all.push(...events.map((event) => event.copy()))
  }
  return all
}

it('payloads that were asked for are there, and asking for another one is refused instead of answered by nothing', async () => {
  const [whole, some] = [await read(undefined), await read(['Committed', 'TenureEnded'])]
  expect(some.map(({ netuid, seq, type }) => [netuid, seq, type])).toEqual(
    whole.map(({ netuid, seq, type }) => [netuid, seq, type]),
  )
  let given = 0
  for (const [i, event] of some.entries()) {
    if (event.type === 'Committed' || event.type === 'TenureEnded') {
      expect(event.payload).toEqual(whole[i]!.payload)
      given += 1
    } else expect(() => event.payload).toThrow(`no fold reads the payload of ${event.type}`)
  }
  expect(given).toBeGreaterThan(0)
  expect(given).toBeLessThan(some.length)
})

it('every read model of the chain says which events it is given: one that does not makes its whole share read all payloads', () => {
  const silent = projections.filter((fold) => logOf(fold) === 'chain' && fold.reads === undefined)
  expect(silent.map(({ name }) => name)).toEqual([])
})
