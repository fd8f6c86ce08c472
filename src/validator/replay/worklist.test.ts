import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { cryptoWaitReady } from '@polkadot/util-crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { miners, validators } from '../../devnet/players/autoresearch/actors'
import { AutoresearchClient, type HotkeySigner } from '../../devnet/players/autoresearch/client'
import { autoresearchRules as rules } from '../../engine/systems/autoresearch-rules'
import { TestPlatform, TOKEN } from '../../platform/autoresearch/test/test-platform'
import { testPatch, testTask } from '../../platform/autoresearch/test/test-task'
import { ProcessRunner } from '../../runner/test-process-runner'
import { followWorklist } from './follow-worklist'
import { ReplayClient } from './replay-client'
import { startArtifactHost, type TestArtifactHost } from './test-artifact-host'

const model = Buffer.from('weights '.repeat(1_000))

describe('the worklist of a real platform', { timeout: 60_000 }, () => {
  let platform: TestPlatform
  let client: AutoresearchClient
  let miner: HotkeySigner
  let judge: HotkeySigner
  let root: string
  let commit: string
  let taskId: string
  let host: TestArtifactHost

  beforeAll(async () => {
    await cryptoWaitReady()
    miner = miners()[0]!
    judge = validators()[0]!
    root = mkdtempSync(path.join(tmpdir(), 'subledger-worklist-test-'))
    mkdirSync(path.join(root, 'src'))
    writeFileSync(path.join(root, 'src/model.py'), 'slow\n')
    const git = (...args: string[]) => execFileSync('git', ['-C', root, ...args], { encoding: 'utf8' })
    git('init', '-q')
    git('add', '.')
    git('-c', 'user.name=t', '-c', 'user.email=t@localhost', 'commit', '-q', '-m', 'base')
    commit = git('rev-parse', 'HEAD').trim()
    host = await startArtifactHost((_, response) =>
      response.writeHead(200, { 'content-length': model.length }).end(model),
    )
    platform = await TestPlatform.start({ rules, validators: judge.address })
    client = new AutoresearchClient(platform.url, () => platform.nowMs)
    const task = testTask({
      repository: `file://${root}`,
      setup_command: null,
      benchmark_command: 'echo "{\\"heldout_ppl\\": 7.5}" > result.json',
    })
    const posted = await client.admin('POST', '/api/v1/tasks', TOKEN, task)
    expect(posted.status, JSON.stringify(posted.body)).toBe(201)
    taskId = posted.body.id
  })
  afterAll(async () => {
    await host.close()
    await platform.close()
    rmSync(root, { recursive: true })
  })

  const submit = async (over: object = {}) => {
    platform.nowMs += 1_000
    const claim = await client.signed(`/api/v1/tasks/${taskId}/claim`, miner, { claim_description: 'try' })
    const { status, body } = await client.signed('/api/v1/submissions', miner, {
      claim_id: claim.body.id,
      base_ref: commit,
      patch: testPatch(),
      summary: 'faster',
      claimed_metrics: { heldout_ppl: 1 },
      ...over,
    })
    expect(status, JSON.stringify(body)).toBe(201)
    return body.id as string
  }

  /** One pass over the worklist. */
  const pass = async (url: string) => {
    platform.nowMs += 1_000
    // Every request a second later: the same signature twice is refused.
    const replays = new ReplayClient(url, judge, () => (platform.nowMs += 1_000))
    const seen: string[] = []
    await followWorklist({
      client: replays,
      runner: new ProcessRunner(),
      image: 'bench',
      memoryBytes: 1_073_741_824,
      workspaceBytes: 16_777_216,
      git: { protocols: 'file' },
      artifacts: { ca: host.ca, isPrivateAllowed: true },
      isOnce: true,
      signal: new AbortController().signal,
      onResult: (_job, result, posted) => seen.push(`${result.status} ${posted} ${result.notes}`.trim()),
      onFailure: (error) => seen.push(String(error)),
    })
    return seen
  }

  it('replays what miners submitted; the observed metric decides, not the claimed one', async () => {
    const id = await submit()
    expect(await pass(platform.url)).toEqual(['accepted posted'])
    const { body } = await client.get(`/api/v1/submissions/${id}`)
    expect(body).toMatchObject({ status: 'accepted', observed_metric: 7.5 })
    expect(await pass(platform.url)).toEqual([])
  })

  it('finds a result whose answer was lost, instead of posting another', async () => {
    const id = await submit()
    const lossy = await startLossyProxy(platform.url)
    expect(await pass(lossy.url)).toEqual(['accepted posted_before'])
    lossy.server.close()
    const results = (await platform.events()).filter(
      ({ type, payload }) =>
        /^JobResult/.test(type) && (payload as { submissionId: string }).submissionId === id,
    )
    expect(results.map(({ type }) => type)).toEqual(['JobResultPosted'])
  })

  it('ends an artifact that is not the declared one as an error, after three tries, however good its claim is', async () => {
    const declared = { artifact_uri: `${host.url}/model.bin`, artifact_size_bytes: model.length }
    const sha256 = createHash('sha256').update(model).digest('hex')
    const good = await submit({ ...declared, artifact_sha256: sha256 })
    expect(await pass(platform.url)).toEqual(['accepted posted'])
    const tampered = await submit({
      ...declared,
      artifact_sha256: sha256.replace(/^./, (c) => (c === '0' ? '1' : '0')),
    })
    const code = 'artifact_sha256_mismatch'
    for (let attempt = 1; attempt <= 3; attempt++)
      expect(await pass(platform.url)).toEqual([expect.stringContaining(`error posted ${code}`)])
    expect(await pass(platform.url)).toEqual([])
    const { body } = await client.get(`/api/v1/submissions/${tampered}`)
    expect(body).toMatchObject({ status: 'error', reason_code: code, observed_metric: null })
    const artifactsOf = async (id: string) =>
      (await platform.events())
        .filter(({ type }) => type === 'JobResultPosted')
        .map(({ payload }) => payload as { submissionId: string; artifact: string | null })
        .filter(({ submissionId }) => submissionId === id)
        .map(({ artifact }) => artifact)
    expect(await artifactsOf(tampered)).toEqual(['mismatch', 'mismatch', 'mismatch'])
    expect(await artifactsOf(good)).toEqual(['available'])
  })

  it('tells that the platform does not take this validator', async () => {
    const stranger = new ReplayClient(platform.url, miner, () => platform.nowMs)
    await expect(stranger.scan()).rejects.toMatchObject({ code: 'SL-PLATFORM-REFUSES' })
  })
})

/** Passes requests on, and drops the connection instead of the first answer to a result. */
async function startLossyProxy(target: string): Promise<{ server: Server; url: string }> {
  let dropped = false
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const { host, connection, 'content-length': _, ...headers } = request.headers
    const answer = await fetch(`${target}${request.url}`, {
      method: request.method!,
      headers: headers as Record<string, string>,
      ...(chunks.length > 0 && { body: Buffer.concat(chunks) }),
    })
    const body = await answer.text()
    if (request.url!.endsWith('/result') && !dropped) {
      dropped = true
      return void response.destroy()
    }
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}
