import type { RequestListener } from 'node:http'
import { afterEach, describe, expect, it } from 'vitest'
import { openContainerRunner } from '../../../runner/container-runner'
import { type DockerDouble, type Program, startDockerDouble } from '../../../runner/test-docker-engine'
import { type SandboxSettings, startScriptSandbox } from './script-sandbox'

const IMAGE = 'caster/sandbox:1'
const healthy: RequestListener = (request, response) =>
  response.writeHead(request.url === '/healthz' ? 200 : 404).end('{"status":"ok"}')

describe('the container of a script', () => {
  let docker: DockerDouble | undefined
  afterEach(() => docker?.close())

  async function start(
    program: Program,
    over: Partial<SandboxSettings> = {},
    signal = AbortSignal.timeout(10_000),
  ) {
    docker = await startDockerDouble(program, [IMAGE])
    const runner = await openContainerRunner({
      docker: { host: '127.0.0.1', port: docker.port, protocol: 'http' },
    })
    const settings = {
      runner,
      image: IMAGE,
      network: 'caster',
      toolsUrl: 'http://172.20.0.1:8100',
      startDelayMs: 0,
      healthTimeoutMs: 300,
      entryTimeoutMs: 90_500,
      clientTimeoutMs: 130_000,
      ...over,
    }
    return startScriptSandbox('/srv/scripts/abc', settings, signal)
  }

  it('has every limit of the published validators, the script read-only, and the named network alone', async () => {
    const sandbox = await start(() => healthy)
    expect(docker!.created).toEqual([
      {
        Image: IMAGE,
        User: '65534:65534',
        Env: [
          'SANDBOX_HOST=0.0.0.0',
          'SANDBOX_PORT=8000',
          'CASTER_AGENT_PATH=/script/agent.py',
          'CASTER_TOKEN_HEADER=x-caster-token',
          'ENTRYPOINT_TIMEOUT_SECONDS=90.5',
        ],
        Labels: { 'subledger.purpose': 'caster-script' },
        ExposedPorts: { '8000/tcp': {} },
        HostConfig: {
          ReadonlyRootfs: true,
          CapDrop: ['ALL'],
          SecurityOpt: ['no-new-privileges:true'],
          NetworkMode: 'caster',
          Memory: 1_073_741_824,
          MemorySwap: 1_073_741_824,
          NanoCpus: 1_000_000_000,
          PidsLimit: 128,
          Ulimits: [{ Name: 'nofile', Soft: 512, Hard: 512 }],
          Tmpfs: { '/tmp': 'rw,noexec,nosuid,nodev,size=67108864' },
          RestartPolicy: { Name: 'no' },
          AutoRemove: false,
          LogConfig: { Type: 'json-file', Config: { 'max-size': '16m', 'max-file': '1' } },
          Mounts: [{ Type: 'bind', Source: '/srv/scripts/abc', Target: '/script', ReadOnly: true }],
          PortBindings: { '8000/tcp': [{ HostIp: '127.0.0.1', HostPort: '' }] },
        },
      },
    ])
    await sandbox.remove()
    expect(docker!.left()).toBe(0)
  })

  it('is waited for until it is healthy', async () => {
    let asked = 0
    await start(() => (request, response) => {
      if (asked++ < 1) response.writeHead(503).end()
      else healthy(request, response)
    })
    expect(asked).toBe(2)
  })

  it.each<[string, RequestListener]>([
    ['never gets healthy', (_, response) => response.writeHead(503).end()],
    ['never answers', () => undefined],
    ['points elsewhere', (_, response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end()],
  ])('that %s is removed', async (_, listener) => {
    await expect(start(() => listener)).rejects.toThrow('healthy')
    expect(docker!.left()).toBe(0)
  })

  it('is removed when the validator stops meanwhile', async () => {
    const stop = AbortSignal.timeout(50)
    await expect(start(() => healthy, { startDelayMs: 60_000 }, stop)).rejects.toMatchObject({
      name: 'AbortError',
    })
    expect(docker!.left()).toBe(0)
  })
})
