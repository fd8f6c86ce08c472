import { readFile } from 'node:fs/promises'
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import type { TaskRequest } from '../../../mechanisms/caster/task-contract'
import type { Sandbox, SandboxRunner, SandboxSpec } from '../../../runner/sandbox'

export interface ScriptCall {
  readonly claimId: string
  readonly sessionId: string
  readonly token: string
  /** One call of the gateway that the headers name, with this session's token. @returns status and body */
  tool(
    name: string,
    kwargs?: object,
    over?: object,
  ): Promise<{ readonly status: number; readonly body: ToolBody }>
  /** Ends the sandbox as a crash would. */
  crash(): void
}

// biome-ignore lint/suspicious/noExplicitAny: answers of tools are of many shapes, and the scripts of tests read what they want
export type ToolBody = any

/** What a script does with a request, in the place of Python. */
export type ScriptBehaviour = (request: TaskRequest, call: ScriptCall) => unknown

/** Sandboxes as HTTP servers of this process that speak the contract of real ones: `/healthz` and `/entry/evaluate_criterion`. */
export class ScriptSandboxes implements SandboxRunner {
  readonly started: SandboxSpec[] = []
  readonly swept: string[] = []
  private readonly running = new Set<Server>()

  /** @param behaviourOf what the script with this text does; may throw, and the sandbox does not start then */
  constructor(private readonly behaviourOf: (source: string) => ScriptBehaviour) {}

  /** Sandboxes that were not removed. */
  get left(): number {
    return this.running.size
  }

  async start(spec: SandboxSpec): Promise<Sandbox> {
    this.started.push(spec)
    const behaviour = this.behaviourOf(await readFile(scriptOf(spec), 'utf8'))
    const server = createServer(serving(behaviour, () => end(server)))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    this.running.add(server)
    return {
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      wait: () => new Promise((resolve) => server.once('close', () => resolve(0))),
      logs: async () => '',
      remove: async () => {
        end(server)
        this.running.delete(server)
      },
    }
  }

  async sweep(purpose: string): Promise<number> {
    this.swept.push(purpose)
    return 0
  }
}

/** What a sandbox with this script in it serves. */
export const serving =
  (behaviour: ScriptBehaviour, crash: () => void): RequestListener =>
  (request, response) => {
    answer(request, response, behaviour, crash).catch((error: unknown) => {
      response.writeHead(500).end(JSON.stringify({ detail: { error: String(error) } }))
    })
  }

/** Where the script of a spec lies on this machine. */
export function scriptOf({ env, mounts = [] }: SandboxSpec): string {
  const mount = mounts.find(({ path: inside }) => env.CASTER_AGENT_PATH!.startsWith(`${inside}/`))!
  return path.join(mount.hostPath, env.CASTER_AGENT_PATH!.slice(mount.path.length))
}

function end(server: Server): void {
  server.close()
  server.closeAllConnections()
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  behaviour: ScriptBehaviour,
  crash: () => void,
): Promise<void> {
  const send = (status: number, value: unknown) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
  if (request.url === '/healthz') return void send(200, { status: 'ok' })
  const session = String(request.headers['x-caster-session-id'])
  const token = String(request.headers['x-caster-token'])
  const gateway = String(request.headers['x-caster-host-container-url'])
  if (request.method !== 'POST' || request.url !== '/entry/evaluate_criterion') return void send(404, {})
  let text = ''
  for await (const chunk of request) text += chunk
  const { payload, context } = JSON.parse(text) as { payload: TaskRequest; context: { claim_id: string } }
  const tool: ScriptCall['tool'] = async (name, kwargs = {}, over = {}) => {
    const called = await fetch(`${gateway}/v1/tools/execute`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ session_id: session, token, tool: name, args: [], kwargs, ...over }),
    })
    return { status: called.status, body: await called.json() }
  }
  const call: ScriptCall = { claimId: context.claim_id, sessionId: session, token, tool, crash }
  send(200, { ok: true, result: await behaviour(payload, call) })
}
