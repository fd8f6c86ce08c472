import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Keyring } from '@polkadot/keyring'
import { u8aToHex } from '@polkadot/util'
import { cryptoWaitReady, signatureVerify } from '@polkadot/util-crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseAuthorization, signingMessage } from '../../mechanisms/caster/signing'
import { sha256Hex } from '../../mechanisms/sha256-hex'
import { type ScriptSigner, submitScript } from './submit-script'

describe('a miner’s script', () => {
  const known = new Set<string>()
  let server: Server
  let url: string
  let signer: ScriptSigner
  let requests = 0
  let isLying = false

  beforeAll(async () => {
    await cryptoWaitReady()
    const pair = new Keyring({ type: 'sr25519', ss58Format: 42 }).addFromUri('//miner')
    signer = { address: pair.address, sign: (text) => u8aToHex(pair.sign(text)).slice(2) }
    server = createServer(async (request, response) => {
      requests++
      let body = ''
      for await (const chunk of request) body += chunk
      const answer = (status: number, value: object) => response.writeHead(status).end(JSON.stringify(value))
      const found = parseAuthorization(request.headers.authorization ?? '')
      const text = signingMessage({ method: request.method!, pathQs: request.url!, body })
      if (!found || !signatureVerify(text, `0x${found.signature}`, found.ss58).isValid)
        return void answer(401, { detail: 'invalid_signature' })
      const { script_b64, sha256 } = JSON.parse(body)
      const bytes = Buffer.from(script_b64, 'base64')
      if (sha256Hex(bytes) !== sha256) return void answer(422, { detail: 'sha_mismatch' })
      if (known.has(sha256)) return void answer(409, { detail: 'duplicate_script' })
      known.add(sha256)
      const content_hash = isLying ? 'ab'.repeat(32) : sha256
      answer(200, { uid: 4, artifact_id: 'a', content_hash, size_bytes: bytes.length })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  afterAll(() => new Promise((resolve) => server.close(resolve)))

  it('is submitted once, signed over method, path and body', async () => {
    const script = Buffer.from('async def evaluate_criterion(request): ...  # ü\n')
    expect(await submitScript(url, script, signer)).toMatchObject({ uid: 4, size_bytes: script.length })
    await expect(submitScript(url, script, signer)).rejects.toMatchObject({
      code: 'SL-PLATFORM-REFUSES',
      message: expect.stringContaining('duplicate_script'),
      facts: { status: 409 },
    })
  })

  it('is refused here when no platform would take it: nothing is sent', async () => {
    const before = requests
    const unfit = [Buffer.alloc(0), Buffer.alloc(256_001, 'a'), Buffer.from([0xff, 0xfe])]
    for (const script of unfit)
      await expect(submitScript(url, script, signer)).rejects.toMatchObject({ code: 'SL-SCRIPT-UNFIT' })
    expect(requests).toBe(before)
  })

  it('is not taken for submitted when the platform stored something else', async () => {
    isLying = true
    await expect(submitScript(url, Buffer.from('pass\n'), signer)).rejects.toMatchObject({
      kind: 'contradiction',
    })
  })

  it('names a platform that does not answer', async () => {
    await expect(submitScript('http://127.0.0.1:1', Buffer.from('pass\n'), signer)).rejects.toMatchObject({
      code: 'SL-PLATFORM-REFUSES',
      facts: { status: 0 },
    })
  })
})
