import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { Client } from 'pg'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../database/test-database'
import { append } from './append'
import { checkpointVerifierKey, openCheckpoint, originOf } from './checkpoint/checkpoint'
import { writeCheckpoints } from './checkpoint/write-checkpoints'
import { exportLog } from './export-log'
import { logHead } from './read'
import { sampleDrafts, sampleHash } from './sample-drafts'
import { verifyLogs } from './verify-log'

const genesis = sampleHash(1)
const { privateKey } = generateKeyPairSync('ed25519')
const head = (height: number) => ({ height, hash: sampleHash(height) })

describe('a log that is checked', () => {
  let database: TestDatabase
  let client: Client
  beforeEach(async () => {
    database = await createTestDatabase()
    client = new Client({ connectionString: database.url })
    await client.connect()
    await append(client, sampleDrafts(300))
    await writeCheckpoints(client, privateKey, genesis, head(130))
    await append(client, sampleDrafts(700, { from: 300 }))
    await writeCheckpoints(client, privateKey, genesis, head(200))
  })
  afterEach(async () => {
    await client.end()
    await database.drop()
  })
  /** What a database administrator could do behind the program's back. */
  const tamper = async (statement: string) => {
    await client.query(
      'alter table log_event disable trigger all; alter table log_checkpoint disable trigger all',
    )
    await client.query(statement)
  }
  const difference = async () => (await verifyLogs(client)).find((result) => result.difference)?.difference

  it('is equal to what was appended', async () => {
    const { root } = (await logHead(client, { log: 'chain', netuid: 122 }))!
    expect(await verifyLogs(client)).toEqual([{ log: 'chain', netuid: 122, events: 1000, root }])
  })

  it.each([
    [
      `update log_event set payload = replace(payload::text, '"uid":7', '"uid":8')::json where seq = 7`,
      'event 7 has leaf',
    ],
    [`update log_event set height = height + 1 where seq = 999`, 'event 999 has leaf'],
    [
      `update log_event set block_time = block_time + interval '1 millisecond' where seq = 5`,
      'event 5 has leaf',
    ],
    [`update log_event set actor = null where seq = 6`, 'event 6 has leaf'],
    ['delete from log_event where seq = 40', 'event 40 is missing'],
    ['delete from log_event where seq = 999', 'the head says 1000 events, the log holds 999'],
    [`update log_head set root = '\\x00'`, 'the head says root'],
    [`update log_checkpoint set root = '\\x00' where size = 300`, 'the checkpoint of 300 events'],
  ])('shows the first difference after %s', async (statement, message) => {
    await tamper(statement)
    expect(await difference()).toContain(message)
  })

  it('has checkpoints that anyone can open and hold against its events', async () => {
    const origin = originOf(genesis, 'chain', 122)
    const { rows } = await client.query(
      `select note, size::int, '0x' || encode(root, 'hex') as root from log_checkpoint order by size`,
    )
    const opened = rows.map(({ note }) => openCheckpoint(note, checkpointVerifierKey(origin, privateKey)))
    expect(opened).toEqual([
      { origin, size: 300, root: rows[0].root, height: 130, blockHash: sampleHash(130) },
      { origin, size: 1000, root: rows[1].root, height: 200, blockHash: sampleHash(200) },
    ])
    expect(await writeCheckpoints(client, privateKey, genesis, head(201))).toBe(0)
  })

  it('is exported to the same bytes by two indexers that cut their batches differently', async () => {
    const other = await createTestDatabase()
    const second = new Client({ connectionString: other.url })
    await second.connect()
    const folders = [1, 2].map(() => mkdtempSync(path.join(os.tmpdir(), 'subledger-export-')))
    try {
      for (let from = 0; from < 1000; from += 50) await append(second, sampleDrafts(50, { from }))
      await exportLog(client, folders[0]!)
      await exportLog(second, folders[1]!)
      for (const name of ['log.jsonl', 'heads.jsonl']) {
        const [one, two] = folders.map((folder) => readFileSync(path.join(folder, name), 'utf8'))
        expect(one).toBe(two)
        expect(one!.split('\n')).toHaveLength(name === 'log.jsonl' ? 1001 : 2)
      }
    } finally {
      await second.end()
      await other.drop()
      for (const folder of folders) rmSync(folder, { recursive: true, force: true })
    }
  })
})
