import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it, vi } from 'vitest'

const root = path.resolve(__dirname, '../..')
const main = path.join(root, 'lib/src/cli/main.js')
const START_TIMEOUT_MS = 120_000
/** Blocks of the devnet's history, which come from the seed alone. */
const SCRIPTED_BLOCKS = 600
/** Epochs pass until the chain would replace the one who is to go. */
const PLAY_TIMEOUT_MS = 240_000

interface Running {
  readonly process: ChildProcess
  readonly graphql: string
  readonly output: () => string
  readonly ended: Promise<number | null>
}

const folders: string[] = []
const running: Running[] = []

function newFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'subledger-start-'))
  folders.push(folder)
  return folder
}

/** `subledger start` as a person runs it: an own process, an own data folder, free ports. */
async function start(dataDir: string, ...flags: string[]): Promise<Running> {
  const child = spawn(
    process.execPath,
    [main, 'start', '--data-dir', dataDir, '--port', '0', '--devnet-port', '0', ...flags],
    { cwd: dataDir, env: { PATH: process.env.PATH }, stdio: ['ignore', 'pipe', 'pipe'] },
  )
  let output = ''
  const ended = new Promise<number | null>((resolve) => child.once('exit', (status) => resolve(status)))
  const graphql = await new Promise<string>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`not started in time:\n${output}`)), START_TIMEOUT_MS)
    const onText = (chunk: Buffer) => {
      output += chunk
      const url = /http:\/\/[\d.:]+\/graphql/.exec(output)?.[0]
      if (url && /caught up/.test(output)) {
        clearTimeout(timer)
        resolve(url)
      }
    }
    child.stdout!.on('data', onText)
    child.stderr!.on('data', onText)
    void ended.then((status) => reject(new Error(`ended with ${status}:\n${output}`)))
  })
  const run = { process: child, graphql, output: () => output, ended }
  running.push(run)
  return run
}

async function ask<T>(url: string, query: string): Promise<T> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  })
  const { data, errors } = (await response.json()) as { data: T; errors?: unknown }
  expect(errors).toBeUndefined()
  return data
}

interface Status {
  readonly status: {
    indexedHeight: number
    logs: { log: string; netuid: number; size: number; root: string }[]
  }
}
const STATUS = '{ status { indexedHeight logs { log netuid size root } } }'

interface First {
  readonly firstSubmissions: {
    nodes: { hotkey: string; commit: { height: number } }[]
    provenance: { height: number; logs: { netuid: number; root: string }[] }
  }
}
const firstAt = (height: number) =>
  `{ firstSubmissions(netuid: 122, at: {height: ${height}}, first: 1) {
      nodes { hotkey commit { height } } provenance { height logs(log: chain) { netuid root } } } }`

interface Played {
  readonly leaderboard: readonly unknown[]
  readonly autoresearchBalances: { nodes: { outstanding: string; toHeight: number | null }[] }
  readonly casterRosters: { nodes: { cause: string }[] }
  readonly weights: { shares: { share: number }[]; weights: unknown[] }
}
const PLAYED = `{ leaderboard(netuid: 122) { rank }
  autoresearchBalances(netuid: 94) { nodes { outstanding toHeight } }
  casterRosters(netuid: 67) { nodes { cause } }
  weights(netuid: 67) { shares { share } weights { uid } } }`

interface Vectors {
  readonly [subnet: string]: readonly { readonly agrees: boolean; readonly cause: string | null }[]
}
const VECTORS = `{ ${[67, 94, 122].map((netuid) => `of${netuid}: weightVectors(netuid: ${netuid}) { agrees cause }`).join(' ')} }`

