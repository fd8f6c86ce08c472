import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import type { Timing } from './bare-processor'

export interface Speed {
  readonly blocksPerSecond: number
  /** Blocks for each second of processor time. */
  readonly blocksPerCpuSecond: number
}

/** The speed that a process of its own measured; the last line it prints is its `Timing`. */
export async function runTimed(
  script: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Speed> {
  const file = path.join(__dirname, script)
  const child = spawn(process.execPath, ['--enable-source-maps', file, ...args], {
    env: { ...process.env, SQD_INFO: '', SQD_WARN: '', SQD_ERROR: '*', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [output, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')])
  if (code !== 0) throw new Error(`${script} ended with code ${code}: ${output.slice(-2_000)}`)
  const { blocks, elapsedMs, cpuMs } = JSON.parse(output.trim().split('\n').at(-1)!) as Timing
  return { blocksPerSecond: (blocks * 1_000) / elapsedMs, blocksPerCpuSecond: (blocks * 1_000) / cpuMs }
}
