import { afterEach, describe, expect, it } from 'vitest'
import { blockHashOf, startTestApi, type TestApi } from './test-api'
import { registrationDraft } from './test-drafts'
import { openStream } from './test-sse'

let test: TestApi
afterEach(() => test.close())

const liveSeqs = 'subscription { newEvents(netuid: 122, fromSeq: "0") { seq height } }'

describe('live queries', () => {
  it('give the backlog and then what comes, without a gap and without a repetition', async () => {
    test = await startTestApi({ limits: { maxBufferedEvents: 7 } })
    const block = (height: number) =>
      test.index(
        height,
        [0, 1, 2, 3, 4].map((uid) => registrationDraft({ height, uid })),
      )
    for (let height = 1; height <= 8; height += 1) await block(height)
    const stream = await openStream(test.api.url, liveSeqs)
    const seen: number[] = []
    const arriving = (async () => {
      for (let height = 9; height <= 20; height += 1) await block(height)
    })()
    while (seen.length < 100) seen.push(Number((await stream.next()).data.newEvents.seq))
    await arriving
    expect(seen).toEqual(Array.from({ length: 100 }, (_, seq) => seq))
    stream.close()
  })

  it('begin with what comes when no number is named, and filter by type', async () => {
    test = await startTestApi()
    await test.index(1, [registrationDraft({ height: 1, uid: 0 })])
    const stream = await openStream(
      test.api.url,
      'subscription { newEvents(netuid: 122, types: ["NeuronRegistered"]) { seq type } }',
    )
    const first = stream.next()
    await until(async () => /subscriptions\{kind="events"\} 1/.test(await metricsOf(test)))
    await test.index(2, [registrationDraft({ height: 2, uid: 1 })])
    expect((await first).data.newEvents).toEqual({ seq: '1', type: 'NeuronRegistered' })
    stream.close()
  })

  it('name each new head', async () => {
    test = await startTestApi()
    await test.index(1, [registrationDraft({ height: 1, uid: 0 })])
    const stream = await openStream(test.api.url, 'subscription { heads { height blockHash logs { size } } }')
    expect((await stream.next()).data.heads).toEqual({
      height: 1,
      blockHash: blockHashOf(1),
      logs: [{ size: '1' }],
    })
    await test.index(2, [])
    expect((await stream.next()).data.heads.height).toBe(2)
    stream.close()
  })

  it('give their place back when the client goes away', async () => {
    test = await startTestApi({ limits: { maxSubscriptions: 1 } })
    await test.index(1, [registrationDraft({ height: 1, uid: 0 })])
    const first = await openStream(test.api.url, 'subscription { heads { height } }')
    expect((await first.next()).data.heads.height).toBe(1)
    const refused = await openStream(test.api.url, 'subscription { heads { height } }')
    expect((await refused.next()).errors[0].extensions.code).toBe('SL-API-BUSY')
    first.close()
    await until(async () => /subscriptions\{kind="heads"\} 0/.test(await metricsOf(test)))
    const second = await openStream(test.api.url, 'subscription { heads { height } }')
    expect((await second.next()).data.heads.height).toBe(1)
    second.close()
  })

  it('cut off a client that takes nothing', async () => {
    test = await startTestApi({ limits: { slowClientTimeoutMs: 100 } })
    const many = Array.from({ length: 4000 }, (_, uid) => registrationDraft({ height: 1, uid }))
    await test.index(1, many)
    const wide = `subscription { newEvents(netuid: 122, fromSeq: "0") { seq payload leafHash blockHash a: payload b: payload
      c: payload d: payload e: payload f: payload } }`
    const stream = await openStream(test.api.url, wide)
    await until(async () => /code="SL-API-SLOW-CLIENT"\} 1/.test(await metricsOf(test)))
    await expect(drain(stream)).rejects.toThrow()
  })

  it('end with an error that says how to go on when the server closes', async () => {
    test = await startTestApi()
    await test.index(1, [registrationDraft({ height: 1, uid: 0 })])
    const stream = await openStream(test.api.url, liveSeqs)
    expect((await stream.next()).data.newEvents.seq).toBe('0')
    const closing = test.api.close()
    expect((await stream.next()).errors[0].extensions.code).toBe('SL-API-CLOSING')
    await closing
  })
})

const metricsOf = async (of: TestApi) => (await fetch(`${of.api.url}/metrics`)).text()

async function drain(stream: { next(): Promise<unknown> }): Promise<void> {
  while ((await stream.next()) !== undefined);
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 10))
}
