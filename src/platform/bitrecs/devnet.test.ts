import { Pool } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadState } from '../../chain/processor/load-state'
import { runIndexer } from '../../chain/processor/run-indexer'
import { LedgerDatabase } from '../../database/ledger-database'
import { createTestDatabase, type TestDatabase } from '../../database/test-database'
import type { Devnet } from '../../devnet/node/devnet-options'
import { GENESIS_TIME_MS } from '../../devnet/node/genesis-time'
import { gistOf, startScenario } from '../../devnet/scenario'
import type { PayloadOf } from '../../log/catalogue'
import { verifyInclusion } from '../../log/merkle/verify'
import { SqlChainFacts } from '../../projections/chain-facts'
import { Projector } from '../../projections/projector'
import { signedBy } from './test/test-miner'
import { TestPlatform } from './test/test-platform'

const NETUID = 122
const BLOCKS = 60
const SLOT_MS = 12_000

const projecting = () => {
  const projector = new Projector()
  return {
    project: (client: Parameters<Projector['apply']>[0], events: Parameters<Projector['apply']>[1]) =>
      projector.apply(client, events),
    onRollback: () => projector.reset(),
  }
}

describe('submissions of the devnet’s miners', { timeout: 300_000 }, () => {
  let devnet: Devnet
  let test: TestDatabase
  let pool: Pool
  let platform: TestPlatform

  beforeAll(async () => {
    devnet = await startScenario({ seed: 1, historyBlocks: BLOCKS })
    test = await createTestDatabase()
    pool = new Pool({ connectionString: test.url })
    pool.on('error', () => undefined)
    const client = await pool.connect()
    const projector = new Projector()
    await runIndexer({
      rpcUrl: devnet.wsUrl,
      fromHeight: 0,
      toHeight: BLOCKS,
      netuids: 'all',
      bootstrap: 'snapshot',
      database: new LedgerDatabase({
        url: test.url,
        identity: { genesisHash: devnet.genesisHash, network: 'devnet', netuids: 'all' },
      }),
      loadState: () => loadState(client),
      project: (store, events) => projector.apply(store.client, events),
    })
    client.release()
    platform = await TestPlatform.start({ test, facts: new SqlChainFacts(pool), projecting })
    platform.nowMs = GENESIS_TIME_MS + BLOCKS * SLOT_MS
  }, 300_000)
  afterAll(async () => {
    await pool.end()
    await platform.close()
    await devnet.close()
  })

  const minerOf = (artifactName: string) => {
    const gist = gistOf(artifactName)
    platform.gists.serve(gist)
    return signedBy(gist.miner.hotkey, gist, platform.nowMs)
  }

  it('an honest one is accepted on the commitment that our own log has, with the proof', async () => {
    const miner = minerOf('miner 1')
    expect((await platform.check(miner)).status).toBe(200)
    expect(await platform.submit(miner)).toMatchObject({ status: 201 })
    const events = await platform.events()
    const submitted = events.find(({ type }) => type === 'BitrecsAgentSubmitted')!
    const { commitment } = submitted.payload as PayloadOf<'BitrecsAgentSubmitted'>
    expect(commitment).toMatchObject({ commitHeight: 16, revealHeight: expect.any(Number) })
    expect(submitted.height).toBe(BLOCKS)
    const { leafHash, root, size, hashes } = commitment.proof!
    const bare = (hash: string) => hash.slice(2)
    expect(verifyInclusion(bare(leafHash), commitment.seq, size, hashes.map(bare), bare(root))).toBe(true)
    const { rows } = await pool.query(
      `select type, encode(leaf_hash, 'hex') as leaf from log_event where log = 'chain' and netuid = $1 and seq = $2`,
      [NETUID, commitment.seq],
    )
    expect(rows).toEqual([{ type: 'CommitmentRevealed', leaf: bare(leafHash) }])
  })

  it.each(['miner 2', 'miner 7', 'miner 8', 'miner 9'])('%s too', async (name) => {
    expect((await platform.submit(minerOf(name))).status).toBe(201)
  })

  it('one that committed openly is refused', async () => {
    expect(await platform.submit(minerOf('miner 4'))).toMatchObject({
      status: 400,
      body: { code: 'commitment_missing' },
    })
  })

  it('one whose first gist never opened is refused with it and accepted with the second', async () => {
    const draft = await platform.submit(minerOf('miner 5 draft'))
    expect(draft).toMatchObject({ status: 400, body: { code: 'commitment_mismatch' } })
    expect((await platform.submit(minerOf('miner 5'))).status).toBe(201)
  })

  it('its gist in the name of another hotkey is refused', async () => {
    const stolen = { ...gistOf('miner 10'), gistId: 'ab'.repeat(16) }
    platform.gists.serve(stolen)
    const thief = signedBy(gistOf('miner 11').miner.hotkey, stolen, platform.nowMs)
    expect(await platform.submit(thief)).toMatchObject({ status: 400, body: { code: 'hotkey_mismatch' } })
  })

  it('the read models show them', async () => {
    const { rows } = await pool.query(
      `select name, ordinal from bitrecs_agent where netuid = $1 order by ordinal`,
      [NETUID],
    )
    expect(rows.map(({ name }) => name)).toEqual([1, 2, 7, 8, 9, 5].map((n) => `Devnet miner ${n}`))
  })
})
