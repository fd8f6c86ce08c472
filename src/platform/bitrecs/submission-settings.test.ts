import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import type { Settings } from '../../config/config'
import { minerOf } from './test/test-miner'
import { TEST_NOW_MS, TestPlatform } from './test/test-platform'

const MINUTE_MS = 60_000

describe('the platform as its operator sets it', () => {
  let platform: TestPlatform
  const start = async (settings: Partial<Settings>) => {
    platform = await TestPlatform.start({ settings })
    return platform
  }
  afterEach(() => platform.close())

  it('1: takes no upload when they are not allowed', async () => {
    await start({ bitrecsDisallowUploads: true, bitrecsDisallowUploadsReason: 'new rules tomorrow' })
    const answer = { status: 503, body: { detail: 'new rules tomorrow', code: 'uploads_disallowed' } }
    expect(await platform.submit(platform.miner('a'))).toEqual(answer)
    expect(await platform.check(platform.miner('a'))).toEqual(answer)
  })

  it('2: takes none while the switch is off', async () => {
    await start({})
    await platform.admin('submissions', { enabled: false, reason: 'maintenance' })
    const miner = platform.miner('a')
    expect(await platform.submit(miner)).toMatchObject({
      status: 503,
      body: { code: 'submissions_disabled', detail: 'Submissions are currently disabled: maintenance' },
    })
    await platform.admin('submissions', { enabled: true, reason: 'done' })
    expect((await platform.submit(miner)).status).toBe(201)
  })

  it('3: takes none without enough validators', async () => {
    await start({ bitrecsNumEvalsPerAgent: 3 })
    expect(await platform.submit(platform.miner('a'))).toMatchObject({
      status: 503,
      body: { code: 'too_few_validators' },
    })
  })

  it('4: takes so many of all miners in an interval', async () => {
    await start({ bitrecsArtifactsPerInterval: 2, bitrecsIntervalSeconds: 600 })
    for (const name of ['a', 'b']) expect((await platform.submit(platform.miner(name))).status).toBe(201)
    expect(await platform.submit(platform.miner('c'))).toMatchObject({
      status: 429,
      body: { code: 'interval_full' },
    })
    platform.nowMs += 10 * MINUTE_MS
    expect((await platform.submit(platform.miner('d'))).status).toBe(201)
  })

  it('8: takes none of a validator', async () => {
    const { hotkey } = minerOf('a', { nowMs: TEST_NOW_MS })
    await start({ bitrecsValidators: hotkey })
    expect(await platform.submit(platform.miner('a'))).toMatchObject({
      status: 400,
      body: { code: 'hotkey_is_validator' },
    })
  })

  it('11: refuses variables that nobody fills in, when told to', async () => {
    await start({ bitrecsUnknownVariables: 'refuse' })
    const artifact = { system_prompt_template: 'Hello {{ stranger }}' }
    expect((await platform.submit(platform.miner('a', { artifact }))).body.code).toBe(
      'template_unknown_variable',
    )
  })

  it('allows an address so many requests a minute', async () => {
    await start({ bitrecsSubmitsPerMinute: 2 })
    const miner = platform.miner('a')
    await platform.submit(miner)
    await platform.submit(miner)
    const events = (await platform.events()).length
    expect(await platform.submit(miner)).toMatchObject({ status: 429, body: { code: 'rate_limited' } })
    expect(await platform.events()).toHaveLength(events)
    expect((await platform.check(miner)).status).toBe(400)
  })

  it('21: refuses or takes what the embedder cannot place, as it is told', async () => {
    const down = { bitrecsEmbedder: 'http', bitrecsEmbedderUrl: 'http://127.0.0.1:9' } as const
    await start({ ...down, bitrecsSimilarityOnError: 'closed' })
    const miner = platform.miner('a')
    expect(await platform.submit(miner)).toMatchObject({
      status: 503,
      body: { code: 'similarity_unavailable' },
    })
    await platform.shut()
    await platform.open({ bitrecsSimilarityOnError: 'open' })
    expect(await platform.submit(miner)).toMatchObject({
      status: 201,
      body: { similarity_check: 'disabled' },
    })
  })
})

/** OpenRouter and an embedder as far as a submission asks them. */
async function startProvider(
  answers: Record<string, (request: IncomingMessage, body: string) => [number, unknown]>,
) {
  const server = createServer((request, response: ServerResponse) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk) => chunks.push(chunk))
    request.on('end', () => {
      const [status, body] = answers[request.url!]?.(request, Buffer.concat(chunks).toString()) ?? [404, {}]
      response.writeHead(status).end(JSON.stringify(body))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => new Promise((resolve) => server.close(resolve)),
  }
}

