import type { RequestListener } from 'node:http'
import { afterEach, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { openContainerRunner } from '../../runner/container-runner'
import type { SandboxRunner } from '../../runner/sandbox'
import { type DockerDouble, type Program, startDockerDouble } from '../../runner/test-docker-engine'
import { containerEvaluation, EVALUATION_PURPOSE } from './container-evaluation'
import type { RunTask } from './evaluator-node'

const IMAGE = 'ghcr.io/bitrecs/bitrecs-evals:main'
const SECRET = 'sk-very-secret'
const RUN_ID = '00000000-0000-4000-8000-000000000001'
const agent = {
  agent_id: 'x',
  miner_hotkey: '5Miner',
  name: 'alice',
  provider: 'CHUTES',
  model: 'deepseek',
  system_prompt_template: 'Recommend.',
  sampling_params: { temperature: 0.3 },
}

/** The reference's evaluation program, as far as nodes see it. */
const evals =
  (
    answer: (body: Record<string, string>, env: Readonly<Record<string, string>>) => unknown,
    isHealthy = true,
  ): Program =>
  (env): RequestListener =>
  (request, response) => {
    const json = (value: unknown) =>
      response.setHeader('content-type', 'application/json').end(JSON.stringify(value))
    if (request.url === '/health') return void json({ status: isHealthy ? 'healthy' : 'starting' })
    if (request.url === `/run_log/${env.BITRECS_RUN_ID}`)
      return void response.end(`log of the run, key ${env.OPENROUTER_API_KEY}`)
    let body = ''
    request.on('data', (chunk) => {
      body += chunk
    })
    request.on('end', () => void json(answer(JSON.parse(body), env)))
  }

describe('an evaluation in a container', () => {
  let docker: DockerDouble | undefined
  afterEach(() => docker?.close())

  async function open(program: Program, images: readonly string[] = [IMAGE]): Promise<SandboxRunner> {
    docker = await startDockerDouble(program, images)
    return openContainerRunner({ docker: { host: '127.0.0.1', port: docker.port, protocol: 'http' } })
  }
  const evaluate = (runner: SandboxRunner, over: object = {}) =>
    containerEvaluation({
      runner,
      image: IMAGE,
      secrets: { OPENROUTER_API_KEY: SECRET },
      network: 'inference',
      ...over,
    })
  const task = (over: Partial<RunTask> = {}): RunTask => ({
    runId: RUN_ID,
    problem: 'bitrecs_sku_daily',
    timeoutMs: 5_000,
    agent,
    post: async () => ({ input_cost: 0.3, output_cost: 1.2 }),
    ...over,
  })
  const good = {
    task_name: 'bitrecs_sku_daily',
    score: 0.6,
    success: true,
    duration: 12.5,
    samples: 5,
    cost_report: { input_tokens: 100, output_tokens: 20, total_tokens: 120, estimated_cost_usd: 0.0004 },
  }

  it('gets the artifact, token and prices, answers its score and logs, and is gone afterwards', async () => {
    let asked: Record<string, string> = {}
    let environment: Readonly<Record<string, string>> = {}
    const runner = await open(
      evals((body, env) => {
        asked = body
        environment = env
        return good
      }),
    )
    const measured = await evaluate(runner)(task())
    expect(measured).toMatchObject({
      score: 0.6,
      success: true,
      durationSeconds: 12.5,
      samples: 5,
      agentLogs: 'log of the run, key [redacted]',
      evalLogs: expect.stringContaining('was here'),
      cost: {
        provider: 'CHUTES',
        model: 'deepseek',
        inputTokens: 100,
        outputTokens: 20,
        temperature: 0.3,
        costUsd: 0.0004,
      },
    })
    expect(asked).toMatchObject({
      run_token: environment.BITRECS_RUN_TOKEN,
      problem_name: 'bitrecs_sku_daily',
    })
    expect(parse(asked.yaml_content!)).toMatchObject({
      miner_hotkey: '5Miner',
      system_prompt_template: 'Recommend.',
    })
    expect(environment).toMatchObject({
      BITRECS_RUN_ID: RUN_ID,
      MODEL_COST_INPUT: '0.3',
      MODEL_COST_OUTPUT: '1.2',
      OPENROUTER_API_KEY: SECRET,
    })
    expect(environment.BITRECS_RUN_TOKEN).toMatch(/^[0-9a-f]{32}$/)
    expect(docker!.left()).toBe(0)
  })

  it('may do as little as can be', async () => {
    const runner = await open(evals(() => good))
    await evaluate(runner)(task())
    expect(docker!.created[0]).toMatchObject({
      Image: IMAGE,
      User: '65534:65534',
      Labels: { 'subledger.purpose': EVALUATION_PURPOSE },
      HostConfig: {
        ReadonlyRootfs: true,
        CapDrop: ['ALL'],
        SecurityOpt: ['no-new-privileges:true'],
        NetworkMode: 'inference',
        Memory: 2_147_483_648,
        MemorySwap: 2_147_483_648,
        NanoCpus: 1_000_000_000,
        PidsLimit: 256,
        Tmpfs: { '/tmp': 'rw,noexec,nosuid,nodev,size=268435456' },
        PortBindings: { '8000/tcp': [{ HostIp: '127.0.0.1', HostPort: '' }] },
      },
    })
  })

  it('has no network unless one is named, and its image is pulled when it is missing', async () => {
    const runner = await open(
      evals(() => good),
      [],
    )
    await evaluate(runner, { network: undefined })(task())
    expect(docker!.pulled).toEqual([IMAGE])
    expect(docker!.created[0]).toMatchObject({ HostConfig: { NetworkMode: 'none' } })
  })

  it('counts as zero, failed, when the program refuses token or YAML', async () => {
    const runner = await open(evals(() => ({ error: 'bad token' })))
    expect(await evaluate(runner)(task())).toMatchObject({ score: 0, success: false, samples: 0 })
  })

  it.each([
    ['a program that never gets healthy', evals(() => good, false), { healthTimeoutMs: 300 }, 2_020],
    ['a score that is none', evals(() => ({ ...good, score: 7 })), {}, 2_040],
    [
      'a program that hangs',
      () => (request: { url?: string }, response: { end(text: string): void }) =>
        request.url === '/health' ? response.end('{"status":"healthy"}') : undefined,
      { evaluateTimeoutMs: 300 },
      2_030,
    ],
  ])('fails with its code for %s, and is removed', async (_, program, over, errorCode) => {
    const runner = await open(program as Program)
    await expect(evaluate(runner, over)(task())).rejects.toMatchObject({ errorCode })
    expect(docker!.left()).toBe(0)
  })

  it('is swept away when a crash left it', async () => {
    const runner = await open(evals(() => good))
    const limits = { memoryBytes: 1, cpus: 1, maxProcesses: 1, scratchBytes: 1 }
    await runner.start({ image: IMAGE, purpose: EVALUATION_PURPOSE, env: {}, network: 'none', limits })
    expect(docker!.left()).toBe(1)
    expect(await runner.sweep('something-else')).toBe(0)
    expect(await runner.sweep(EVALUATION_PURPOSE)).toBe(1)
    expect(docker!.left()).toBe(0)
  })

  it('is refused where no container engine answers', async () => {
    await expect(
      openContainerRunner({ docker: { host: '127.0.0.1', port: 1, protocol: 'http' } }),
    ).rejects.toMatchObject({
      code: 'SL-NO-CONTAINER-ENGINE',
      remedy: expect.stringContaining('Start Docker'),
    })
  })
})
