import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { hasShared, sharedChain } from '../chain/test-blocks'
import { withClient } from '../database/connect'
import { type EmbeddedServer, startEmbeddedPostgres } from '../database/embedded/server'
import type { Devnet } from '../devnet'
import { startScenario } from '../devnet/scenario/start-scenario'
import { tableRules } from '../projections/all'
import { type Ended, launch, type RunningCommand } from './test-command'

const BLOCKS = 150
/** From Ctrl-C to the end of the process, on a machine that does other things too. */
const STOP_WITHIN_MS = 12_000

describe('the commands of a ledger, each a process of its own', { timeout: 120_000 }, () => {
  let folder: string
  let server: EmbeddedServer
  let devnet: Devnet
  const running: RunningCommand[] = []

  beforeAll(async () => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'subledger-commands-'))
    server = await startEmbeddedPostgres({ dataDir: path.join(folder, 'server') })
    devnet = await startScenario({ seed: 6, historyBlocks: BLOCKS })
    for (const name of ['first', 'filled', 'again', 'empty', 'recorded', 'recorded_again']) {
      await withClient(server.urlOf('postgres'), (client) => client.query(`create database ${name}`))
    }
  }, 60_000)
  afterAll(async () => {
    for (const command of running) {
      command.process.kill('SIGKILL')
      await command.ended
    }
    await devnet.close()
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  const begin = (database: string, ...args: string[]): RunningCommand => {
    const env = { DATABASE_URL: server.urlOf(database) }
    const command = launch([...args, '--data-dir', path.join(folder, 'data')], env)
    running.push(command)
    return command
  }
  const run = (database: string, ...args: string[]): Promise<Ended> => begin(database, ...args).ended
  const index = ['index', '--netuid', '122'] as const
  const toEnd = ['--to', String(BLOCKS)] as const
  const heightOf = async (database: string): Promise<number> =>
    (
      await withClient(server.urlOf(database), (client) =>
        client.query('select height from squid_processor.status where id = 0'),
      )
    ).rows[0].height

  it('index ends soon after Ctrl-C while it catches up, and goes on from there', async () => {
    devnet.faults.latency(60)
    const command = begin('first', ...index, '--rpc', devnet.wsUrl, '--read-ahead', 'off')
    while ((await heightOf('first').catch(() => -1)) < 20) await sleep(50)
    const asked = performance.now()
    command.process.kill('SIGINT')
    expect(await command.ended).toMatchObject({ status: 0 })
    expect(performance.now() - asked).toBeLessThan(STOP_WITHIN_MS)
    const stopped = await heightOf('first')
    expect(stopped).toBeLessThan(BLOCKS)
    devnet.faults.latency(0)
    expect(await run('first', ...index, '--rpc', devnet.wsUrl, ...toEnd)).toMatchObject({ status: 0 })
    expect(await heightOf('first')).toBe(BLOCKS)
  })

  it('refuses a second indexer of the same database', async () => {
    const follower = begin('first', ...index, '--rpc', devnet.wsUrl)
    await expect.poll(() => follower.output(), { timeout: 30_000 }).toMatch(/caught up/)
    const second = await run('first', ...index, '--rpc', devnet.wsUrl)
    expect(second).toMatchObject({ status: 2, output: expect.stringContaining('SL-SECOND-WRITER') })
    follower.process.kill('SIGTERM')
    expect(await follower.ended).toMatchObject({ status: 0 })
  })

  it('refuses what the database does not hold: another chain, other subnets, another first block', async () => {
    const other = await startScenario({ seed: 7, historyBlocks: 5 })
    const refused = [
      await run('first', ...index, '--rpc', other.wsUrl),
      await run('first', 'index', '--netuid', '94', '--rpc', devnet.wsUrl),
      await run('first', ...index, '--rpc', devnet.wsUrl, '--from', '7'),
    ]
    await other.close()
    expect(refused.map(({ status }) => status)).toEqual([2, 2, 2])
    expect(refused.map(({ output }) => /SL-[A-Z-]+/.exec(output)?.[0])).toEqual([
      'SL-WRONG-NETWORK',
      'SL-WRONG-SUBNET',
      'SL-WRONG-START',
    ])
  })

  it('says what is wrong with the machine around it, and what to do', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const { port } = taken.address() as AddressInfo
    const fsyncOff = launch([...index, '--rpc', devnet.wsUrl], { DATABASE_URL: inject('postgresUrl') })
    const refused = [
      await run('empty', ...index, '--rpc', 'ws://127.0.0.1:1'),
      await run('first', 'api', '--port', String(port)),
      await fsyncOff.ended,
      await run('missing', ...index, '--rpc', devnet.wsUrl),
      await run('first', 'index', '--netuid', 'all', '--fromm', '3'),
    ]
    taken.close()
    const said = refused.map(({ status, output }) => [status, /SL-[A-Z-]+/.exec(output)?.[0]])
    expect(said.slice(0, 4)).toEqual([
      [3, 'SL-NODE-UNREACHABLE'],
      [2, 'SL-PORT-TAKEN'],
      [2, 'SL-PG-FSYNC-OFF'],
      [2, 'SL-DB-MISSING'],
    ])
    expect(refused[4]).toMatchObject({ status: 1, output: expect.stringMatching(/--from\b/) })
    for (const { output } of refused.slice(0, 4)) expect(output).toContain('→')
  })

  it('indexes again from the block cache while the node is gone, and exports the same bytes', async () => {
    expect(await run('filled', ...index, '--rpc', devnet.wsUrl, ...toEnd)).toMatchObject({ status: 0 })
    await devnet.faults.unreachable(true)
    const again = await run('again', ...index, '--rpc', devnet.wsUrl, ...toEnd)
    await devnet.faults.unreachable(false)
    expect(again).toMatchObject({ status: 0, output: expect.stringContaining('from the cache') })
    const folders = ['first', 'again'].map((name) => path.join(folder, `export-${name}`))
    expect(await run('first', 'export', '--out', folders[0]!)).toMatchObject({ status: 0 })
    expect(await run('again', 'export', '--out', folders[1]!)).toMatchObject({ status: 0 })
    expect(contentOf(folders[0]!)).toEqual(contentOf(folders[1]!))
    const files = Object.keys(contentOf(folders[0]!))
    expect(files).toEqual(
      [...Object.keys(tableRules), 'log', 'heads'].map((table) => `${table}.jsonl`).sort(),
    )
  })

  it('exports with each row what the event behind it tells', () => {
    const exported = contentOf(path.join(folder, 'export-first'))
    const linesOf = (file: string) =>
      exported[file]!.split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line))
    const log = linesOf('log.jsonl').filter((event) => event.log === 'chain')
    const payloadOf = (netuid: number, seq: number) =>
      log.find((event) => event.netuid === netuid && Number(event.seq) === seq).payload
    const [commitments, vectors] = ['commitment.jsonl', 'weight_set.jsonl'].map(linesOf)
    expect(Math.min(commitments!.length, vectors!.length)).toBeGreaterThan(2)
    for (const { netuid, from_seq, fields } of commitments!) {
      expect(fields).toEqual(payloadOf(netuid, from_seq).fields)
    }
    for (const { netuid, set_seq, uids, hotkeys, raw, u16 } of vectors!) {
      expect(payloadOf(netuid, set_seq)).toMatchObject({ uids, hotkeys, raw, u16 })
    }
  })

  it('rebuilds all read models to the same export', async () => {
    const rebuilt = path.join(folder, 'export-rebuilt')
    expect(await run('again', 'rebuild', 'all')).toMatchObject({ status: 0 })
    expect(await run('again', 'export', '--out', rebuilt)).toMatchObject({ status: 0 })
    expect(contentOf(rebuilt)).toEqual(contentOf(path.join(folder, 'export-first')))
  })

  it('verify finds the log equal, and names the event that somebody changed', async () => {
    expect(await run('again', 'verify')).toMatchObject({
      status: 0,
      output: expect.stringMatching(/chain\/122 {2}\d+ events {2}0x[0-9a-f]{64} {2}equal/),
    })
    await withClient(server.urlOf('again'), (client) =>
      client.query(`alter table log_event disable trigger all;
        update log_event set payload = jsonb_set(payload::jsonb, '{uid}', '9')::json where netuid = 122 and seq = (
          select min(seq) from log_event where netuid = 122 and type = 'NeuronRegistered')`),
    )
    const { status, output } = await run('again', 'verify')
    expect(status).toBe(4)
    expect(output).toMatch(/SL-LOG-DIFFERS/)
  })

  it.skipIf(!hasShared)('replay indexes a recording to the same export each time, and ends', async () => {
    const recordings = path.join(sharedChain, 'recordings')
    const replay = [
      'replay',
      path.join(recordings, 'dev-218.jsonl'),
      '--metadata',
      `218=${path.join(recordings, 'dev-218.metadata.hex.gz')}`,
    ]
    const folders: string[] = []
    for (const name of ['recorded', 'recorded_again']) {
      expect(await run(name, ...replay)).toMatchObject({
        status: 0,
        output: expect.stringContaining('indexed blocks 0 to 25'),
      })
      folders.push(path.join(folder, `export-${name}`))
      expect(await run(name, 'export', '--out', folders.at(-1)!)).toMatchObject({ status: 0 })
    }
    const [one, two] = folders.map(contentOf)
    expect(one).toEqual(two)
    expect(one!['tenure.jsonl']!.split('\n').length).toBeGreaterThan(5)
  })
})

function contentOf(folder: string): Record<string, string> {
  const files = readdirSync(folder).sort()
  return Object.fromEntries(files.map((file) => [file, readFileSync(path.join(folder, file), 'utf8')]))
}
