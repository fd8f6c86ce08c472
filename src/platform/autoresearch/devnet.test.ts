import { cryptoWaitReady } from '@polkadot/util-crypto'
import { Pool } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadState } from '../../chain/processor/load-state'
import { runIndexer } from '../../chain/processor/run-indexer'
import { LedgerDatabase } from '../../database/ledger-database'
import { createTestDatabase } from '../../database/test-database'
import type { Devnet } from '../../devnet/node/devnet-options'
import { GENESIS_TIME_MS } from '../../devnet/node/genesis-time'
import {
  autoresearchValidatorAddresses,
  miners,
  registeredMiners,
} from '../../devnet/players/autoresearch/actors'
import { AutoresearchClient } from '../../devnet/players/autoresearch/client'
import { playScenario, type ScenarioOutcome } from '../../devnet/players/autoresearch/scenario'
import { startScenario } from '../../devnet/scenario'
import { autoresearchSystem } from '../../engine/systems/autoresearch'
import { autoresearchRules as rules } from '../../engine/systems/autoresearch-rules'
import { readEvents } from '../../log/read'
import { projections } from '../../projections/all'
import { autoresearchProjections } from '../../projections/autoresearch'
import { SqlChainFacts } from '../../projections/chain-facts'
import { MemoryRows } from '../../projections/core/memory-rows'
import { readPointAt } from '../../projections/core/read-point'
import { SqlRows } from '../../projections/core/sql-rows'
import { Projector } from '../../projections/projector'
import { tableOrigins } from '../../projections/table-origins'
import { TEST_NETUID, TestPlatform, TOKEN } from './test/test-platform'

const BLOCKS = 30
const SLOT_MS = 12_000

