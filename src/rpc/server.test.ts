import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { RawJson } from './raw-json'
import { RpcError } from './rpc-error'
import { type RpcServer, type RpcServerOptions, startRpcServer } from './server'

const echo: RpcServerOptions['handle'] = ({ method, params }, session) => {
  if (method === 'raw') return new RawJson('{"a":1}')
  if (method === 'late') return new Promise((resolve) => setTimeout(resolve, 5, params[0]))
  if (method === 'refuse') throw new RpcError(4003, 'refused', { why: 'test' })
  if (method === 'break') throw new Error('broken')
  if (method === 'subscribe') {
    setImmediate(() => session.notify('news', 'id1', new RawJson('[7]')))
    return 'id1'
  }
  return params
}

describe('the JSON-RPC server', () => {
  let server: RpcServer
  afterEach(() => server.close())
  const start = async (options: Partial<RpcServerOptions> = {}) => {
    server = await startRpcServer({ port: 0, handle: echo, ...options })
  }
  const post = async (body: string) => {
    const response = await fetch(server.httpUrl, { method: 'POST', body })
    return { status: response.status, text: await response.text() }
  }
  const connect = async () => {
    const socket = new WebSocket(server.wsUrl)
    const received: unknown[] = []
    const waiting: (() => void)[] = []
    socket.on('message', (data) => {
      received.push(JSON.parse(data.toString()))
      waiting.shift()?.()
    })
    await new Promise((resolve) => socket.once('open', resolve))
    const next = async () => {
      if (received.length === 0) await new Promise<void>((resolve) => waiting.push(resolve))
      return received.shift()
    }
    return { socket, next }
  }

  it('answers a call over HTTP', async () => {
    await start()
    const { text } = await post('{"jsonrpc":"2.0","id":1,"method":"echo","params":[1,"x"]}')
    expect(JSON.parse(text)).toEqual({ jsonrpc: '2.0', id: 1, result: [1, 'x'] })
  })

  it('answers a batch in its order though calls end in another, and leaves notifications out', async () => {
    await start()
    const { text } = await post(
      '[{"id":1,"method":"late","params":["slow"]},{"method":"echo"},{"id":"b","method":"raw"},{"id":3,"method":"refuse"}]',
    )
    expect(JSON.parse(text)).toEqual([
      { jsonrpc: '2.0', id: 1, result: 'slow' },
      { jsonrpc: '2.0', id: 'b', result: { a: 1 } },
      { jsonrpc: '2.0', id: 3, error: { code: 4003, message: 'refused', data: { why: 'test' } } },
    ])
  })

  it.each([
    ['text that is not JSON', '{"id":1', -32700],
    ['an empty batch', '[]', -32600],
    ['a number', '5', -32600],
    ['a call without method', '{"id":1}', -32600],
    ['named params', '{"id":1,"method":"echo","params":{"a":1}}', -32600],
    ['a handler that breaks', '{"id":1,"method":"break"}', -32603],
  ])('answers %s with an error', async (_name, body, code) => {
    await start()
    expect(JSON.parse((await post(body)).text).error.code).toBe(code)
  })

  it('refuses bodies and batches beyond the limits', async () => {
    await start({ limits: { maxRequestBytes: 100, maxBatchCalls: 2 } })
    expect((await post(`"${'x'.repeat(200)}"`)).status).toBe(413)
    expect(JSON.parse((await post('[1,2,3]')).text).error.code).toBe(-32600)
  })

  it('serves calls, batches and subscriptions over a WebSocket', async () => {
    await start()
    const { socket, next } = await connect()
    socket.send('{"id":1,"method":"echo","params":[2]}')
    expect(await next()).toEqual({ jsonrpc: '2.0', id: 1, result: [2] })
    socket.send('[{"id":2,"method":"late","params":[3]},{"id":3,"method":"raw"}]')
    expect(await next()).toMatchObject([{ result: 3 }, { result: { a: 1 } }])
    socket.send('{"id":4,"method":"subscribe"}')
    expect(await next()).toMatchObject({ result: 'id1' })
    expect(await next()).toEqual({
      jsonrpc: '2.0',
      method: 'news',
      params: { subscription: 'id1', result: [7] },
    })
    socket.close()
  })

  it('cuts every connection on demand and serves new ones', async () => {
    await start()
    const { socket } = await connect()
    const closed = new Promise((resolve) => socket.once('close', resolve))
    server.dropConnections()
    await closed
    expect((await post('{"id":1,"method":"echo","params":[]}')).status).toBe(200)
  })

  it('tells the handler when a client has gone', async () => {
    let gone = () => {}
    const closed = new Promise<void>((resolve) => {
      gone = resolve
    })
    await start({ handle: (_request, session) => session.onClose(gone) })
    const { socket, next } = await connect()
    socket.send('{"id":1,"method":"x"}')
    await next()
    socket.close()
    await closed
  })

  it('says that the port is taken', async () => {
    await start()
    const other = createServer()
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    const { port } = other.address() as AddressInfo
    await expect(startRpcServer({ port, handle: echo })).rejects.toMatchObject({ code: 'SL-PORT-TAKEN' })
    other.close()
  })
})
