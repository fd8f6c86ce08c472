import { mkdtempSync, rmSync } from 'node:fs'
import { request } from 'node:http'
import os from 'node:os'
import path from 'node:path'
import { type HostileRequest, hostileRequests } from '../api/limits/hostile-requests'
import { startEmbeddedPostgres } from '../database/embedded/server'
import { migrate } from '../database/migrate'
import { figure } from './figure'
import { fillCommitments } from './http/commitment-table'
import { startApiProcess } from './http/start-process'

const REQUESTS = 200
const SEEDS = [1, 2, 3]
const ROWS = 100_000
const POOL_CONNECTIONS = 10
const TARGET_MS = 50

/**
 * Hostile requests one after the other, each on a connection of its own, against a server that has just started: no cache
 * knows them. Another seed is another set; the figure is the slowest single answer of all.
 */
export async function run(): Promise<Record<string, unknown>[]> {
  const dataDir = mkdtempSync(path.join(os.tmpdir(), 'subledger-bench-'))
  const postgres = await startEmbeddedPostgres({ dataDir })
  try {
    await migrate(postgres.url)
    await fillCommitments(postgres.url, ROWS)
    const slowest: Answer[] = []
    for (const seed of SEEDS) slowest.push(...(await measure(postgres.url, seed)))
    slowest.sort((a, b) => b.elapsedMs - a.elapsedMs)
    return report(slowest)
  } finally {
    await postgres.stop()
    rmSync(dataDir, { recursive: true, force: true })
  }
}

interface Answer {
  readonly name: string
  readonly code: string
  readonly elapsedMs: number
}

async function measure(databaseUrl: string, seed: number): Promise<Answer[]> {
  const server = await startApiProcess(databaseUrl, POOL_CONNECTIONS)
  try {
    // One honest query, so that what is measured is the request and not the first use of the program.
    const greeting = {
      name: 'honest',
      method: 'POST',
      path: '/graphql',
      headers: { 'content-type': 'application/json' },
    }
    await send(server.url, {
      ...greeting,
      body: Buffer.from('{"query":"{ events(netuid: 122) { totalCount } }"}'),
    })
    const answers: Answer[] = []
    for (const hostile of hostileRequests(REQUESTS, seed)) answers.push(await send(server.url, hostile))
    return answers
  } finally {
    await server.stop()
  }
}

function send(url: string, { name, method, path: target, headers, body }: HostileRequest): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url)
    const started = process.hrtime.bigint()
    const sent = request({ hostname, port, method, path: target, headers, agent: false }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk) => {
        text += chunk
      })
      response.on('end', () => {
        const elapsedMs = Number(process.hrtime.bigint() - started) / 1e6
        resolve({ name, code: /"code":\s*"([^"]+)"/.exec(text)?.[1] ?? 'none', elapsedMs })
      })
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

function report(answers: readonly Answer[]): Record<string, unknown>[] {
  const unanswered = answers.filter(({ code }) => !code.startsWith('SL-'))
  return [
    figure({
      bench: 'hostile',
      metric: `slowest of ${answers.length} hostile requests`,
      value: answers[0]!.elapsedMs,
      unit: 'ms',
      target: { atMost: TARGET_MS },
    }),
    figure({
      bench: 'hostile',
      metric: 'median',
      value: answers[answers.length >> 1]!.elapsedMs,
      unit: 'ms',
    }),
    {
      bench: 'hostile',
      seeds: SEEDS,
      withoutError: unanswered.map(({ name }) => name),
      pass: unanswered.length === 0,
      slowest: answers
        .slice(0, 5)
        .map(({ name, code, elapsedMs }) => ({ name, code, ms: Number(elapsedMs.toFixed(1)) })),
    },
  ]
}