describe('the devnet’s actors on netuid 94', { timeout: 300_000 }, () => {
  let devnet: Devnet
  let pool: Pool
  let platform: TestPlatform
  let client: AutoresearchClient
  let outcome: ScenarioOutcome

  beforeAll(async () => {
    await cryptoWaitReady()
    devnet = await startScenario({ seed: 1, historyBlocks: BLOCKS })
    const test = await createTestDatabase()
    pool = new Pool({ connectionString: test.url })
    pool.on('error', () => undefined)
    const reader = await pool.connect()
    const indexing = new Projector()
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
      loadState: () => loadState(reader),
      project: (store, events) => indexing.apply(store.client, events),
    })
    reader.release()
    const projector = new Projector()
    platform = await TestPlatform.start({
      rules,
      validators: autoresearchValidatorAddresses(),
      test,
      facts: new SqlChainFacts(pool),
      projecting: () => ({
        project: (db, events) => projector.apply(db, events),
        onRollback: () => projector.reset(),
      }),
    })
    platform.nowMs = GENESIS_TIME_MS + BLOCKS * SLOT_MS
    client = new AutoresearchClient(platform.url, () => {
      // Signatures of the devnet are the same for the same words: each request has a second of its own.
      platform.nowMs += 1_000
      return platform.nowMs
    })
    outcome = await playScenario(client, TOKEN, registeredMiners(devnet))
  }, 300_000)
  afterAll(async () => {
    await pool.end()
    await platform.close()
    await devnet.close()
  })

  const row = async (sql: string, ...values: unknown[]) =>
    (await pool.query(sql, [TEST_NETUID, ...values])).rows

  it('a worse result inside the noise band wins by the smaller artifact', async () => {
    const { body } = await client.get(`/api/v1/tasks/${outcome.duelTask}/best`)
    expect(body).toMatchObject({
      best_submission_id: outcome.winner,
      previous_best_submission_id: outcome.incumbent,
      metric_value: 8.05,
      comparator_version: 'ln-band/1',
    })
    const history = await row(
      'select submission_id, cause, end_reason from autoresearch_best where netuid = $1 and task_id = $2 order by ordinal',
      outcome.duelTask,
    )
    expect(history).toEqual([
      { submission_id: outcome.incumbent, cause: 'first', end_reason: 'artifact_bytes' },
      { submission_id: outcome.winner, cause: 'artifact_bytes', end_reason: null },
    ])
  })

  it('a tampered artifact ends in an error that says so', async () => {
    const { body } = await client.get(`/api/v1/submissions/${outcome.tampered}/detail`)
    expect(body).toMatchObject({ status: 'error', reason_code: 'artifact_sha256_mismatch' })
    const checks = await row(
      'select distinct artifact, reason_code from autoresearch_job_result where netuid = $1 and submission_id = $2',
      outcome.tampered,
    )
    expect(checks).toEqual([{ artifact: 'mismatch', reason_code: 'artifact_sha256_mismatch' }])
  })

  it('a quorum of peers decides by their median', async () => {
    const { body } = await client.get(`/api/v1/submissions/${outcome.byPeers}/peer-consensus`)
    expect(body).toMatchObject({ status: 'accepted', accepted_count: 3, median_metric: 7.1 })
  })

  it('an idea that another miner implements is linked, for an amount that nobody published', async () => {
    const { body } = await client.get('/api/v1/idea-rewards')
    expect(body.idea_rewards).toEqual([
      expect.objectContaining({
        idea_submission_id: outcome.idea,
        implemented_by: outcome.implementation,
        amount_units: null,
      }),
    ])
  })

  it('a validator that contradicts itself changes nothing', async () => {
    const conflicts = await row('select submission_id from autoresearch_job_conflict where netuid = $1')
    expect(conflicts).toEqual([{ submission_id: outcome.incumbent }])
    const { body } = await client.get(`/api/v1/submissions/${outcome.incumbent}`)
    expect(body.observed_metric).toBe(8)
  })

  it('a claim epoch is paid, half to each task’s best', async () => {
    expect(outcome.paid).toHaveLength(2)
    const balances = await row(
      'select published::text, paid::text, outstanding::text from autoresearch_balance where netuid = $1 and valid_to is null',
    )
    expect(balances).toEqual(Array(2).fill({ published: '500000000', paid: '500000000', outstanding: '0' }))
    const again = await client.admin('POST', '/claims/admin/payments', TOKEN, {
      epoch: outcome.epoch,
      hotkey: outcome.paid[0]!,
    })
    expect(again.body).toMatchObject({ outcome: 'reverted', reason: 'nothing_new' })
  })

  it('weights follow from rows alike, out of PostgreSQL and folded in memory', async () => {
    const point = await readPointAt(pool, TEST_NETUID, BLOCKS)
    const sql = new SqlRows(pool, point, tableOrigins())
    const memory = new MemoryRows(projections)
    for (const log of ['chain', 'platform'] as const)
      memory.fold(await readEvents(pool, { log, netuid: TEST_NETUID }))
    const fromSql = await autoresearchSystem.compute(sql, rules.defaultPolicy)
    const fromMemory = await autoresearchSystem.compute(memory.at(point), rules.defaultPolicy)
    expect(fromMemory).toEqual(fromSql)
    // The contract's hotkey holds no uid on the devnet: an error and no call.
    expect(fromSql.decision).toMatchObject({ outcome: 'error', u16: { uids: [], values: [] } })
    const contract = { ...rules.defaultPolicy.enforcement, contractHotkey: miners()[0]!.address }
    const local = { ...rules.defaultPolicy, enforcement: contract }
    const set = await client.admin('PUT', '/api/v1/reward-policy', TOKEN, {
      validator_weights: {
        mode: 'targets',
        targets: [
          { uid: 0, weight: 9 },
          { hotkey: contract.contractHotkey, weight: 1 },
        ],
      },
      transition_policy: { status: 'active' },
    })
    expect(set).toMatchObject({ status: 422, body: { detail: 'reward_policy_rejected' } })
    expect((await autoresearchSystem.explain(sql, local, outcome.incumbent)) as object).toMatchObject({
      results: [{ isBest: false, best: outcome.winner }],
    })
  })

  it('explains a loser that was never accepted by its reason and by what was observed', async () => {
    const point = await readPointAt(pool, TEST_NETUID, BLOCKS)
    const sql = new SqlRows(pool, point, tableOrigins())
    const explain = (subject: string) => autoresearchSystem.explain(sql, rules.defaultPolicy, subject)
    const lost = (await explain(outcome.tampered)) as { hotkey: string; results: unknown[] }
    expect(lost).toMatchObject({
      weight: { share: 0, outcome: 'error' },
      balance: null,
      results: [
        {
          submissionId: outcome.tampered,
          isBest: false,
          status: 'error',
          reasonCode: 'artifact_sha256_mismatch',
          claimedMetrics: { heldout_ppl: 5 },
          replays: Array(3).fill(expect.objectContaining({ status: 'error' })),
        },
      ],
    })
    const whole = (await explain(lost.hotkey)) as typeof lost
    expect(whole.results).toEqual(expect.arrayContaining(lost.results))
    expect(whole.results).toHaveLength(2)
    expect(await explain(outcome.byPeers)).toMatchObject({
      balance: { published: '500000000', outstanding: '0' },
      results: [{ isBest: true, status: 'accepted', peers: Array(3).fill({ status: 'accepted' }) }],
    })
    for (const nobody of ['x', '00000000-0000-0000-0000-000000000000', miners().at(-1)!.address.slice(1)])
      expect(await explain(nobody)).toBeNull()
  })

  it('read models hold every kind of event', async () => {
    const counts = await Promise.all(
      autoresearchProjections.flatMap(({ tables }) =>
        Object.keys(tables).map(async (table) => [
          table,
          Number((await row(`select count(*) from ${table} where netuid = $1`))[0].count),
        ]),
      ),
    )
    const empty = counts.filter(([, count]) => count === 0).map(([table]) => table)
    expect(empty).toEqual([])
  })
})
