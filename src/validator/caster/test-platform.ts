import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Keyring } from '@polkadot/keyring'
import { u8aToHex } from '@polkadot/util'
import { parseAuthorization, signingMessage } from '../../mechanisms/caster/signing'
import { sha256Hex } from '../../mechanisms/sha256-hex'
import { accountOf, isSignedBy } from '../../platform/core/signatures'
import type { BatchClaim, BatchSpec } from './batch/batch-spec'
import type { CellResult } from './batch/cell-result'
import { signedRequest } from './platform/signed-request'
import type { ScriptSigner } from './submit-script'

export interface TestProgress {
  readonly batch_id: string
  readonly status: string
  readonly error: string | null
  readonly total: number
  readonly completed: number
  readonly remaining: number
  readonly miner_task_results: readonly CellResult[]
}

export function signerFrom(uri: string): ScriptSigner & { readonly account: string } {
  const pair = new Keyring({ type: 'sr25519', ss58Format: 42 }).addFromUri(uri)
  return {
    address: pair.address,
    account: u8aToHex(pair.publicKey),
    sign: (text) => u8aToHex(pair.sign(text)).slice(2),
  }
}

/** Id of the n-th thing of a kind. */
export const uuid = (kind: number, n: number) =>
  `0000000${kind}-0000-4000-8000-${String(n).padStart(12, '0')}`

export function testClaim(n: number, over: Partial<BatchClaim> = {}): BatchClaim {
  return {
    claim_id: `claim-${n}`,
    text: `Claim number ${n}`,
    rubric: {
      title: 'Truth',
      description: 'Is it so?',
      verdict_options: [
        { value: -1, description: 'Fail' },
        { value: 1, description: 'Pass' },
      ],
    },
    reference_answer: { verdict: 1, justification: 'It is so.', citations: [], spans: [] },
    budget_usd: 0.05,
    budget_micro_usd: '50000',
    ...over,
  }
}

export function testBatch(
  n: number,
  scripts: readonly string[],
  claims: readonly BatchClaim[],
  closesInMs = 600_000,
): BatchSpec {
  const now = Date.now()
  return {
    batch_id: uuid(1, n),
    entrypoint: 'evaluate_criterion',
    cutoff_at: new Date(now - 1_000).toISOString(),
    created_at: new Date(now).toISOString(),
    closes_at: new Date(now + closesInMs).toISOString(),
    champion_uid: null,
    claims: [...claims],
    candidates: scripts.map((script, index) => ({
      uid: index + 1,
      artifact_id: uuid(2, index + 1),
      content_hash: sha256Hex(script),
      size_bytes: Buffer.byteLength(script),
    })),
  }
}

/** The platform's side over real HTTP: it looks at every signature, and signs what it sends. */
export class TestPlatform {
  url = ''
  readonly registered: string[] = []
  readonly asked: string[] = []
  /** By artifact. */
  readonly artifacts = new Map<string, string>()
  /** Answers before a route does; true: it answered. */
  intercept: (request: IncomingMessage, response: ServerResponse) => boolean = () => false
  weights: { status: number; body: unknown } = { status: 200, body: { weights: {}, final_top: null } }

  private constructor(
    readonly signer: ScriptSigner,
    private readonly validator: string,
    private readonly server = createServer(),
  ) {}

  static async start(signer: ScriptSigner, validator: string): Promise<TestPlatform> {
    const platform = new TestPlatform(signer, validator)
    platform.server.on('request', (request, response) => void platform.answer(request, response))
    await new Promise<void>((resolve) => platform.server.listen(0, '127.0.0.1', resolve))
    platform.url = `http://127.0.0.1:${(platform.server.address() as AddressInfo).port}`
    return platform
  }

  serve(spec: BatchSpec, scripts: readonly string[]): void {
    for (const [n, { artifact_id }] of spec.candidates.entries()) this.artifacts.set(artifact_id, scripts[n]!)
  }

  async send(validatorUrl: string, spec: unknown, signer = this.signer, isStrict = false): Promise<Response> {
    return this.call(
      validatorUrl,
      'POST',
      '/validator/miner-task-batches/batch',
      JSON.stringify(spec),
      signer,
      isStrict,
    )
  }

  async progress(validatorUrl: string, batchId: string): Promise<TestProgress> {
    const response = await this.call(validatorUrl, 'GET', `/validator/miner-task-batches/${batchId}/progress`)
    if (response.status !== 200) throw new Error(`progress: ${response.status} ${await response.text()}`)
    return (await response.json()) as TestProgress
  }

  /** Polls until the batch is completed or failed. */
  async finished(validatorUrl: string, batchId: string, timeoutMs = 20_000): Promise<TestProgress> {
    const deadline = Date.now() + timeoutMs
    for (;;) {
      const found = await this.progress(validatorUrl, batchId)
      if (found.status === 'completed' || found.status === 'failed') return found
      if (Date.now() > deadline) throw new Error(`not finished in time: ${JSON.stringify(found)}`)
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }

  call(
    baseUrl: string,
    method: 'GET' | 'POST',
    pathQs: string,
    body?: string,
    signer = this.signer,
    isStrict = false,
  ): Promise<Response> {
    return signedRequest({
      baseUrl,
      method,
      pathQs,
      signer,
      isStrict,
      timeoutMs: 10_000,
      ...(body !== undefined && { body }),
    })
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.server.close(() => resolve())
      this.server.closeAllConnections()
    })
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = ''
    for await (const chunk of request) body += chunk
    this.asked.push(`${request.method} ${request.url}`)
    const json = (status: number, value: unknown) => response.writeHead(status).end(JSON.stringify(value))
    const found = parseAuthorization(request.headers.authorization ?? '')
    const text = signingMessage({ method: request.method!, pathQs: request.url!, body })
    if (!found || !isSignedBy(accountOf(found.ss58), text, found.signature))
      return void json(401, { detail: 'invalid_signature' })
    if (found.ss58 !== this.validator) return void json(403, { detail: 'unknown_hotkey' })
    if (this.intercept(request, response)) return
    if (request.url === '/v1/weights') return void json(this.weights.status, this.weights.body)
    if (request.url === '/v1/validators/register') {
      this.registered.push(JSON.parse(body).base_url)
      return void json(200, { status: 'ok' })
    }
    const id = /\/artifacts\/([0-9a-f-]+)$/.exec(request.url!)?.[1]
    const script = this.artifacts.get(id ?? '')
    if (script === undefined) return void json(404, { detail: 'not_found' })
    response
      .writeHead(200, { 'content-type': 'application/octet-stream', 'x-content-sha256': sha256Hex(script) })
      .end(script)
  }
}
