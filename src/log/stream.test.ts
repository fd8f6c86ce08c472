import { Client } from 'pg'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../database/test-database'
import { append } from './append'
import type { EventDraft, LogEvent } from './envelope'
import { readEvents } from './read'
import { sampleDrafts } from './sample-drafts'
import { type StreamRange, streamEvents } from './stream'

describe('the stream of all events', () => {
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
  const collect = async (range?: StreamRange) => {
    const events: LogEvent[] = []
    for await (const batch of streamEvents(client, range)) events.push(...batch)
    return events
  }

  it('gives exactly what pages give, log by log', async () => {
    const one = await append(client, sampleDrafts(2500))
    const other = await append(client, sampleDrafts(30, { netuid: 67 }))
    expect(await collect()).toEqual([...other, ...one])
    expect(await collect({ log: 'chain', netuid: 122, fromSeq: 2490 })).toEqual(one.slice(2490))
    expect(await collect({ types: ['NeuronRegistered'], netuid: 67 })).toEqual([other[15]])
    expect(await collect({ netuid: 122, toHeight: 101 })).toEqual(one.slice(0, 20))
    expect(await collect({ types: [] })).toEqual([])
    expect(await collect({ netuid: 1 })).toEqual([])
  })

  it('gives back text that COPY must escape, and members that are absent', async () => {
    const { actor, callPath, extrinsicIndex, eventIndex, ...bare } = sampleDrafts(1)[0]!
    const raw = `\\N"\\\\\t\n\r\b\f\v\u0000😀é`
    const payload = { what: 'event', name: raw, specVersion: 1, reason: '', raw } as const
    const draft = { ...bare, type: 'Undecoded', payload, idempotencyKey: `k\\N\n\t\v` } as EventDraft
    await append(client, [draft])
    const [event] = await collect()
    expect(event).toMatchObject(draft)
    expect(await readEvents(client, { log: 'chain', netuid: 122 })).toEqual([event])
    expect(Object.keys(event!)).not.toContain('actor')
  })
})
