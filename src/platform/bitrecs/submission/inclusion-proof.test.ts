import { cryptoWaitReady } from '@polkadot/util-crypto'
import { Pool } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fillChain, NETUID } from '../../../bench/submit/fill-chain'
import { createTestDatabase, type TestDatabase } from '../../../database/test-database'
import { verifyInclusion } from '../../../log/merkle/verify'
import { InclusionProofs } from './inclusion-proof'

const MINERS = 300
/** The subnet, then registration, commitment and reveal of each. */
const EVENTS = 1 + 3 * MINERS

describe('inclusion proofs of many events at once', () => {
  let test: TestDatabase
  let pool: Pool
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

  it('each show the event in the log', async () => {
    const proofs = new InclusionProofs(pool, NETUID)
    const seqs = Array.from({ length: EVENTS }, (_, seq) => seq)
    const found = await Promise.all(seqs.map((seq) => proofs.of(seq)))
    const { rows } = await pool.query(
      `select encode(leaf_hash, 'hex') as leaf from log_event where log = 'chain' and netuid = $1 order by seq`,
      [NETUID],
    )
    const bare = (hash: string) => hash.slice(2)
    for (const [seq, proof] of found.entries()) {
      const { leafHash, size, root, hashes } = proof!
      expect([leafHash, size]).toEqual([`0x${rows[seq].leaf}`, EVENTS])
      expect(verifyInclusion(bare(leafHash), seq, size, hashes.map(bare), bare(root))).toBe(true)
    }
  })

  it('are none for an event that is not there, or a log that is empty', async () => {
    const proofs = new InclusionProofs(pool, NETUID)
    expect(await Promise.all([proofs.of(EVENTS), proofs.of(0)])).toEqual([null, expect.anything()])
    expect(await new InclusionProofs(pool, NETUID + 1).of(0)).toBeNull()
  })
})
