import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { Client } from 'pg'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { migrate } from '../migrate'
import { readPostmaster } from './postmaster'
import { startEmbeddedPostgres } from './server'

async function ask(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query({ text: sql, rowMode: 'array' })).rows.flat()
  } finally {
    await client.end()
  }
}

describe('the embedded PostgreSQL', () => {
  let dataDir: string
  beforeEach(() => {
    dataDir = mkdtempSync(path.join(os.tmpdir(), 'subledger-embedded-'))
  })
  afterEach(() => rmSync(dataDir, { recursive: true, force: true }))

  it('keeps what was written over a restart, with fsync on, UTF-8 and no TCP port', async () => {
    const first = await startEmbeddedPostgres({ dataDir })
    await migrate(first.url)
    await ask(first.url, `insert into indexed_block values (7, '\\x01', 'epoch')`)
    expect(await ask(first.url, 'show fsync')).toEqual(['on'])
    expect(await ask(first.url, 'show listen_addresses')).toEqual([''])
    expect(await ask(first.url, 'show server_encoding')).toEqual(['UTF8'])
    expect(await ask(first.url, 'show timezone')).toEqual(['UTC'])
    await first.stop()
    const second = await startEmbeddedPostgres({ dataDir })
    expect(second.adopted).toBe(false)
    expect(await ask(second.url, 'select height::int from indexed_block')).toEqual([7])
    expect(await migrate(second.url)).toEqual([])
    await second.stop()
    expect(readPostmaster(path.join(dataDir, 'postgres/data'))).toBeUndefined()
  })
})
