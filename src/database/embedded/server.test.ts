import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { Client } from 'pg'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { migrate } from '../migrate'
import { openDatabase } from '../open-database'
import { nativeFolder, prepareBinaries } from './binaries'
import { canRun, unprivilegedAccount } from './identity'
import { isAlive, readPostmaster } from './postmaster'
import { type EmbeddedServer, startEmbeddedPostgres } from './server'

async function ask(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query({ text: sql, rowMode: 'array' })).rows.flat()
  } finally {
    await client.end()
  }
}

const isRoot = process.geteuid?.() === 0

describe('the embedded PostgreSQL', () => {
  let base: string
  let dataDir: string
  const started: EmbeddedServer[] = []
  const start = async (over: Partial<Parameters<typeof startEmbeddedPostgres>[0]> = {}) => {
    const server = await startEmbeddedPostgres({ dataDir, ...over })
    started.push(server)
    return server
  }
  const dataFolder = () => path.join(dataDir, 'postgres/data')
  beforeEach(() => {
    base = mkdtempSync(path.join(os.tmpdir(), 'subledger-embedded-'))
    dataDir = path.join(base, 'data dir')
  })
  afterEach(async () => {
    for (const server of started.splice(0).reverse()) await server.stop()
    rmSync(base, { recursive: true, force: true })
  })

  it('keeps what was written over a restart, with fsync on, UTF-8 and no TCP port', async () => {
    const first = await start()
    await migrate(first.url)
    await ask(first.url, `insert into indexed_block values (7, '\\x01', 'epoch')`)
    expect(await ask(first.url, 'show fsync')).toEqual(['on'])
    expect(await ask(first.url, 'show listen_addresses')).toEqual([''])
    expect(await ask(first.url, 'show server_encoding')).toEqual(['UTF8'])
    expect(await ask(first.url, 'show timezone')).toEqual(['UTC'])
    await first.stop()
    const second = await start()
    expect(second.adopted).toBe(false)
    expect(await ask(second.url, 'select height::int from indexed_block')).toEqual([7])
    expect(await migrate(second.url)).toEqual([])
    await second.stop()
    expect(readPostmaster(dataFolder())).toBeUndefined()
  })

  it('takes over the server that a killed process left, and stops it at the end', async () => {
    // Forgotten without stop, as after a SIGKILL of Node: the server has its own process group.
    await startEmbeddedPostgres({ dataDir })
    const { pid } = readPostmaster(dataFolder())!
    const second = await start()
    expect(second.adopted).toBe(true)
    expect(await ask(second.url, 'select 1')).toEqual([1])
    await second.stop()
    expect(isAlive(pid)).toBe(false)
  })

  it('recovers when the server itself was killed', async () => {
    const first = await start()
    await ask(first.url, 'create table kept as select 1 as one')
    const { pid } = readPostmaster(dataFolder())!
    process.kill(pid, 'SIGKILL')
    while (isAlive(pid)) await new Promise((resolve) => setTimeout(resolve, 10))
    const second = await start()
    expect(await ask(second.url, 'select one from kept')).toEqual([1])
  })

  it('starts although the pid of its last life now belongs to another program', async () => {
    const first = await start()
    const file = path.join(dataFolder(), 'postmaster.pid')
    const lines = readFileSync(file, 'utf8').split('\n')
    await first.stop()
    writeFileSync(file, [String(process.pid), ...lines.slice(1)].join('\n'), { mode: 0o600 })
    expect((await start()).adopted).toBe(false)
  })

  it('stays up for another Subledger process; who leaves last stops it', async () => {
    const first = await start()
    const second = await start()
    const { pid } = readPostmaster(dataFolder())!
    const client = new Client({ connectionString: second.url, application_name: 'subledger' })
    await client.connect()
    await first.stop()
    expect(isAlive(pid)).toBe(true)
    await client.end()
    await second.stop()
    expect(isAlive(pid)).toBe(false)
  })

  it('serves two processes that start at one moment on an empty folder', async () => {
    const servers = await Promise.all([start(), start()])
    for (const server of servers) expect(await ask(server.url, 'select 1')).toEqual([1])
    expect(servers.map((server) => server.adopted).sort()).toEqual([false, true])
  })

  it('works below a path that is too long for a socket', async () => {
    dataDir = path.join(base, 'long'.repeat(40), 'ünïcode')
    const server = await start()
    expect(await ask(server.url, 'select 1')).toEqual([1])
    const { socketFolder } = readPostmaster(dataFolder())!
    expect(Buffer.byteLength(`${socketFolder}/.s.PGSQL.5432`)).toBeLessThan(107)
    expect(statSync(socketFolder).mode & 0o777).toBe(0o700)
    await server.stop()
    rmSync(socketFolder, { recursive: true })
  })

  it('makes the library links again after they are gone, never in node_modules', async () => {
    const links = path.join(base, 'links')
    const binaries = prepareBinaries(nativeFolder(), links)
    rmSync(links, { recursive: true })
    const again = prepareBinaries(nativeFolder(), links)
    expect(again).toEqual(binaries)
    const bare = spawnSync(again.postgres, ['--version'], {
      env: { LD_LIBRARY_PATH: again.env.LD_LIBRARY_PATH },
    })
    expect(String(bare.stdout)).toMatch(/^postgres \(PostgreSQL\) 18/)
  })

  it('says what PostgreSQL said when its data are broken', async () => {
    const server = await start()
    await server.stop()
    writeFileSync(path.join(dataFolder(), 'PG_VERSION'), '9.4\n')
    await expect(startEmbeddedPostgres({ dataDir })).rejects.toMatchObject({
      code: 'SL-PG-START',
      message: expect.stringContaining('incompatible with server'),
    })
  })

  it('says that its folder cannot be made', async () => {
    writeFileSync(path.join(base, 'file'), '')
    dataDir = path.join(base, 'file', 'below')
    await expect(startEmbeddedPostgres({ dataDir })).rejects.toMatchObject({ code: 'SL-PG-INIT' })
  })

  it('is what openDatabase starts when no DATABASE_URL is given, and refuses fsync=off when one is', async () => {
    const opened = await openDatabase({ dataDir })
    expect(opened).toMatchObject({ embedded: true, migrated: expect.arrayContaining(['Log1764000000000']) })
    await opened.close()
    const unsafe = await start({ unsafeFast: true })
    const given = openDatabase({ dataDir: path.join(base, 'unused'), databaseUrl: unsafe.url })
    await expect(given).rejects.toMatchObject({ code: 'SL-PG-FSYNC-OFF' })
    expect(existsSync(path.join(base, 'unused'))).toBe(false)
    const allowed = await openDatabase({ dataDir, databaseUrl: unsafe.url, allowFsyncOff: true })
    await allowed.close()
    expect(await ask(unsafe.url, 'select 1')).toEqual([1])
  })

  describe.skipIf(!isRoot)('started by root', () => {
    it('runs under another account where no user namespace can be made, from a place that it reaches', async () => {
      chmodSync(base, 0o700)
      const identity = unprivilegedAccount()
      const first = await start({ identity })
      const note = path.join(dataDir, 'postgres/moved-to')
      const moved = readFileSync(note, 'utf8').trim()
      try {
        await ask(first.url, 'create table kept as select 1 as one')
        expect(statSync(path.join(moved, 'data')).uid).toBe(identity.uid)
        await first.stop()
        // No longer forced: the data decide.
        const second = await start()
        expect(await ask(second.url, 'select one from kept')).toEqual([1])
        await second.stop()
      } finally {
        rmSync(moved, { recursive: true, force: true })
      }
    })

    it('runs as the owner of data that another account made', async () => {
      chmodSync(base, 0o755)
      const identity = unprivilegedAccount()
      const home = path.join(dataDir, 'postgres')
      mkdirSync(home, { recursive: true })
      spawnSync('chown', ['-R', `${identity.uid}:${identity.gid}`, dataDir])
      const binaries = prepareBinaries(nativeFolder(), path.join(base, 'links'))
      if (!canRun(identity, binaries, home)) return
      const first = await start({ identity })
      await first.stop()
      const second = await start()
      expect(statSync(dataFolder()).uid).toBe(identity.uid)
      expect(await ask(second.url, 'select 1')).toEqual([1])
    })
  })
})
