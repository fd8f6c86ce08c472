import { Client } from 'pg'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../database/test-database'
import { append } from './append'
import type { EventDraft } from './envelope'
import { leafTextOf } from './leaf'
import { hashLeaf } from './merkle/hash'
import { logHead, readEvents } from './read'

const account = (n: number) => `0x${n.toString(16).padStart(64, '0')}`

export function draft(n: number, over: Partial<EventDraft> = {}): EventDraft {
  return {
    log: 'chain',
    netuid: 122,
    subnetInstance: 3,
    type: 'TenureEnded',
    height: 100 + n,
    blockHash: account(1000 + n),
    blockTime: 1_763_000_000_123 + n * 12_000,
    extrinsicIndex: 2,
    callPath: [1, 0],
    eventIndex: 7,
    actor: account(n),
    payload: { uid: n % 65_536, hotkey: account(n), registeredAt: 5, reason: 'replaced' },
    ...over,
  } as EventDraft
}
const drafts = (count: number) => Array.from({ length: count }, (_, n) => draft(n))

describe('append', () => {
  let database: TestDatabase
  let client: Client
  beforeEach(async () => {
    database = await createTestDatabase()
    client = new Client({ connectionString: database.url })
    await client.connect()
  })
  afterEach(async () => {
    await client.end()
    await database.drop()
  })

  it.each([
    ['one INSERT', 20],
    ['COPY', 700],
  ])('by %s returns what is read back, numbered without gaps and hashed', async (_, count) => {
    const appended = await append(client, drafts(count))
    expect(appended.map((event) => event.seq)).toEqual(Array.from({ length: count }, (_, i) => i))
    expect(await readEvents(client, { log: 'chain', netuid: 122 })).toEqual(appended)
    for (const event of appended) {
      expect(event.leafHash).toBe(`0x${hashLeaf(leafTextOf(event)).toString('hex')}`)
    }
    expect(await logHead(client, { log: 'chain', netuid: 122 })).toMatchObject({
      size: count,
      height: 99 + count,
    })
  })
})
