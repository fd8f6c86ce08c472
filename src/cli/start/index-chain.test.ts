import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startApi } from '../../api/start-api'
import { archiveOf, startTestGateway } from '../../chain/processor/test-gateway'
import { withClient } from '../../database/connect'
import { createTestDatabase, type TestDatabase } from '../../database/test-database'
import { type Devnet, startScenario } from '../../devnet'
import type { LogEvent } from '../../log/envelope'
import { indexChain } from './index-chain'
import { undecodedAlarm } from './undecoded-alarm'

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

  it('raises an alarm about what it does not understand: on the terminal, to whoever is told, in the metrics', async () => {
    const HEIGHT = 30
    const later = {
      index: 900,
      name: 'SubtensorModule.NetworkRegistrationQueued',
      args: { netuid: 122 },
      phase: 'Finalization',
    }
    const blocks = await archiveOf(devnet.wsUrl, LAST)
    const gateway = await startTestGateway(
      blocks.map((block) =>
        block.header.number === HEIGHT ? { ...block, events: [...block.events, later] } : block,
      ),
    )
    const other = await createTestDatabase()
    const lines: string[] = []
    const posted: LogEvent[] = []
    await indexChain({
      rpcUrl: devnet.wsUrl,
      gatewayUrl: gateway.url,
      databaseUrl: other.url,
      network: 'devnet',
      genesisHash: devnet.genesisHash,
      netuids: [122],
      fromHeight: undefined,
      toHeight: LAST,
      bootstrap: 'snapshot',
      onUndecoded: undecodedAlarm({
        say: (line) => lines.push(line),
        webhook: (events) => posted.push(...events),
      }),
    })
    expect(lines).toEqual([
      expect.stringMatching(
        /^ALARM {2}Block 30, subnet 122: the event SubtensorModule\.NetworkRegistrationQueued of spec 393 /,
      ),
    ])
    expect(posted).toMatchObject([{ type: 'Undecoded', height: HEIGHT, payload: { raw: '{"netuid":122}' } }])
    const api = await startApi({ host: '127.0.0.1', port: 0, databaseUrl: other.url })
    const metrics = await (await fetch(`${api.url}/metrics`)).text()
    expect(metrics).toContain('subledger_undecoded_events{netuid="122"} 1\n')
    await api.close()
    await gateway.close()
    await other.drop()
  })
})
