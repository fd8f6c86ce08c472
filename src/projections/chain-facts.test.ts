import { cryptoWaitReady } from '@polkadot/util-crypto'
import { Pool } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fillChain, NETUID } from '../bench/submit/fill-chain'
import { benchMiner } from '../bench/submit/miners'
import { LedgerDatabase } from '../database/ledger-database'
import { createTestDatabase, type TestDatabase } from '../database/test-database'
import type { EventType, PayloadOf } from '../log/catalogue'
import type { EventDraft, Hex } from '../log/envelope'
import { SqlChainFacts } from './chain-facts'
import { Projector } from './projector'

const MINERS = 300
/** So many that the planner looks for other ways. */
const MANY_MINERS = 3_000

const hashOf = (height: number): Hex => `0x${height.toString(16).padStart(64, '0')}`

describe('facts of the chain', () => {
  let test: TestDatabase
  let pool: Pool
  let queries = 0
  beforeAll(async () => {
    await cryptoWaitReady()
    test = await createTestDatabase()
    await fillChain(test.url, MINERS, 1_763_000_000_000)
    pool = new Pool({ connectionString: test.url })
    pool.on('error', () => undefined)
  })
  afterAll(async () => {
    await pool.end()
    await test.drop()
  })

  /** One more block with one event, as the indexer would write it. */
  async function index<T extends EventType>(height: number, type: T, payload: PayloadOf<T>): Promise<void> {
    const identity = { genesisHash: hashOf(0), network: 'devnet', netuids: [NETUID] } as const
    const database = new LedgerDatabase({ url: test.url, identity })
    await database.connect()
    const draft = {
      ...{ log: 'chain', netuid: NETUID, subnetInstance: 1, type, payload, height },
      ...{ blockHash: hashOf(height), blockTime: 1_763_000_000_000 + height * 12_000 },
    } as EventDraft
    const [prevHead, nextHead] = [height - 1, height].map((at) => ({ height: at, hash: hashOf(at) }))
    await database.transact({ prevHead: prevHead!, nextHead: nextHead!, isOnTop: true }, async (store) => {
      await new Projector().apply(store.client, await store.append([draft]))
    })
    await database.disconnect()
  }

  it('are those of each hotkey, however many are asked for at once, in a few statements', async () => {
    const counted = {
      query: (...of: unknown[]) => {
        queries += 1
        return (pool.query as (...of: unknown[]) => unknown).apply(pool, of)
      },
    } as unknown as Pool
    const facts = new SqlChainFacts(counted)
    const miners = Array.from({ length: MINERS }, (_, n) => benchMiner(n))
    const stranger = `0x${'ab'.repeat(32)}`
    const [registrations, reveals, none, elsewhere] = await Promise.all([
      Promise.all(miners.map(({ account }) => facts.registration(NETUID, account))),
      Promise.all(miners.map(({ account }) => facts.reveals(NETUID, account))),
      Promise.all([facts.registration(NETUID, stranger), facts.reveals(NETUID, stranger)]),
      Promise.all([
        facts.registration(NETUID + 1, miners[0]!.account),
        facts.reveals(NETUID + 1, miners[0]!.account),
      ]),
    ])
    for (const [n, { account, commitSha, sha256 }] of miners.entries()) {
      expect(registrations[n]).toEqual({ uid: n + 1, hotkey: account, coldkey: null, registeredAt: 2 })
      expect(reveals[n]).toMatchObject([
        { height: 4, commitHeight: 3, wasTimelocked: true, text: `${commitSha}:${sha256}` },
      ])
    }
    expect(none).toEqual([null, []])
    expect(elsewhere).toEqual([null, []])
    expect(queries).toBe(4)
  })

  it('are found without reading a subnet for each hotkey, also before the tables have statistics', async () => {
    const fresh = await createTestDatabase()
    await fillChain(fresh.url, MANY_MINERS, 1_763_000_000_000)
    // One connection: it counts for itself what it reads, and says so when it is asked.
    const single = new Pool({ connectionString: fresh.url, max: 1 })
    try {
      const facts = new SqlChainFacts(single)
      const read = async (): Promise<number> => {
        await single.query('select pg_stat_force_next_flush()')
        await single.query('select pg_stat_clear_snapshot()')
        const { rows } = await single.query(
          `select sum(idx_tup_read)::float8 as n from pg_stat_user_indexes where relname = 'commitment'`,
        )
        return rows[0].n
      }
      const asked = Array.from({ length: 40 }, (_, n) => benchMiner(n).account)
      const before = await read()
      // Beyond the fifth time a prepared statement may go another way.
      for (let time = 0; time < 8; time++) await Promise.all(asked.map((who) => facts.reveals(NETUID, who)))
      expect((await read()) - before).toBeLessThanOrEqual(8 * MANY_MINERS)
    } finally {
      await single.end()
      await fresh.drop()
    }
  })

  it('name every uid of a subnet at one finalized block', async () => {
    const facts = new SqlChainFacts(pool)
    const { height, uidOf } = await facts.metagraph(NETUID)
    expect(height).toBe(4)
    expect(uidOf.size).toBe(MINERS)
    expect(uidOf.get(benchMiner(7).account)).toBe(8)
    expect(await facts.metagraph(NETUID + 1)).toEqual({ height: 4, uidOf: new Map(), permitted: null })
  })

  it('tell who holds a permit apart from nobody holding one, and from not knowing', async () => {
    const facts = new SqlChainFacts(pool)
    expect((await facts.metagraph(NETUID)).permitted).toBeNull()
    const change = async (height: number, payload: Partial<PayloadOf<'ValidatorPermitsChanged'>>) =>
      index(height, 'ValidatorPermitsChanged', {
        uids: [],
        hotkeys: [],
        gained: [],
        lost: [],
        source: 'epoch',
        ...payload,
      })
    const [first, second, third] = [benchMiner(0), benchMiner(1), benchMiner(2)].map((it) => it.account)
    await change(5, {})
    expect((await facts.metagraph(NETUID)).permitted).toEqual(new Set())
    await change(6, { uids: [1, 2], hotkeys: [first!, second!], gained: [1, 2] })
    expect((await facts.metagraph(NETUID)).permitted).toEqual(new Set([first, second]))
    const replaced = {
      uid: 2,
      hotkey: second!,
      registeredAt: 2,
      reason: 'replaced',
      weightsCleared: true,
    } as const
    await index(7, 'TenureEnded', replaced)
    const { permitted, height } = await facts.metagraph(NETUID)
    expect([height, permitted]).toEqual([7, new Set([first])])
    await change(8, { uids: [3], hotkeys: [third!], gained: [3], lost: [1] })
    expect((await facts.metagraph(NETUID)).permitted).toEqual(new Set([third]))
    await index(9, 'SubnetDissolved', { registeredAt: 1 })
    expect((await facts.metagraph(NETUID)).permitted).not.toContain(third)
  })
})
