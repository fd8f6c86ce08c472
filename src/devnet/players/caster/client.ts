import { createHash, randomBytes } from 'node:crypto'
import { signingMessage } from '../../../mechanisms/caster/signing'
import type { Answered, HotkeySigner } from '../autoresearch/client'

export interface CasterAsked {
  readonly method: string
  /** With its query. */
  readonly path: string
  /** The exact text of the body. */
  readonly body?: string
}

const NONCE_BYTES = 16
const MS_PER_SECOND = 1_000

/** A client as the public one works: `Authorization: Bittensor …`, and time and nonce when it is to be strict (spec caster §11). */
export class CasterClient {
  constructor(
    private readonly baseUrl: string,
    private readonly clock: () => number = Date.now,
    private readonly isStrict = false,
  ) {}

  async send(
    { method, path, body }: CasterAsked,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answered> {
    const response = await fetch(`${this.baseUrl}${path}`, {
      method,
      redirect: 'manual',
      headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
      ...(body !== undefined && { body }),
    })
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.includes('json')
    return { status: response.status, body: isJson && text !== '' ? JSON.parse(text) : text }
  }

  get(path: string): Promise<Answered> {
    return this.send({ method: 'GET', path })
  }

  admin(method: string, path: string, token: string, body?: unknown): Promise<Answered> {
    const asked = { method, path, ...(body !== undefined && { body: JSON.stringify(body) }) }
    return this.send(asked, { 'x-admin-token': token })
  }

  /** Headers of a signed request. */
  headersOf(
    { method, path, body = '' }: CasterAsked,
    signer: HotkeySigner,
    strict = this.isStrict ? this.newStrict() : undefined,
  ): Record<string, string> {
    const text = signingMessage({ method, pathQs: path, body, ...(strict && { strict }) })
    return {
      authorization: `Bittensor ss58="${signer.address}",sig="${signer.sign(text)}"`,
      ...(strict && { 'x-caster-timestamp': String(strict.timestamp), 'x-caster-nonce': strict.nonce }),
    }
  }

  newStrict() {
    const timestamp = Math.floor(this.clock() / MS_PER_SECOND)
    return { timestamp, nonce: randomBytes(NONCE_BYTES).toString('base64url') }
  }

  signed(method: string, path: string, signer: HotkeySigner, body?: unknown): Promise<Answered> {
    const asked = { method, path, ...(body !== undefined && { body: JSON.stringify(body) }) }
    return this.send(asked, this.headersOf(asked, signer))
  }

  submit(signer: HotkeySigner, script: string | Uint8Array): Promise<Answered> {
    const bytes = Buffer.from(script as string)
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    const body = { script_b64: bytes.toString('base64'), sha256 }
    return this.signed('POST', '/v1/miners/scripts', signer, body)
  }

  register(signer: HotkeySigner, baseUrl: string): Promise<Answered> {
    return this.signed('POST', '/v1/validators/register', signer, { base_url: baseUrl })
  }

  weights(signer: HotkeySigner): Promise<Answered> {
    return this.signed('GET', '/v1/weights', signer)
  }
}