afterAll(async () => {
  for (const { process, ended } of running) {
    process.kill('SIGKILL')
    await ended
  }
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

describe('subledger start', { timeout: 4 * START_TIMEOUT_MS }, () => {
  it('answers who was first with the same log root after kill -9 and a second start', async () => {
    const dataDir = newFolder()
    const first = await start(dataDir)
    const { status } = await ask<Status>(first.graphql, STATUS)
    expect(status.logs.map((log) => log.netuid)).toEqual(expect.arrayContaining([67, 94, 122]))
    const before = await ask<First>(first.graphql, firstAt(status.indexedHeight))
    expect(before.firstSubmissions.nodes).toHaveLength(1)

    first.process.kill('SIGKILL')
    await first.ended
    const second = await start(dataDir)
    const resumed = await ask<Status>(second.graphql, STATUS)
    expect(resumed.status.indexedHeight).toBeGreaterThanOrEqual(status.indexedHeight)
    expect(await ask<First>(second.graphql, firstAt(status.indexedHeight))).toEqual(before)
  })

  it('gives the answer that the README shows', async () => {
    const { graphql } = await start(newFolder())
    const readme = readFileSync(path.join(root, 'README.md'), 'utf8')
    const [, query] = /```graphql\n([\s\S]*?)```/.exec(readme)!
    const [, answer] = /```json\n([\s\S]*?)```/.exec(readme)!
    const given = await ask(graphql, query!)
    if (process.env.UPDATE_README) {
      const shown = readme.replace(
        /```json\n[\s\S]*?```/,
        () => `\`\`\`json\n${JSON.stringify({ data: given }, null, 2)}\n\`\`\``,
      )
      writeFileSync(path.join(root, 'README.md'), shown)
    } else expect({ data: given }).toEqual(JSON.parse(answer!))
  })

  it('plays the three subnets: a leaderboard, a claim epoch that is paid, a champion that is beaten', async () => {
    const { graphql, output } = await start(newFolder(), '--devnet-block-time', '1000')
    await vi.waitFor(
      async () => {
        const seen = await ask<Played>(graphql, PLAYED)
        expect(seen.leaderboard.length).toBeGreaterThan(2)
        const held = seen.autoresearchBalances.nodes.filter(({ toHeight }) => toHeight === null)
        expect(held.map(({ outstanding }) => outstanding)).toEqual(['0', '0'])
        expect(seen.casterRosters.nodes.map(({ cause }) => cause)).toEqual([
          'bootstrap',
          'promoted',
          'first_not_beaten',
        ])
        // The second of the roster has lost its uid: what it would get is burned.
        expect(seen.weights.shares.map(({ share }) => share)).toEqual([0.6])
        expect(seen.weights.weights).toHaveLength(2)
      },
      { timeout: PLAY_TIMEOUT_MS, interval: 1_000 },
    )
    // Validators set what they found decided, all but the one of 122 that is of another opinion.
    await vi.waitFor(
      async () => {
        const { of67, of94, of122 } = await ask<Vectors>(graphql, VECTORS)
        expect(of67).toEqual(Array(3).fill({ agrees: true, cause: null }))
        // The third of 94 lost its uid in the history. A commit of the others may be hidden: then they do not agree yet.
        expect(of94!.map(({ cause }) => cause)).toEqual([null, null])
        expect(of122!.filter(({ cause }) => cause !== null)).toHaveLength(1)
      },
      { timeout: PLAY_TIMEOUT_MS, interval: 1_000 },
    )
    expect(output()).not.toMatch(/a player of the devnet was refused/)
  })

  it('gives the same log root in another folder, because the devnet comes from its seed', async () => {
    const [one, two] = [await start(newFolder()), await start(newFolder())]
    const [a, b] = [await ask<Status>(one.graphql, STATUS), await ask<Status>(two.graphql, STATUS)]
    // Later blocks hold what the players sent, each at its own pace.
    const height = Math.min(a.status.indexedHeight, b.status.indexedHeight, SCRIPTED_BLOCKS)
    expect(await ask(one.graphql, firstAt(height))).toEqual(await ask(two.graphql, firstAt(height)))
  })

  it('stops cleanly on Ctrl-C', async () => {
    const run = await start(newFolder())
    run.process.kill('SIGINT')
    expect(await run.ended).toBe(0)
    expect(run.output()).toMatch(/stopped/i)
  })
})
