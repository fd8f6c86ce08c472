import type { IncomingMessage, ServerResponse } from 'node:http'
import { answerMessage, type RpcHandler } from './answer'
import type { RpcLimits } from './limits'
import type { RpcSession } from './server'

/** Serves JSON-RPC by HTTP POST on any path. A request cannot be notified later: `notify` does nothing. */
export async function serveHttp(
  request: IncomingMessage,
  response: ServerResponse,
  handle: RpcHandler,
  limits: RpcLimits,
): Promise<void> {
  allowBrowsers(response)
  if (request.method === 'OPTIONS') {
    response.writeHead(204).end()
    return
  }
  if (request.method !== 'POST') {
    response.writeHead(405, { allow: 'POST' }).end('JSON-RPC is served by POST\n')
    return
  }
  const body = await readBody(request, limits.maxRequestBytes)
  if (body === undefined) {
    response
      .writeHead(413, { connection: 'close' })
      .end(`A request may hold ${limits.maxRequestBytes} bytes\n`)
    return
  }
  const answer = await answerMessage(body, handle, httpSession(response), limits.maxBatchCalls)
  if (response.destroyed) return
  if (answer === undefined) {
    response.writeHead(204).end()
    return
  }
  response
    .writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(answer) })
    .end(answer)
}

/** Chain explorers run in the browser and talk to any node by address; so do they to this one. */
function allowBrowsers(response: ServerResponse): void {
  response.setHeader('access-control-allow-origin', '*')
  response.setHeader('access-control-allow-headers', 'content-type')
}

function httpSession(response: ServerResponse): RpcSession {
  return {
    transport: 'http',
    notify: () => {},
    onClose: (listener) => response.once('close', listener),
  }
}

/** Undefined when the body is longer than allowed. */
async function readBody(request: IncomingMessage, maxRequestBytes: number): Promise<string | undefined> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request) {
    bytes += (chunk as Buffer).length
    if (bytes > maxRequestBytes) return undefined
    chunks.push(chunk as Buffer)
  }
  return Buffer.concat(chunks).toString('utf8')
}
