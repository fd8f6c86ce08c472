import { createServer, type Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { fetchLimited, jsonOf } from './fetch-text'

const limits = { timeoutMs: 2_000, maxBytes: 1_000 }

describe('an answer of another host', () => {
  let server: Server
  const listen = async (answer: Parameters<typeof createServer>[1]) => {
    server = createServer(answer as never)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  }
  afterEach(() => {
    server.closeAllConnections()
    server.close()
  })

  it('comes with its status; headers and body go there as given', async () => {
    const url = await listen((request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk) => chunks.push(chunk))
      request.on('end', () => {
        const { method, headers } = request
        response.writeHead(404).end(JSON.stringify({ method, key: headers.key, body: String(chunks[0]) }))
      })
    })
    const { status, body } = await fetchLimited(url, limits, {
      method: 'POST',
      headers: { key: 'k' },
      body: 'ä',
    })
    expect([status, jsonOf(body)]).toEqual([404, { method: 'POST', key: 'k', body: 'ä' }])
  })

  it('is asked for again when a kept connection was closed by the host just then, but nothing is posted twice', async () => {
    const seen = new Map<Socket, number>()
    let asked = 0
    const url = await listen((request, response) => {
      asked += 1
      const nth = (seen.get(request.socket) ?? 0) + 1
      seen.set(request.socket, nth)
      if (nth > 1) request.socket.destroy()
      else response.end('x')
    })
    expect((await fetchLimited(url, limits)).status).toBe(200)
    // The connection is free for the next one a moment after the answer is there.
    await pause(50)
    expect((await fetchLimited(url, limits)).status).toBe(200)
    await pause(50)
    expect([asked, seen.size]).toEqual([3, 2])
    await expect(fetchLimited(url, limits, { method: 'POST', body: '' })).rejects.toMatchObject({
      code: 'unreachable',
    })
    expect(asked).toBe(4)
  })

  it('that breaks off is none', async () => {
    const url = await listen((_, response) => {
      response.writeHead(200, { 'content-length': 100 })
      response.write('half')
      setTimeout(() => response.destroy(), 20)
    })
    await expect(fetchLimited(url, limits)).rejects.toMatchObject({ code: 'unreachable' })
  })

  it('may be exactly as long as allowed', async () => {
    const url = await listen(({ url: path }, response) => response.end('x'.repeat(Number(path!.slice(1)))))
    expect((await fetchLimited(`${url}1000`, limits)).body).toHaveLength(1_000)
    await expect(fetchLimited(`${url}1001`, limits)).rejects.toMatchObject({ code: 'too_large' })
  })
})
