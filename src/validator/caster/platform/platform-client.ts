import { MAX_SCRIPT_BYTES } from '../../../mechanisms/caster/script'
import type { ScriptSigner } from '../submit-script'
import { readLimited } from '../tools/provider-request'
import { signedRequest } from './signed-request'

const TIMEOUT_MS = 30_000
const TEXT_MAX_BYTES = 1_048_576
const DETAIL_MAX_CHARS = 300

export interface PlatformOptions {
  /** Without /v1. */
  readonly baseUrl: string
  readonly signer: ScriptSigner
  /** Signs time and nonce too. */
  readonly isStrict?: boolean
  readonly timeoutMs?: number
}

/** The platform refused, or did not answer (status 0). */
export class PlatformRefused extends Error {
  constructor(
    readonly status: number,
    readonly detail: string,
  ) {
    super(`the platform answered ${status}: ${detail}`)
    this.name = 'PlatformRefused'
  }
}

/** A validator's side of the platform (spec caster §11). @throws PlatformRefused */
export class PlatformClient {
  constructor(private readonly options: PlatformOptions) {}

  async register(baseUrl: string, signal?: AbortSignal): Promise<void> {
    await this.ask(
      'POST',
      '/v1/validators/register',
      TEXT_MAX_BYTES,
      JSON.stringify({ base_url: baseUrl }),
      signal,
    )
  }

  /** A script's bytes, unchecked; one byte more than the longest script is an answer too long. */
  artifact(batchId: string, artifactId: string, signal?: AbortSignal): Promise<Buffer> {
    const path = `/v1/miner-task-batches/${batchId}/artifacts/${artifactId}`
    return this.ask('GET', path, MAX_SCRIPT_BYTES, undefined, signal)
  }

  async weights(signal?: AbortSignal): Promise<unknown> {
    const body = await this.ask('GET', '/v1/weights', TEXT_MAX_BYTES, undefined, signal)
    try {
      return JSON.parse(body.toString('utf8'))
    } catch {
      throw new PlatformRefused(200, 'the weights are no JSON')
    }
  }

  private async ask(
    method: 'GET' | 'POST',
    pathQs: string,
    maxBytes: number,
    body: string | undefined,
    signal: AbortSignal | undefined,
  ): Promise<Buffer> {
    const { baseUrl, signer, isStrict = false, timeoutMs = TIMEOUT_MS } = this.options
    const request = { baseUrl, method, pathQs, signer, isStrict, timeoutMs }
    try {
      const response = await signedRequest({
        ...request,
        ...(body !== undefined && { body }),
        ...(signal && { signal }),
      })
      const bytes = await readLimited(response, maxBytes)
      if (!response.ok) throw new PlatformRefused(response.status, detailOf(bytes))
      if (!bytes) throw new PlatformRefused(response.status, 'the answer is too long')
      return bytes
    } catch (error) {
      if (error instanceof PlatformRefused || signal?.aborted) throw error
      throw new PlatformRefused(0, (error as Error).message)
    }
  }
}

const detailOf = (bytes: Buffer | undefined) =>
  bytes?.toString('utf8').slice(0, DETAIL_MAX_CHARS) ?? 'no reason'
