import type { IncomingMessage, ServerResponse } from 'node:http'
import { gzipSync } from 'node:zlib'
import { sendText } from './answer'
import { sampleQueries } from './sample-queries'

/** What the page may load: itself. Scripts are inside the page; nothing comes from elsewhere. */
const CONTENT_POLICY = [
  "default-src 'self'",
  "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob: data:",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "worker-src 'self' blob: data:",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join('; ')

export const asksForPage = (request: IncomingMessage): boolean =>
  request.method === 'GET' && request.headers.accept?.includes('text/html') === true

let page: Buffer | undefined

/** GraphiQL with sample queries. The page is 9 MB of script, so it is packed once, when first asked for. */
export async function sendGraphiQL(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql')
  const render = () =>
    renderGraphiQL({ title: 'Subledger', defaultQuery: sampleQueries, shouldPersistHeaders: false })
  const headers = { 'content-security-policy': CONTENT_POLICY, 'x-frame-options': 'DENY' }
  if (!/\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''))) {
    sendText(response, 200, 'text/html; charset=utf-8', render(), headers)
    return
  }
  page ??= gzipSync(render())
  sendText(response, 200, 'text/html; charset=utf-8', page, { ...headers, 'content-encoding': 'gzip' })
}
