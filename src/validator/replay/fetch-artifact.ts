import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { request } from 'node:https'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { isPrivateAddress } from '../../http/private-address'
import { ReplayFailed } from './replay-job'

const CHUNK_BYTES = 1_048_576
const IDLE_TIMEOUT_MS = 60_000

export interface ArtifactSource {
  readonly uri: string
  /** Lower-case hex. */
  readonly sha256: string
  readonly bytes: number
}

export interface FetchArtifactOptions {
  /** PEM of a certificate authority to trust instead of the system's. */
  readonly ca?: string
  /** For tests: hosts of this machine's own network are allowed. */
  readonly isPrivateAllowed?: boolean
  readonly signal?: AbortSignal
}

/**
 * Streams an artifact into a file: https alone, no redirects, Content-Length and length as declared, SHA-256 as declared
 * (spec autoresearch §7).
 * @throws ReplayFailed artifact_uri_not_https, artifact_host_private, artifact_unavailable, artifact_redirect_refused, artifact_size_mismatch,
 * artifact_sha256_mismatch
 */
export async function fetchArtifact(
  source: ArtifactSource,
  file: string,
  options: FetchArtifactOptions = {},
): Promise<void> {
  if (!URL.canParse(source.uri) || new URL(source.uri).protocol !== 'https:')
    throw new ReplayFailed('artifact_uri_not_https', 'the artifact is not at an https address')
  const response = await open(source.uri, options)
  try {
    checkHead(response, source.bytes)
    await keep(response, source, file)
  } finally {
    response.destroy()
  }
}

function open(uri: string, { ca, signal, isPrivateAllowed }: FetchArtifactOptions): Promise<IncomingMessage> {
  const unavailable = (error: Error) =>
    error instanceof ReplayFailed ? error : new ReplayFailed('artifact_unavailable', error.message)
  return new Promise((resolve, reject) => {
    const asked = request(uri, {
      headers: { 'accept-encoding': 'identity' },
      timeout: IDLE_TIMEOUT_MS,
      // A connection of its own: one that stands already would not be checked.
      agent: false,
      ...(ca && { ca }),
      ...(signal && { signal }),
    })
    asked.on('timeout', () => asked.destroy(new Error('the host sent nothing for a minute')))
    asked.on('error', (error) => reject(unavailable(error)))
    // The address that was really reached, before a byte is sent: no name can point elsewhere in between.
    asked.on('socket', (socket) =>
      socket.once('connect', () => {
        if (!isPrivateAllowed && isPrivateAddress(socket.remoteAddress ?? '127.0.0.1'))
          asked.destroy(
            new ReplayFailed('artifact_host_private', 'the host is in the network of the validator'),
          )
      }),
    )
    asked.on('response', resolve)
    asked.end()
  })
}

function checkHead({ statusCode = 0, headers }: IncomingMessage, bytes: number): void {
  if (statusCode >= 300 && statusCode < 400)
    throw new ReplayFailed('artifact_redirect_refused', `the host redirects (status ${statusCode})`)
  if (statusCode !== 200)
    throw new ReplayFailed('artifact_unavailable', `the host answers with status ${statusCode}`)
  if (headers['content-length'] !== String(bytes)) {
    const told = headers['content-length'] ?? 'no length'
    throw new ReplayFailed('artifact_size_mismatch', `declared ${bytes} bytes, the host says ${told}`)
  }
}

async function keep(response: IncomingMessage, source: ArtifactSource, file: string): Promise<void> {
  const hash = createHash('sha256')
  let bytes = 0
  const meter = new Transform({
    writableHighWaterMark: CHUNK_BYTES,
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length
      hash.update(chunk)
      done(null, chunk)
    },
  })
  await pipeline(response, meter, createWriteStream(file)).catch((error: Error) => {
    throw new ReplayFailed('artifact_unavailable', error.message)
  })
  if (bytes !== source.bytes)
    throw new ReplayFailed('artifact_size_mismatch', `declared ${source.bytes} bytes, got ${bytes}`)
  const found = hash.digest('hex')
  if (found !== source.sha256)
    throw new ReplayFailed('artifact_sha256_mismatch', `declared ${source.sha256}, got ${found}`)
}
