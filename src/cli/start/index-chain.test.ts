import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { withClient } from '../../database/connect'
import { createTestDatabase, type TestDatabase } from '../../database/test-database'
import { type Devnet, startScenario } from '../../devnet'
import { indexChain } from './index-chain'

const LAST = 40

describe('indexing up to a block', { timeout: 60_000 }, () => {
  let devnet: Devnet
  let test: TestDatabase
  let dataDir: string
  beforeAll(async () => {
    dataDir = mkdtempSync(path.join(os.tmpdir(), 'subledger-index-'))
    test = await createTestDatabase()
    devnet = await startScenario({ seed: 3, historyBlocks: 60 })
  }, 60_000)
  afterAll(async () => {
    await devnet.close()
    await test.drop()
    rmSync(dataDir, { recursive: true })
  })

  it('ends with a signed checkpoint of every log, over all that it wrote', async () => {
    await indexChain({
      rpcUrl: devnet.wsUrl,
      databaseUrl: test.url,
      network: 'devnet',
      genesisHash: devnet.genesisHash,
      netuids: [67, 94, 122],
      fromHeight: undefined,
      toHeight: LAST,
      bootstrap: 'snapshot',
      dataDir,
    })
    const rows = await withClient(test.url, async (client) => {
      const { rows } = await client.query(
        `select h.netuid, h.size::int as size, c.size::int as signed, c.height::int as height, c.note
         from log_head h left join log_checkpoint c on c.log = h.log and c.netuid = h.netuid
           and c.height = (select max(height) from log_checkpoint x where x.log = h.log and x.netuid = h.netuid)
         order by h.netuid`,
      )
      return rows
    })
    expect(rows.map((row) => row.netuid)).toEqual([67, 94, 122])
    for (const { size, signed, height, note } of rows) {
      expect(signed).toBe(size)
      expect(height).toBeLessThanOrEqual(LAST)
      expect(note).toMatch(/^subledger\/[0-9a-f]{16}\/chain\/\d+\n/)
    }
  })
})
