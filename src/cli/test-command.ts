import { type ChildProcess, spawn } from 'node:child_process'
import path from 'node:path'

const main = path.resolve(__dirname, '../../lib/src/cli/main.js')

export interface Ended {
  readonly status: number | null
  /** Standard output and error, as they came. */
  readonly output: string
}

export interface RunningCommand {
  readonly process: ChildProcess
  readonly output: () => string
  readonly ended: Promise<Ended>
}

/** The compiled command as a person runs it: a process of its own, no environment but what is given. */
export function launch(args: readonly string[], env: Readonly<Record<string, string>> = {}): RunningCommand {
  const child = spawn(process.execPath, [main, ...args], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk
    })
  }
  const ended = new Promise<Ended>((resolve) => {
    child.once('close', (status) => resolve({ status, output }))
  })
  return { process: child, output: () => output, ended }
}
