import { canonicalBody, signingMessage } from '../../../mechanisms/autoresearch/signing'
import type { Json } from '../../../mechanisms/canonical-json'

/** Whoever can sign with a hotkey. */
export interface HotkeySigner {
  /** SS58, prefix 42. */
  readonly address: string
  /** sr25519, hex without 0x. */
  readonly sign: (text: string) => string
}

export interface Answered {
  readonly status: number
  // biome-ignore lint/suspicious/noExplicitAny: an answer is whatever the platform says
  readonly body: any
}

export interface Asked {
  readonly method?: string
  readonly path: string
  readonly body?: Json
  readonly headers?: Readonly<Record<string, string>>
}

const MS_PER_SECOND = 1_000

/** A client as the public one works: bodies as sorted ASCII JSON, `BT-AUTH-V1` signatures, the operator's token. */
export class AutoresearchClient {
  constructor(
    private readonly baseUrl: string,
    private readonly clock: () => number = Date.now,
  ) {}

  async send({ method = 'GET', path, body, headers = {} }: Asked): Promise<Answered> {
    const response = await fetch(`${this.baseUrl}${path}`, {
      method,
      redirect: 'manual',
      headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
      ...(body !== undefined && { body: canonicalBody(body) }),
    })
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.includes('json')
    return { status: response.status, body: isJson && text !== '' ? JSON.parse(text) : text }
  }

  get(path: string, headers?: Readonly<Record<string, string>>): Promise<Answered> {
    return this.send({ path, ...(headers && { headers }) })
  }

  admin(method: string, path: string, token: string, body?: Json): Promise<Answered> {
    return this.send({
      method,
      path,
      headers: { 'x-admin-token': token },
      ...(body !== undefined && { body }),
    })
  }

  /** Headers of a signed request. */
  headersOf(
    { method = 'POST', path, body }: Asked,
    signer: HotkeySigner,
    timestamp = Math.floor(this.clock() / MS_PER_SECOND),
  ): Record<string, string> {
    const [bare, query = ''] = path.split('?') as [string, string?]
    const text = signingMessage({ method, path: bare, query, timestamp, body: canonicalBody(body) })
    return { 'x-hotkey': signer.address, 'x-timestamp': String(timestamp), 'x-signature': signer.sign(text) }
  }

  signed(path: string, signer: HotkeySigner, body?: Json): Promise<Answered> {
    const asked = { method: 'POST', path, ...(body !== undefined && { body }) }
    return this.send({ ...asked, headers: this.headersOf(asked, signer) })
  }

  /** Sets where a hotkey's claims go, as the pool wants it signed. */
  setRecipient(signer: HotkeySigner, recipient: string): Promise<Answered> {
    const time = String(Math.floor(this.clock() / MS_PER_SECOND))
    const signature = signer.sign(`recipient_coldkey:update:${time}:${recipient}`)
    const headers = { 'x-key': signer.address, 'x-timestamp': time, 'x-signature': signature }
    return this.send({
      method: 'POST',
      path: '/claims/recipient',
      body: { recipient_coldkey: recipient },
      headers,
    })
  }
}
