import { Client } from 'pg'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../database/test-database'
import { append } from './append'
import { canonicalJson } from './canonical-json'
import type { EventDraft } from './envelope'
import { HeadCache } from './heads'
import { leafTextOf } from './leaf'
import { Frontier } from './merkle/frontier'
import { hashLeaf } from './merkle/hash'
import { logHead, logHeads, readEvents } from './read'
import { sampleDrafts, sampleHash } from './sample-drafts'

const id = { log: 'chain', netuid: 122 } as const

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
    const appended = await append(client, sampleDrafts(count))
    expect(appended.map((event) => event.seq)).toEqual(Array.from({ length: count }, (_, i) => i))
    expect(await readEvents(client, id)).toEqual(appended)
    for (const event of appended) {
      const { leafHash, ...envelope } = event
      expect(leafTextOf(event)).toBe(canonicalJson(envelope))
      expect(leafHash).toBe(`0x${hashLeaf(canonicalJson(envelope))}`)
    }
  })

  it('gives one root however the same events are cut into batches', async () => {
    const frontier = new Frontier()
    for (const [from, count] of [
      [0, 1],
      [1, 255],
      [256, 300],
      [556, 3],
      [559, 441],
    ] as const) {
      const events = await append(client, sampleDrafts(count, { from }))
      for (const event of events) frontier.push(event.leafHash.slice(2), () => {})
    }
    const root = `0x${frontier.root()}`
    expect(await logHead(client, id)).toEqual({ ...id, size: 1000, root, height: 199 })
    await append(
      client,
      sampleDrafts(1000, { netuid: 67 }).map((d) => ({ ...d, netuid: 67 })),
    )
    const { rows } = await client.query(
      `select netuid, array_agg(hash order by idx) as tiles from log_tile group by netuid`,
    )
    expect(rows.map((row) => row.tiles.length)).toEqual([3, 3])
  })

  it('numbers each subnet and each log by itself within one batch', async () => {
    const chain = sampleDrafts(5)
    const other = sampleDrafts(4, { netuid: 94 })
    const mixed = [chain[0]!, other[0]!, other[1]!, chain[1]!, chain[2]!, other[2]!, other[3]!, chain[3]!]
    const seqs = (await append(client, mixed)).map((event) => `${event.netuid}:${event.seq}`)
    expect(seqs).toEqual(['122:0', '94:0', '94:1', '122:1', '122:2', '94:2', '94:3', '122:3'])
    expect((await logHeads(client)).map(({ netuid, size }) => [netuid, size])).toEqual([
      [94, 4],
      [122, 4],
    ])
  })

  it('keeps text exactly: quotes, backslashes, tabs, NUL bytes as escapes, emoji', async () => {
    const raw = `"\\\t\n\r\u0000<script>\u2028😀é`
    const draft: EventDraft<'Undecoded'> = {
      ...sampleDrafts(1)[0]!,
      type: 'Undecoded',
      payload: { what: 'event', name: raw, specVersion: 1, reason: raw, raw },
    }
    await append(client, [draft])
    await append(
      client,
      Array.from({ length: 300 }, () => draft),
    )
    const events = await readEvents(client, id)
    expect(events).toHaveLength(301)
    for (const event of events) expect(event.payload).toEqual(draft.payload)
  })

  it.each<[string, Partial<EventDraft>]>([
    ['an unknown type', { type: 'Nonsense' as never }],
    [
      'a payload with an unknown property',
      { payload: { ...sampleDrafts(1)[0]!.payload, extra: 1 } as never },
    ],
    ['a payload without a property', { payload: { who: sampleHash(1) } as never }],
    ['upper-case hex', { actor: sampleHash(1).toUpperCase() }],
    ['a short block hash', { blockHash: '0x00' }],
    ['a negative height', { height: -1 }],
    ['a fraction as height', { height: 1.5 }],
    ['an empty idempotency key', { idempotencyKey: '' }],
  ])('refuses %s and writes nothing', async (_, over) => {
    for (const count of [3, 600]) {
      const drafts = sampleDrafts(count).with(-1, { ...sampleDrafts(count).at(-1)!, ...over } as EventDraft)
      await client.query('begin')
      await expect(append(client, drafts)).rejects.toMatchObject({ code: 'SL-EVENT-INVALID' })
      await client.query('rollback')
      expect(await readEvents(client, id)).toEqual([])
    }
  })

  it('refuses a block below the last one of the log', async () => {
    await append(client, sampleDrafts(20))
    await expect(append(client, sampleDrafts(1))).rejects.toMatchObject({ code: 'SL-OUT-OF-ORDER' })
  })

  it('goes on from cached heads without reading them, and notices a foreign writer', async () => {
    const cache = new HeadCache()
    await append(client, sampleDrafts(10), cache)
    await append(client, sampleDrafts(10, { from: 10 }), cache)
    expect((await logHead(client, id))?.size).toBe(20)
    await append(client, sampleDrafts(1, { from: 20 }))
    const late = append(client, sampleDrafts(1, { from: 20 }), cache)
    await expect(late).rejects.toMatchObject({ code: 'SL-SECOND-WRITER' })
    expect(await append(client, sampleDrafts(1, { from: 21 }), cache)).toMatchObject([{ seq: 21 }])
  })

  describe('idempotency keys', () => {
    const keyed = (key: string, n: number, over: Partial<EventDraft> = {}) =>
      ({ ...sampleDrafts(1, { from: n })[0]!, log: 'platform', idempotencyKey: key, ...over }) as EventDraft

    it('returns the event in the log instead of writing it again', async () => {
      const [first] = await append(client, [keyed('a', 0)])
      const repeated = await append(client, [
        keyed('a', 0, { height: 500, blockHash: sampleHash(9) }),
        keyed('b', 1),
        keyed('b', 1),
        keyed('c', 2),
      ])
      expect(repeated.map((event) => event.seq)).toEqual([0, 1, 1, 2])
      expect(repeated[0]).toEqual(first)
      expect((await logHead(client, { log: 'platform', netuid: 122 }))?.size).toBe(3)
    })

    it('refuses one key for two different events', async () => {
      await append(client, [keyed('a', 0)])
      const other = append(client, [keyed('a', 1)])
      await expect(other).rejects.toMatchObject({ code: 'SL-IDEMPOTENCY-CONFLICT' })
      const sameBatch = append(client, [keyed('z', 2), keyed('z', 3)])
      await expect(sameBatch).rejects.toMatchObject({ code: 'SL-IDEMPOTENCY-CONFLICT' })
    })

    it('may repeat in another log or subnet', async () => {
      await append(client, [keyed('a', 0), keyed('a', 1, { netuid: 67 }), keyed('a', 2, { log: 'engine' })])
      expect((await logHeads(client)).map((head) => head.size)).toEqual([1, 1, 1])
    })
  })
})
