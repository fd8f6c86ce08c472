import { mkdtempSync, rmSync } from 'node:fs'
import type { RequestListener } from 'node:http'
import os from 'node:os'
import path from 'node:path'
import { Keyring } from '@polkadot/keyring'
import { u8aToHex } from '@polkadot/util'
import { cryptoWaitReady } from '@polkadot/util-crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { caster, type Devnet, startScenario } from '../../devnet'
import { type DockerDouble, startDockerDouble } from '../../runner/test-docker-engine'
import { startTestHost, type TestHost } from '../../validator/caster/test-http-host'
import { TestPlatform, testBatch, testClaim } from '../../validator/caster/test-platform'
import { Closers } from '../closers'
import type { Session } from '../session'
import { freePort } from '../test-free-port'
import { casterValidate } from './caster-validate'
import type { CasterValidateFlags } from './caster-validate-flags'

const IMAGE = 'caster/sandbox:1'
const SCRIPT = '# what runs is the program of the container\n'

/** The sandbox's side: searches, asks a model, answers. */
const sandboxed: RequestListener = async (request, response) => {
  if (request.url === '/healthz') return void response.end('{"status":"ok"}')
  let text = ''
  for await (const chunk of request) text += chunk
  const { payload } = JSON.parse(text)
  const [session_id, token, url] = ['session-id', 'token', 'host-container-url'].map(
    (name) => request.headers[`x-caster-${name}`],
  )
  const tool = async (name: string, kwargs: object) => {
    const called = await fetch(`${url}/v1/tools/execute`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ session_id, token, tool: name, kwargs }),
    })
    // biome-ignore lint/suspicious/noExplicitAny: answers of tools are of many shapes
    return (await called.json()) as any
  }
  const found = await tool('search_web', { query: payload.claim_text })
  const messages = [{ role: 'user', content: found.results[0].note }]
  const said = await tool('llm_chat', { model: 'openai/gpt-oss-20b', messages })
  const citations = [{ receipt_id: found.receipt_id, result_id: found.results[0].result_id }]
  const justification = said.response.choices[0].message.content
  response.end(JSON.stringify({ ok: true, result: { verdict: 1, justification, citations } }))
}

const signerOf = (seed: string) => {
  const pair = new Keyring({ type: 'sr25519', ss58Format: 42 }).addFromSeed(Buffer.from(seed.slice(2), 'hex'))
  return { pair, address: pair.address, sign: (text: string) => u8aToHex(pair.sign(text)).slice(2) }
}

