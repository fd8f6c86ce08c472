import { cryptoWaitReady } from '@polkadot/util-crypto'
import { Pool } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fillChain, NETUID } from '../bench/submit/fill-chain'
import { benchMiner } from '../bench/submit/miners'
import { createTestDatabase, type TestDatabase } from '../database/test-database'
import { SqlChainFacts } from './chain-facts'

const MINERS = 300

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

  it('name every uid of a subnet at one finalized block', async () => {
    const facts = new SqlChainFacts(pool)
    const { height, uidOf } = await facts.metagraph(NETUID)
    expect(height).toBe(4)
    expect(uidOf.size).toBe(MINERS)
    expect(uidOf.get(benchMiner(7).account)).toBe(8)
    expect(await facts.metagraph(NETUID + 1)).toEqual({ height: 4, uidOf: new Map() })
  })
})
