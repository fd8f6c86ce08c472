import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { LogEvent } from '../../log/envelope'
import { createWebhook } from './webhook'

const event = (seq: number, type = 'DivergenceFound') =>
  ({ log: 'engine', netuid: 122, seq, type, height: 7, payload: { cause: 'burn' } }) as unknown as LogEvent

describe('the webhook for alarms', () => {
  let server: Server | undefined
  const stop = new AbortController()
  afterEach(() => server?.close())

  async function receive(statuses: number[]) {
    const got: { seq: number; key: string | undefined }[] = []
    server = createServer((request, response) => {
      let body = ''
      request.on('data', (chunk) => {
        body += chunk
      })
      request.on('end', () => {
        const status = statuses.shift() ?? 200
        if (status === 200) {
          got.push({ seq: JSON.parse(body).seq, key: request.headers['idempotency-key'] as string })
        }
        response.writeHead(status).end()
      })
    })
    await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve))
    return { got, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/alarm` }
  }

  it('posts alarms in their order, with a key that tells repetitions, and nothing else', async () => {
    const { got, url } = await receive([])
    const webhook = createWebhook({ url, onFailure: () => undefined, signal: stop.signal })
    webhook([event(4, 'DecisionMade'), event(5), event(6, 'DivergenceEnded')])
    webhook([event(7)])
    webhook([
      { ...event(8, 'Undecoded'), log: 'chain' },
      { ...event(9, 'Committed'), log: 'chain' },
    ])
    await vi.waitFor(() => expect(got.map(({ seq }) => seq)).toEqual([5, 6, 7, 8]))
    expect(got.map(({ key }) => key)).toEqual(['engine/122/5', 'engine/122/6', 'engine/122/7', 'chain/122/8'])
  })

  it('tries again when the receiver fails, before it goes on with the next', async () => {
    const { got, url } = await receive([500, 503])
    const webhook = createWebhook({ url, onFailure: () => undefined, signal: stop.signal })
    webhook([event(1), event(2)])
    await vi.waitFor(() => expect(got.map(({ seq }) => seq)).toEqual([1, 2]), { timeout: 10_000 })
  })

  it('gives one up after five failures, says so, and delivers the next', { timeout: 30_000 }, async () => {
    const { got, url } = await receive([500, 500, 500, 500, 500])
    const failed: number[] = []
    const webhook = createWebhook({ url, onFailure: (_, { seq }) => failed.push(seq), signal: stop.signal })
    webhook([event(1), event(2)])
    await vi.waitFor(() => expect(got.map(({ seq }) => seq)).toEqual([2]), { timeout: 20_000 })
    expect(failed).toEqual([1])
  })
})
