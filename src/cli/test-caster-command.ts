import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { Actor } from '../devnet'
import { devnetBehaviour } from '../devnet/players/caster/sandboxes'
import { serving } from '../devnet/players/caster/script-sandboxes'
import { type DockerDouble, startDockerDouble } from '../runner/test-docker-engine'
import { startTestHost, type TestHost } from '../validator/caster/test-http-host'
import { launch, type RunningCommand } from './test-command'
import { freePort } from './test-free-port'

const IMAGE = 'caster/sandbox:1'
const NETWORK = 'tools'

/** What `subledger caster validate` needs beside a platform and a chain: a container engine and providers, whose doubles know the devnet's scripts. */
export class CasterCommands {
  private readonly running: RunningCommand[] = []

  private constructor(
    readonly docker: DockerDouble,
    readonly providers: TestHost,
  ) {}

  static async open(): Promise<CasterCommands> {
    const networks = { [NETWORK]: { Internal: true, IPAM: { Config: [{ Gateway: '127.0.0.1' }] } } }
    const docker = await startDockerDouble(
      ({ CASTER_AGENT_PATH: agent = '' }, [mount]) => {
        const file = path.join(mount!.Source, path.relative(mount!.Target, agent))
        return serving(devnetBehaviour(readFileSync(file, 'utf8')), () => undefined)
      },
      [IMAGE],
      networks,
    )
    return new CasterCommands(docker, await startTestHost(provided))
  }

  /** The compiled command in a process of its own, as a person runs it; it sets weights. */
  async validate(
    { hotkey }: Actor,
    { platform, api, rpc, dataDir }: Readonly<Record<'platform' | 'api' | 'rpc' | 'dataDir', string>>,
  ): Promise<{ readonly url: string; readonly command: RunningCommand }> {
    const port = await freePort()
    const url = `http://127.0.0.1:${port}`
    const flags = {
      platform,
      api,
      rpc,
      image: IMAGE,
      network: NETWORK,
      host: '127.0.0.1',
      port,
      'base-url': url,
      'data-dir': dataDir,
      'desearch-url': this.providers.url,
      'llm-url': this.providers.url,
      'version-key': 1,
    }
    const args = Object.entries(flags).flatMap(([name, value]) => [`--${name}`, String(value)])
    const command = launch(['caster', 'validate', '--set', ...args], {
      DOCKER_HOST: `tcp://127.0.0.1:${this.docker.port}`,
      SUBLEDGER_HOTKEY_URI: hotkey.seed,
      DESEARCH_API_KEY: 'search-key',
      CHUTES_API_KEY: 'model-key',
    })
    this.running.push(command)
    return { url, command }
  }

  async close(): Promise<void> {
    for (const { process, ended } of this.running) {
      process.kill('SIGTERM')
      await ended
    }
    await this.docker.close()
    await this.providers.close()
  }
}

/** A registry that lists what it is asked for, and a grader that takes whoever has asked it at his word. */
function provided({
  url,
  body,
}: {
  readonly url: string
  readonly body: { messages?: unknown } | undefined
}) {
  if (url.startsWith('/web'))
    return { body: { data: [{ link: 'https://registry.example', snippet: 'listed' }] } }
  if (!body?.messages) return { status: 404, body: {} }
  const content = '{"support_ok": true, "rationale": "it names where it was looked up"}'
  return {
    body: { choices: [{ message: { content } }], usage: { prompt_tokens: 100, completion_tokens: 10 } },
  }
}
