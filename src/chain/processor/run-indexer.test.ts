import path from 'node:path'
import { Client } from 'pg'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { LedgerDatabase } from '../../database/ledger-database'
import { createTestDatabase, type TestDatabase } from '../../database/test-database'
import { logHeads, readEvents } from '../../log/read'
import { type RecordingNode, startRecordingNode } from '../recording/recording-node'
import { hasShared, sharedChain } from '../test-blocks'
import { loadState } from './load-state'
import { type IndexerOptions, runIndexer } from './run-indexer'

describe.skipIf(!hasShared)('indexing the recording ../shared/chain/recordings/dev-218.jsonl', () => {
  let database: TestDatabase
  let node: RecordingNode
  let reader: Client

  beforeEach(async () => {
    database = await createTestDatabase()
    reader = new Client({ connectionString: database.url })
    await reader.connect()
    node = await startRecordingNode({
      file: path.join(sharedChain, 'recordings/dev-218.jsonl'),
      metadata: { 218: path.join(sharedChain, 'recordings/dev-218.metadata.hex.gz') },
    })
  })
  afterEach(async () => {
    await node.close()
    await reader.end()
    await database.drop()
  })

  const run = (over: Partial<IndexerOptions> = {}) =>
    runIndexer({
      rpcUrl: node.wsUrl,
      fromHeight: 0,
      toHeight: 25,
      netuids: 'all',
      bootstrap: 'none',
      database: new LedgerDatabase({
        url: database.url,
        identity: { genesisHash: `0x${'45'.repeat(32)}`, network: 'recording', netuids: 'all' },
      }),
      loadState: () => loadState(reader),
      project: async () => undefined,
      ...over,
    })

  it('writes every event of its subnets, and nothing more when run again', async () => {
    await run()
    const heads = await logHeads(reader)
    expect(heads.map((h) => h.netuid)).toContain(2)
    const events = await readEvents(reader, { log: 'chain', netuid: 2 })
    expect(events[0]).toMatchObject({ type: 'SubnetRegistered', height: 2, subnetInstance: 2 })
    await run()
    expect(await logHeads(reader)).toEqual(heads)
  })

  it('gives the same roots when it is stopped and started again in the middle', async () => {
    await run({ toHeight: 9 })
    await run()
    const heads = await logHeads(reader)
    const other = await createTestDatabase()
    const whole = new Client({ connectionString: other.url })
    await whole.connect()
    await run({
      database: new LedgerDatabase({
        url: other.url,
        identity: { genesisHash: `0x${'45'.repeat(32)}`, network: 'recording', netuids: 'all' },
      }),
      loadState: () => loadState(whole),
    })
    expect(await logHeads(whole)).toEqual(heads)
    await whole.end()
    await other.drop()
  })

  it('writes nothing of a transaction whose read models failed, says why, and goes on the next time', async () => {
    const broken = new Error('a read model is broken')
    await expect(
      run({
        project: async () => {
          throw broken
        },
      }),
    ).rejects.toThrow(broken)
    expect(await logHeads(reader)).toEqual([])
    const { rows } = await reader.query('select height from squid_processor.status where id = 0')
    expect(rows[0].height).toBe(-1)
    await run()
    expect((await logHeads(reader)).length).toBeGreaterThan(0)
  })
})
