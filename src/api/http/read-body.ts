import type { IncomingMessage } from 'node:http'
import { refuse } from '../graphql/api-error'

/** The whole body, or a refusal as soon as it is known to be too long. @throws LedgerError SL-API-BODY */
export function readBody(request: IncomingMessage, maxBodyBytes: number): Promise<Buffer> {
  const tooLong = () =>
    refuse('SL-API-BODY', 'The request body is too long.', `Send at most ${maxBodyBytes} bytes.`)
  if (Number(request.headers['content-length'] ?? 0) > maxBodyBytes) return Promise.reject(tooLong())
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let bytes = 0
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.byteLength
      if (bytes > maxBodyBytes) {
        request.removeAllListeners('data')
        reject(tooLong())
      } else chunks.push(chunk)
    })
    request.on('end', () => resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)))
    request.on('error', reject)
    request.on('close', () => {
      if (!request.complete) reject(refuse('SL-API-BODY', 'The request broke off.', 'Send it again.'))
    })
  })
}

const utf8 = new TextDecoder('utf-8', { fatal: true })

/** @throws LedgerError SL-API-ENCODING (not UTF-8), SL-API-JSON (not one JSON object) */
export function parseParams(body: Buffer): Record<string, unknown> {
  let text: string
  try {
    text = utf8.decode(body)
  } catch {
    throw refuse('SL-API-ENCODING', 'The request body is not valid UTF-8.', 'Encode the JSON as UTF-8.')
  }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw refuse('SL-API-JSON', 'The request body is not valid JSON.', 'Send {"query": …, "variables": …}.')
  }
  if (Array.isArray(value)) {
    throw refuse('SL-API-BATCH', 'Several queries in one body are not answered.', 'Send one request each.')
  }
  if (value === null || typeof value !== 'object') {
    throw refuse(
      'SL-API-JSON',
      'The request body is not a JSON object.',
      'Send {"query": …, "variables": …}.',
    )
  }
  return value as Record<string, unknown>
}
