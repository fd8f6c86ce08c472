import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { startBenchPostgres } from './bench-postgres'
import { figure } from './figure'
import { writeSourceFiles } from './source/source-files'
import { startSource } from './source/start-source'

const BLOCKS = Number(process.env.SUBLEDGER_BENCH_MEMORY_BLOCKS ?? 30_000)
const SAMPLE_MS = 100
const MIB = 1024 * 1024

/**
 * Resident memory of an indexer process, read-ahead included, over a long chain; and how much of its growth falls
 * into the second half, which tells whether it depends on the length.
 */
export async function run(): Promise<Record<string, unknown>[]> {
  const files = await writeSourceFiles(BLOCKS)
  const node = await startSource(files, 0)
  const postgres = await startBenchPostgres()
  try {
    const database = await postgres.createDatabase('migrated')
    const samples = await sampledRun(node.wsUrl, database)
    const half = samples.length >> 1
    const peakOf = (part: readonly number[]) => Math.max(...part) / MIB
    const bench = 'memory'
    const unit = 'MiB'
    return [
      figure({
        bench,
        metric: `peak over ${BLOCKS} blocks`,
        value: peakOf(samples),
        unit,
        target: { atMost: 400 },
      }),
      figure({ bench, metric: 'peak in the first half', value: peakOf(samples.slice(0, half)), unit }),
      figure({ bench, metric: 'peak in the second half', value: peakOf(samples.slice(half)), unit }),
    ]
  } finally {
    await node.stop()
    await postgres.stop()
    files.remove()
  }
}

/** Resident bytes, every `SAMPLE_MS` from start to end. */
async function sampledRun(url: string, database: string): Promise<number[]> {
  const script = path.join(__dirname, 'full-indexer.js')
  const child = spawn(process.execPath, [script, url, String(BLOCKS - 1), database, 'read-ahead'], {
    env: { ...process.env, SQD_INFO: '', SQD_WARN: '', SQD_ERROR: '*' },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const samples: number[] = []
  const timer = setInterval(() => samples.push(residentBytes(child.pid!)), SAMPLE_MS)
  const [code] = await once(child, 'exit')
  clearInterval(timer)
  if (code !== 0) throw new Error(`the indexer ended with code ${code}`)
  return samples.filter((it) => it > 0)
}

/** Linux only; 0 elsewhere and once the process has gone. */
function residentBytes(pid: number): number {
  try {
    const kib = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
    return Number(kib ?? 0) * 1024
  } catch {
    return 0
  }
}
