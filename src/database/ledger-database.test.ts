import { generateKeyPairSync } from 'node:crypto'
import { Client } from 'pg'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { logHead, readEvents } from '../log/read'
import { sampleDrafts, sampleHash } from '../log/sample-drafts'
import { checkpointHook } from './checkpoint-hook'
import { HEAD_CHANNEL, LedgerDatabase } from './ledger-database'
import type { LedgerIdentity } from './ledger-identity'
import { createTestDatabase, type TestDatabase } from './test-database'

const genesisHash = sampleHash(1)
const identity: LedgerIdentity = { genesisHash, network: 'devnet', netuids: [67, 122] }
const id = { log: 'chain', netuid: 122 } as const
const start = { height: -1, hash: '0x' }
const block = (height: number) => ({ height, hash: sampleHash(height) })

describe('the ledger database', () => {
  let test: TestDatabase
  let reader: Client
  const opened: LedgerDatabase[] = []
  const open = (over: Partial<LedgerIdentity> = {}) => {
    const database = new LedgerDatabase({ url: test.url, identity: { ...identity, ...over } })
    opened.push(database)
    return database
  }
  beforeEach(async () => {
    test = await createTestDatabase()
    reader = new Client({ connectionString: test.url })
    await reader.connect()
  })
  afterEach(async () => {
    for (const database of opened.splice(0)) await database.disconnect()
    await reader.end()
    await test.drop()
  })
  const transact = (database: LedgerDatabase, from: number, to: number, work = async (_: never) => {}) =>
    database.transact(
      { prevHead: from < 0 ? start : block(from), nextHead: block(to), isOnTop: false },
      work as never,
    )

  it('commits events, the handler’s own rows, blocks and status together', async () => {
    const database = open()
    expect(await database.connect()).toEqual(start)
    await database.transact({ prevHead: start, nextHead: block(110), isOnTop: true }, async (store) => {
      await store.append(sampleDrafts(20))
      await store.client.query(`insert into indexed_block values (1, '\\x01', 'epoch')`)
      const [row] = await store.manager.query('select count(*)::int as n from log_event')
      expect(row.n).toBe(20)
      store.recordBlocks([{ ...block(110), time: 1_763_000_000_123 }])
      expect(await readEvents(reader, id)).toEqual([])
    })
    expect(await readEvents(reader, id)).toHaveLength(20)
    const { rows } = await reader.query('select height::int, time from indexed_block order by height')
    expect(rows).toEqual([
      { height: 1, time: new Date(0) },
      { height: 110, time: new Date(1_763_000_000_123) },
    ])
    await database.disconnect()
    expect(await open().connect()).toEqual(block(110))
  })

  it('leaves nothing of a batch whose handler fails, and goes on with the next try', async () => {
    const database = open()
    await database.connect()
    const failing = database.transact(
      { prevHead: start, nextHead: block(110), isOnTop: false },
      async (store) => {
        await store.append(sampleDrafts(20))
        throw new Error('handler failed')
      },
    )
    await expect(failing).rejects.toThrow('handler failed')
    expect(await readEvents(reader, id)).toEqual([])
    await database.transact({ prevHead: start, nextHead: block(110), isOnTop: false }, async (store) => {
      await store.append(sampleDrafts(20))
    })
    expect((await logHead(reader, id))?.size).toBe(20)
  })

  it('moves on over blocks without events in one statement', async () => {
    const database = open()
    await database.connect()
    await transact(database, -1, 10)
    await transact(database, 10, 20)
    const { rows } = await reader.query('select height, hash, nonce from squid_processor.status')
    expect(rows).toEqual([{ ...block(20), nonce: 2 }])
  })

  it('refuses blocks that do not follow the last ones', async () => {
    const database = open()
    await database.connect()
    await transact(database, -1, 10)
    await expect(transact(database, 11, 20)).rejects.toMatchObject({ code: 'SL-CHAIN-GAP' })
  })

  it('lets no second writer in while the first one lives', async () => {
    const first = open()
    await first.connect()
    await expect(open().connect()).rejects.toMatchObject({ code: 'SL-SECOND-WRITER' })
    await first.disconnect()
    await open().connect()
  })

  it('notices that someone moved the status behind its back, and writes nothing', async () => {
    const database = open()
    await database.connect()
    await reader.query('update squid_processor.status set nonce = nonce + 1')
    const late = database.transact(
      { prevHead: start, nextHead: block(110), isOnTop: false },
      async (store) => {
        await store.append(sampleDrafts(20))
      },
    )
    await expect(late).rejects.toMatchObject({ code: 'SL-SECOND-WRITER' })
    expect(await readEvents(reader, id)).toEqual([])
  })

  it('says that the connection was lost, and goes on after a new start', async () => {
    const database = open()
    await database.connect()
    const lost = database.transact(
      { prevHead: start, nextHead: block(110), isOnTop: false },
      async (store) => {
        await store.append(sampleDrafts(20))
        await reader.query(
          'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
        )
        await store.append(sampleDrafts(20, { from: 20 }))
      },
    )
    await expect(lost).rejects.toMatchObject({ code: 'SL-DB-LOST' })
    await database.disconnect()
    expect(await readEvents(reader, id)).toEqual([])
    expect(await open().connect()).toEqual(start)
  })

  it('remembers network, subnets and first block, and refuses others', async () => {
    const database = open({ startHeight: 5 })
    await database.connect()
    await database.disconnect()
    await expect(open({ genesisHash: sampleHash(2) }).connect()).rejects.toMatchObject({
      code: 'SL-WRONG-NETWORK',
    })
    await expect(open({ netuids: [122] }).connect()).rejects.toMatchObject({ code: 'SL-WRONG-SUBNET' })
    await expect(open({ netuids: 'all' }).connect()).rejects.toMatchObject({ code: 'SL-WRONG-SUBNET' })
    await expect(open({ startHeight: 6 }).connect()).rejects.toMatchObject({ code: 'SL-WRONG-START' })
    const again = open({ netuids: [122, 67], network: 'renamed' })
    await again.connect()
    expect(again.identity).toEqual({ ...identity, startHeight: 5 })
  })

  it('tells listeners the new head after the commit', async () => {
    const heard: string[] = []
    reader.on('notification', ({ payload }) => heard.push(payload ?? ''))
    await reader.query(`listen ${HEAD_CHANNEL}`)
    const database = open()
    await database.connect()
    await database.transact({ prevHead: start, nextHead: block(110), isOnTop: true }, async (store) => {
      await store.append(sampleDrafts(3))
    })
    await transact(database, 110, 111)
    while (heard.length < 2) await reader.query('select 1')
    expect(heard.map((text) => JSON.parse(text))).toEqual([
      { ...block(110), logs: [['chain', 122]] },
      { ...block(111), logs: [] },
    ])
  })

  it('signs checkpoints in the batch that they cover: sparse while catching up, each time at the head', async () => {
    const { privateKey } = generateKeyPairSync('ed25519')
    const beforeCommit = checkpointHook(privateKey, genesisHash)
    const database = new LedgerDatabase({ url: test.url, identity, beforeCommit })
    opened.push(database)
    await database.connect()
    let last = start
    const index = async (height: number, events: number, isOnTop: boolean) => {
      const info = { prevHead: last, nextHead: block(height), isOnTop }
      await database.transact(info, async (store) => {
        await store.append(sampleDrafts(events, { startHeight: height }))
      })
      last = info.nextHead
    }
    await index(1100, 3, false)
    await index(1200, 3, false)
    await index(1300, 0, true)
    await index(1301, 0, true)
    await index(1302, 2, true)
    const { rows } = await reader.query('select height::int, size::int from log_checkpoint order by height')
    expect(rows).toEqual([
      { height: 1100, size: 3 },
      { height: 1300, size: 6 },
      { height: 1302, size: 8 },
    ])
  })

  describe('the log only grows', () => {
    const statements = [
      `update log_event set payload = '{}'`,
      'delete from log_event',
      'truncate log_event',
      'update log_tile set idx = 1',
      'delete from log_checkpoint',
      `update ledger_identity set network = 'other'`,
    ]

    it.each(statements)('for the owner of the tables: %s', async (statement) => {
      await expect(reader.query(statement)).rejects.toMatchObject({ code: 'SLA01' })
    })

    it.each(statements)('for the writer: %s', async (statement) => {
      const database = open()
      await database.connect()
      expect(database.isRestricted).toBe(true)
      const attempt = database.transact(
        { prevHead: start, nextHead: block(1), isOnTop: true },
        async (store) => {
          await store.client.query(statement)
        },
      )
      await expect(attempt).rejects.toMatchObject({ code: 'SL-DB-PERMISSION' })
    })
  })
})
