import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What a relay says instead of the platform, or of its answer; undefined: nothing else. */
export type Change = (
  asked: { readonly method: string; readonly path: string },
  // biome-ignore lint/suspicious/noExplicitAny: answers are of many shapes
  answer: () => Promise<{ readonly status: number; readonly body: any }>,
) => Promise<{ readonly status: number; readonly body: unknown } | undefined>

/** Stands between a validator and the platform: every byte goes through, unless it is told to lie. */
export class PlatformRelay {
  change: Change = async () => undefined
  private readonly server = createServer((request, response) => void this.pass(request, response))

  private constructor(private readonly platformUrl: string) {}

  static async start(platformUrl: string, change?: Change): Promise<PlatformRelay> {
    const relay = new PlatformRelay(platformUrl)
    if (change) relay.change = change
    await new Promise<void>((resolve) => relay.server.listen(0, '127.0.0.1', resolve))
    return relay
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.server.close(() => resolve())
      this.server.closeAllConnections()
    })
  }

  private async pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const { method = 'GET', url: path = '/' } = request
    try {
      const forward = () => this.forward(request, Buffer.concat(chunks))
      const json = async () => {
        const answered = await forward()
        return { status: answered.status, body: await answered.json() }
      }
      const changed = await this.change({ method, path }, json)
      if (changed) return void response.writeHead(changed.status, JSON_TYPE).end(JSON.stringify(changed.body))
      const answered = await forward()
      response.writeHead(answered.status, { 'content-type': answered.headers.get('content-type') ?? '' })
      response.end(Buffer.from(await answered.arrayBuffer()))
    } catch (error) {
      response.writeHead(502, JSON_TYPE).end(JSON.stringify({ detail: String(error) }))
    }
  }

  private forward({ method, url, headers }: IncomingMessage, body: Buffer): Promise<Response> {
    const kept = Object.entries(headers).filter(([name]) => KEPT.test(name)) as [string, string][]
    return fetch(`${this.platformUrl}${url}`, {
      method: method!,
      headers: kept,
      ...(body.length > 0 && { body: new Uint8Array(body) }),
    })
  }
}

const JSON_TYPE = { 'content-type': 'application/json' }
/** What is signed with, and what the body is. */
const KEPT = /^(authorization|x-caster-.*|content-type)$/
