import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface SeenRequest {
  readonly method: string
  readonly url: string
  readonly headers: IncomingHttpHeaders
  // biome-ignore lint/suspicious/noExplicitAny: bodies of providers are of many shapes
  readonly body: any
}

export interface TestHost {
  readonly url: string
  readonly seen: SeenRequest[]
  close(): Promise<void>
}

/** A host of this machine that speaks a provider's API. Text is sent as it is, everything else as JSON. */
export async function startTestHost(
  answer: (request: SeenRequest) => { readonly status?: number; readonly body: unknown } | 'hang',
): Promise<TestHost> {
  const seen: SeenRequest[] = []
  const server = createServer(async (request, response) => {
    let text = ''
    for await (const chunk of request) text += chunk
    const { method = '', url = '', headers } = request
    const one = { method, url, headers, body: text === '' ? undefined : JSON.parse(text) }
    seen.push(one)
    const given = answer(one)
    if (given === 'hang') return
    const { status = 200, body } = given
    response
      .writeHead(status, { 'content-type': 'application/json' })
      .end(typeof body === 'string' ? body : JSON.stringify(body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
