import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type HostileRequest, hostileRequests } from './limits/hostile-requests'
import { startTestApi, type TestApi } from './test-api'
import { registrationDraft } from './test-drafts'

const COUNT = 200
const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31))

/** What a client must never see of us. */
const givenAway = /node_modules|\bat .*\.(ts|js):\d|select |from log_event|pg-pool|postgres:\/\//i

interface Reply {
  readonly status: number
  readonly text: string
}

function send(url: string, hostile: HostileRequest): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url)
    const { method, path, headers } = hostile
    const sent = request({ hostname, port, method, path, headers, agent: false }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk) => {
        text += chunk
      })
      response.on('end', () => resolve({ status: response.statusCode!, text }))
    })
    sent.on('error', reject)
    sent.end(hostile.body)
  })
}

describe(`hostile requests (SEED=${seed})`, () => {
  let test: TestApi
  beforeAll(async () => {
    test = await startTestApi()
    await test.index(10, [registrationDraft({ height: 3, uid: 0 })])
  })
  afterAll(() => test.close())

  it.each(hostileRequests(COUNT, seed).map((hostile) => [hostile.name, hostile] as const))(
    'are answered by an error with a code and a remedy: %s',
    async (_, hostile) => {
      const { text, status } = await send(test.api.url, hostile)
      expect(status).toBeLessThan(500)
      const { errors, error } = JSON.parse(text)
      const shown = errors?.[0].extensions ?? error
      expect(shown?.code, text.slice(0, 300)).toMatch(/^SL-/)
      expect(shown.code).not.toBe('SL-API-INTERNAL')
      expect(shown.remedy.length).toBeGreaterThan(3)
      expect(text).not.toMatch(givenAway)
      expect(text.length).toBeLessThan(20_000)
    },
  )

  it('leave the server as it was', async () => {
    expect((await test.ask('{ status { indexedHeight } }')).data.status.indexedHeight).toBe(10)
    expect((await test.ask('{ events(netuid: 122) { totalCount } }')).data.events.totalCount).toBe(1)
  })
})