describe('subledger caster validate', { timeout: 120_000 }, () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'subledger-caster-cli-'))
  const dockerHost = process.env.DOCKER_HOST
  let devnet: Devnet
  let docker: DockerDouble
  let providers: TestHost
  let platform: TestPlatform
  let validator: ReturnType<typeof signerOf>
  let flags: CasterValidateFlags

  beforeAll(async () => {
    await cryptoWaitReady()
    devnet = await startScenario({ seed: 5, historyBlocks: 20, finalityLagBlocks: 1 })
    validator = signerOf(caster.validators[0]!.hotkey.seed)
    platform = await TestPlatform.start(signerOf(caster.owner.hotkey.seed), validator.address)
    const networks = { tools: { Internal: true, IPAM: { Config: [{ Gateway: '127.0.0.1' }] } } }
    docker = await startDockerDouble(() => sandboxed, [IMAGE], networks)
    process.env.DOCKER_HOST = `tcp://127.0.0.1:${docker.port}`
    providers = await startTestHost(({ url, body }) => {
      if (url.startsWith('/web')) return { body: { data: [{ link: 'https://e.org/1', snippet: 'a note' }] } }
      const isGrader = body.messages[0].role === 'system'
      const content = isGrader
        ? '{"support_ok": true, "rationale": "same"}'
        : `because of ${body.messages[0].content}`
      const usage = { prompt_tokens: 1_000, completion_tokens: 100 }
      return { body: { choices: [{ message: { content } }], usage } }
    })
    flags = {
      platform: platform.url,
      rpc: devnet.wsUrl,
      netuid: '67',
      image: IMAGE,
      network: 'tools',
      baseUrl: 'http://validator.example:8100/',
      host: '127.0.0.1',
      port: String(await freePort()),
      dataDir: folder,
      parallel: '2',
      desearchUrl: providers.url,
      llmUrl: providers.url,
      graderModel: 'openai/gpt-oss-120b',
      systems: 'auto',
      versionKey: '0',
    }
  }, 120_000)
  afterAll(async () => {
    if (dockerHost === undefined) delete process.env.DOCKER_HOST
    else process.env.DOCKER_HOST = dockerHost
    await platform.close()
    await providers.close()
    await docker.close()
    await devnet.close()
    rmSync(folder, { recursive: true, force: true })
  })

  const keys = { DESEARCH_API_KEY: 'search-key', CHUTES_API_KEY: 'model-key' }

  it('runs a batch of the subnet owner’s hotkey in containers, with the operator’s providers', async () => {
    const stop = new AbortController()
    const closers = new Closers()
    const said: string[] = []
    const session: Session = { signal: stop.signal, closers, say: (line) => said.push(line) }
    const running = casterValidate(flags, validator.pair, keys, session)
    try {
      await expect
        .poll(() => platform.registered, { timeout: 30_000 })
        .toEqual(['http://validator.example:8100'])
      const url = /http:\S+/.exec(said[0]!)![0]
      const spec = testBatch(1, [SCRIPT], [testClaim(1)])
      platform.serve(spec, [SCRIPT])
      const stranger = signerOf(caster.miners[0]!.hotkey.seed)
      expect((await platform.send(url, spec, stranger)).status).toBe(403)
      expect((await platform.send(url, spec)).status).toBe(200)
      const done = await platform.finished(url, spec.batch_id)
      expect(done.miner_task_results).toMatchObject([
        {
          status: 'answered',
          response: { justification: 'because of a note' },
          citations: [{ url: 'https://e.org/1', note: 'a note' }],
          score: { total: 1, grader_model: 'openai/gpt-oss-120b', grader_rationale: 'same' },
          // 2500 for the search; 1000 and 100 tokens at 0.25 and 2 USD a million.
          session: { used_micro_usd: '2950' },
        },
      ])
      expect(docker.created).toHaveLength(1)
      expect(docker.created[0]).toMatchObject({ HostConfig: { NetworkMode: 'tools', PidsLimit: 128 } })
      expect(JSON.stringify(docker.created)).not.toMatch(/search-key|model-key/)
      expect(docker.left()).toBe(0)
    } finally {
      stop.abort()
      await running
      await closers.closeAll((_, error) => {
        throw error
      })
    }
  })

  it.each<[string, Partial<CasterValidateFlags>, Record<string, string>, string]>([
    ['without a key of the search', {}, { CHUTES_API_KEY: 'b' }, 'SL-NO-PROVIDER-KEY'],
    ['without a key of the models', {}, { DESEARCH_API_KEY: 'a' }, 'SL-NO-PROVIDER-KEY'],
    ['with a port that is none', { port: '0' }, keys, 'SL-CONFIG'],
    ['with an address that is none', { baseUrl: 'validator.example' }, keys, 'SL-CONFIG'],
    ['with a network that leads anywhere', { network: 'bridge' }, keys, 'SL-CONTAINER-NETWORK'],
  ])('does not start %s', async (_, over, environment, code) => {
    const session: Session = {
      signal: AbortSignal.timeout(5_000),
      closers: new Closers(),
      say: () => undefined,
    }
    await expect(
      casterValidate({ ...flags, ...over }, validator.pair, environment, session),
    ).rejects.toMatchObject({ code })
  })
})
