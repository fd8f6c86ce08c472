import { type ChildProcess, spawn } from 'node:child_process'
import type { Sandbox, SandboxRunner, SandboxSpec } from './sandbox'

const SIGNALLED_STATUS = 137

/** For tests alone: the command of a spec as a process of this machine. It isolates nothing but the environment. */
export class ProcessRunner implements SandboxRunner {
  readonly started: SandboxSpec[] = []
  private readonly running = new Set<ChildProcess>()

  get left(): number {
    return this.running.size
  }

  async start(spec: SandboxSpec): Promise<Sandbox> {
    this.started.push(spec)
    const [program, ...rest] = spec.command!
    const child = spawn(program!, rest, {
      cwd: hostPathOf(spec, spec.workingDir ?? '/'),
      env: environmentOf(spec),
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.running.add(child)
    let output = ''
    child.stdout.on('data', (chunk) => (output += chunk))
    child.stderr.on('data', (chunk) => (output += chunk))
    const ended = new Promise<number>((resolve, reject) => {
      child.on('error', reject)
      child.on('close', (status) => resolve(status ?? SIGNALLED_STATUS))
    })
    return {
      url: undefined,
      wait: () => ended,
      logs: async (maxBytes) => output.slice(-maxBytes),
      remove: async () => {
        if (child.exitCode === null && child.signalCode === null) process.kill(-child.pid!, 'SIGKILL')
        await ended
        this.running.delete(child)
      },
    }
  }

  async sweep(): Promise<number> {
    return 0
  }
}

/** Paths within the sandbox as those of this machine. */
function hostPathOf({ mounts = [] }: SandboxSpec, path: string): string {
  const mount = mounts.find((one) => path === one.path || path.startsWith(`${one.path}/`))
  return mount ? mount.hostPath + path.slice(mount.path.length) : path
}

const environmentOf = (spec: SandboxSpec) => ({
  PATH: process.env.PATH ?? '',
  ...Object.fromEntries(Object.entries(spec.env).map(([name, value]) => [name, hostPathOf(spec, value)])),
})
