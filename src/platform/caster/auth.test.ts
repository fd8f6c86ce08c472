import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CasterClient } from '../../devnet/players/caster/client'
import { casterRules as rules } from '../../engine/systems/caster-rules'
import { TestScene } from './test/test-scene'

const WINDOW_SECONDS = 300

const registering = (host: string) => ({
  method: 'POST',
  path: '/v1/validators/register',
  body: JSON.stringify({ base_url: `https://${host}.example` }),
})

describe('signed requests', { timeout: 60_000 }, () => {
  let scene: TestScene
  let strict: CasterClient
  beforeAll(async () => {
    scene = await TestScene.start({ rules })
    strict = new CasterClient(scene.platform.url, () => scene.platform.nowMs, true)
    // Reading requests of the first seconds of a process are refused.
    scene.platform.nowMs += 60_000
  })
  afterAll(() => scene.close())
  const now = () => Math.floor(scene.platform.nowMs / 1_000)
  const judge = () => scene.judges[0]!

  it.each([
    ['no header', '', 'missing_signature'],
    ['another scheme', 'Bearer abc', 'invalid_signature'],
    ['no SS58 address', `Bittensor ss58="${'1'.repeat(48)}",sig="${'ab'.repeat(64)}"`, 'invalid_signature'],
    ['a short signature', 'Bittensor ss58="x",sig="ab"', 'invalid_signature'],
    ['600 characters', `Bittensor ss58="${'5'.repeat(600)}"`, 'invalid_signature'],
  ])('with %s are refused', async (_, authorization, detail) => {
    const asked = { method: 'GET', path: '/v1/weights' }
    const answer = await scene.client.send(asked, authorization ? { authorization } : {})
    expect(answer).toMatchObject({ status: 401, body: { detail } })
  })

  it('of which a single bit of the body differs are refused, whichever it is', async () => {
    const asked = registering('v')
    const headers = scene.client.headersOf(asked, judge())
    const bytes = Buffer.from(asked.body)
    let refused = 0
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const bent = Buffer.from(bytes)
      bent[bit >> 3]! ^= 1 << (bit & 7)
      const response = await fetch(`${scene.platform.url}${asked.path}`, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body: bent,
      })
      // A broken JSON is none before anybody looks at its signature.
      if (response.status === 401 || response.status === 400) refused++
    }
    expect(refused).toBe(bytes.length * 8)
    expect(scene.platform.state.validators.size).toBe(0)
    expect((await scene.client.send(asked, headers)).status).toBe(200)
  })

  it('of which a single bit of the signature differs are refused', async () => {
    const asked = { method: 'GET', path: '/v1/weights' }
    const { authorization } = scene.client.headersOf(asked, judge())
    const [, ss58, sig] = /ss58="(\w+)",sig="(\w+)"/.exec(authorization!)!
    const bytes = Buffer.from(sig!, 'hex')
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const bent = Buffer.from(bytes)
      bent[bit >> 3]! ^= 1 << (bit & 7)
      const header = { authorization: `Bittensor ss58="${ss58}",sig="${bent.toString('hex')}"` }
      expect((await scene.client.send(asked, header)).status, `bit ${bit}`).toBe(401)
    }
    expect((await scene.client.send(asked, { authorization: authorization! })).status).toBe(200)
  })

  it('of another path, query, method or hotkey are refused', async () => {
    const asked = { method: 'GET', path: '/v1/weights' }
    const headers = scene.client.headersOf(asked, judge())
    const other = scene.client.headersOf(asked, scene.judges[1]!)
    const swapped = {
      authorization: headers.authorization!.replace(judge().address, scene.judges[1]!.address),
    }
    for (const [wrong, used] of [
      [{ ...asked, path: '/v1/weights?x=1' }, headers],
      [{ ...asked, path: '/v1/weights?x' }, headers],
      [asked, scene.client.headersOf({ ...asked, path: '/v1/weightt' }, judge())],
      [asked, scene.client.headersOf({ ...asked, method: 'POST' }, judge())],
      [asked, swapped],
    ] as const)
      expect(await scene.client.send(wrong, used)).toMatchObject({ status: 401 })
    const head = await fetch(`${scene.platform.url}/v1/weights`, { method: 'HEAD', headers })
    expect(head.status).toBe(401)
    // Signed well, but by one that has registered no endpoint.
    expect(await scene.client.send(asked, other)).toMatchObject({ status: 403 })
  })

  it.each([
    ['a time alone', { 'x-caster-timestamp': '1763000260' }, 'timestamp_nonce_required'],
    ['a nonce alone', { 'x-caster-nonce': 'n'.repeat(16) }, 'timestamp_nonce_required'],
    [
      'a time in words',
      { 'x-caster-timestamp': 'now', 'x-caster-nonce': 'n'.repeat(16) },
      'timestamp_invalid',
    ],
    [
      'a nonce of 15',
      { 'x-caster-timestamp': '1763000260', 'x-caster-nonce': 'n'.repeat(15) },
      'nonce_invalid',
    ],
    [
      'a nonce of 65',
      { 'x-caster-timestamp': '1763000260', 'x-caster-nonce': 'n'.repeat(65) },
      'nonce_invalid',
    ],
    [
      'an odd nonce',
      { 'x-caster-timestamp': '1763000260', 'x-caster-nonce': `${'n'.repeat(16)}!` },
      'nonce_invalid',
    ],
  ])('with %s are refused', async (_, extra, detail) => {
    const asked = registering('v')
    const headers = { ...scene.client.headersOf(asked, judge()), ...(extra as Record<string, string>) }
    expect(await scene.client.send(asked, headers)).toMatchObject({ status: 401, body: { detail } })
  })

  it('with a time count within the window alone', async () => {
    const asked = registering('v')
    const at = (timestamp: number) =>
      strict.send(asked, strict.headersOf(asked, judge(), { ...strict.newStrict(), timestamp }))
    expect((await at(now() - WINDOW_SECONDS - 1)).body).toMatchObject({
      detail: 'timestamp_skew',
      facts: { window_seconds: WINDOW_SECONDS },
    })
    expect((await at(now() + WINDOW_SECONDS + 1)).body.detail).toBe('timestamp_skew')
    expect((await at(now() - WINDOW_SECONDS)).status).toBe(200)
    expect((await at(now() + WINDOW_SECONDS)).status).toBe(200)
  })

  it('with another time, another nonce, or without both are not what was signed', async () => {
    const asked = registering('v')
    const headers = strict.headersOf(asked, judge())
    const authorization = headers.authorization!
    const variants: Record<string, string>[] = [
      { ...headers, 'x-caster-timestamp': String(now() - 1) },
      { ...headers, 'x-caster-nonce': 'n'.repeat(22) },
      { authorization },
    ]
    for (const bent of variants)
      expect((await strict.send(asked, bent)).body.detail).toBe('invalid_signature')
  })

  it('with a nonce count once, also a hundred at a time and after a restart', async () => {
    const asked = registering('once')
    const headers = strict.headersOf(asked, judge())
    const before = (await scene.platform.events()).length
    const answers = await Promise.all(Array.from({ length: 100 }, () => strict.send(asked, headers)))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(new Set(answers.filter(({ status }) => status !== 200).map(({ body }) => body.detail))).toEqual(
      new Set(['signature_replayed']),
    )
    const events = (await scene.platform.events()).slice(before).map(({ type }) => type)
    expect(events.filter((type) => type === 'ValidatorRegistered')).toHaveLength(1)
    await scene.restart()
    strict = new CasterClient(scene.platform.url, () => scene.platform.nowMs, true)
    expect((await strict.send(asked, headers)).body.detail).toBe('signature_replayed')
  })

  it('that read count once too; those of before a restart are refused for good', async () => {
    scene.platform.nowMs += 60_000
    const asked = { method: 'GET', path: '/v1/weights' }
    const old = strict.headersOf(asked, judge())
    const ahead = strict.headersOf(asked, judge(), { ...strict.newStrict(), timestamp: now() + 5 })
    expect((await strict.send(asked, old)).status).toBe(200)
    expect((await strict.send(asked, old)).body.detail).toBe('signature_replayed')
    expect((await strict.send(asked, ahead)).status).toBe(200)
    const far = strict.headersOf(asked, judge(), { ...strict.newStrict(), timestamp: now() + 6 })
    expect((await strict.send(asked, far)).body.detail).toBe('timestamp_skew')
    await scene.restart()
    strict = new CasterClient(scene.platform.url, () => scene.platform.nowMs, true)
    for (const captured of [old, ahead])
      expect((await strict.send(asked, captured)).body.detail).toBe('timestamp_skew')
    scene.platform.nowMs += 6_000
    expect((await strict.weights(judge())).status).toBe(200)
  })

  it('need time and nonce when the setting says so, in both directions', async () => {
    await scene.platform.restart({ casterStrictRequests: true })
    scene.connect()
    strict = new CasterClient(scene.platform.url, () => scene.platform.nowMs, true)
    scene.platform.nowMs += 60_000
    expect((await scene.client.weights(judge())).body.detail).toBe('timestamp_nonce_required')
    expect((await strict.weights(judge())).status).toBe(200)
    expect((await strict.submit(scene.miners[0]!, 'strict')).status).toBe(200)
  })
})