describe('an artifact that brings its own key (§2.4, check 18)', () => {
  const SECRET = 'sk-or-temporary'
  const openRouter = { artifact: { provider: 'OPEN_ROUTER', model: 'some/model' } }

  it('is accepted with a key that works; the key is for validators only and in no event', async () => {
    const asked: string[] = []
    let left = 5
    const provider = await startProvider({
      '/auth/key': ({ headers }) => [
        headers.authorization === `Bearer ${SECRET}` ? 200 : 401,
        { data: { limit_remaining: left } },
      ],
      '/chat/completions': (_, body) => {
        asked.push(body)
        return [body.includes('broken') ? 404 : 200, {}]
      },
    })
    const platform = await TestPlatform.start({ settings: { bitrecsOpenRouterUrl: provider.url } })
    try {
      const miner = platform.miner('a', openRouter)
      const submit = (key: string | null, who = miner) =>
        platform.submit(who, { ...who.headers(), ...(key && { 'x-ortk': key }) })
      expect(await submit(null)).toMatchObject({ status: 400, body: { code: 'provider_key_missing' } })
      expect(await submit('sk-or-other')).toMatchObject({
        status: 400,
        body: { code: 'provider_key_invalid' },
      })
      left = 0
      expect(await submit(SECRET)).toMatchObject({ status: 400, body: { code: 'provider_key_exhausted' } })
      left = 5
      const broken = platform.miner('b', { artifact: { ...openRouter.artifact, model: 'broken' } })
      expect(await submit(SECRET, broken)).toMatchObject({ body: { code: 'provider_model_refused' } })
      const { status, body } = await submit(SECRET)
      expect(status).toBe(201)
      expect(JSON.parse(asked.at(-1)!)).toMatchObject({ model: 'some/model', max_tokens: 1 })
      const path = `/agent/temp-key?agent_id=${body.artifact_id}`
      expect((await platform.request('GET', path)).status).toBe(401)
      expect((await platform.request('GET', path, undefined, { 'x-api-key': 'guessed' })).status).toBe(401)
      const key = { 'x-api-key': 'validators-key' }
      expect(await platform.request('GET', path, undefined, key)).toEqual({
        status: 200,
        body: { temp_key: SECRET },
      })
      expect((await platform.request('GET', '/agent/temp-key?agent_id=x', undefined, key)).status).toBe(404)
      expect(JSON.stringify(await platform.events())).not.toContain(SECRET)
      const { rows } = await platform.pool.query('select bytes from platform_blob')
      expect(Buffer.concat(rows.map((row) => row.bytes)).includes(SECRET)).toBe(false)
      await platform.pool.query(`update bitrecs_temp_key set expires_at = now() - interval '1 second'`)
      expect((await platform.request('GET', path, undefined, key)).status).toBe(404)
    } finally {
      await platform.close()
      await provider.close()
    }
  })

  it('is refused with 500 when the provider cannot be asked', async () => {
    const platform = await TestPlatform.start({ settings: { bitrecsOpenRouterUrl: 'http://127.0.0.1:9' } })
    try {
      const miner = platform.miner('a', openRouter)
      const answer = await platform.submit(miner, { ...miner.headers(), 'x-ortk': SECRET })
      expect(answer).toMatchObject({ status: 500, body: { code: 'provider_unreachable' } })
    } finally {
      await platform.close()
    }
  })
})

describe('an embedder over HTTP', () => {
  it('is asked in the OpenAI way, and its vectors decide', async () => {
    const provider = await startProvider({
      '/embeddings': ({ headers }, body) => {
        const { model, input, dimensions } = JSON.parse(body)
        if (headers.authorization !== 'Bearer embed' || model !== 'm' || dimensions !== 768) return [400, {}]
        const at = input.includes('elsewhere') ? 1 : 0
        return [200, { data: [{ embedding: Array.from({ length: 768 }, (_, i) => (i === at ? 2 : 0)) }] }]
      },
    })
    const platform = await TestPlatform.start({
      settings: {
        bitrecsEmbedder: 'http',
        bitrecsEmbedderUrl: provider.url,
        bitrecsEmbedderKey: 'embed',
        bitrecsEmbedderModel: 'm',
      },
    })
    try {
      expect((await platform.submit(platform.miner('one'))).status).toBe(201)
      expect((await platform.submit(platform.miner('two'))).body.code).toBe('too_similar')
      expect((await platform.submit(platform.miner('elsewhere'))).status).toBe(201)
    } finally {
      await platform.close()
      await provider.close()
    }
  })
})
