import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { casterSystem } from '../engine/systems/caster'
import { ann, ben, cat, dan, NETUID, ss58, v1, v2, v3, zed } from '../engine/systems/test-caster-cast'
import { BLOCKS, EXCLUDED, FIRST, LATE, SCRIPTS, SECOND } from '../engine/systems/test-caster-fixtures'
import { readEvents } from '../log/read'
import type { CasterDecision } from '../mechanisms/caster/decide'
import { CASTER_TOP3_POLICY } from '../mechanisms/caster/policy'
import { projections } from '../projections/all'
import { casterProjections } from '../projections/caster'
import { placesOf, readView } from '../projections/caster/view'
import { MemoryRows } from '../projections/core/memory-rows'
import { readPointAt } from '../projections/core/read-point'
import { SqlRows } from '../projections/core/sql-rows'
import { rebuild } from '../projections/rebuild/rebuild'
import { tableOrigins } from '../projections/table-origins'
import { TestCasterApi } from './test-caster-api'

describe('rows of Caster', { timeout: 120_000 }, () => {
  let served: TestCasterApi

  beforeAll(async () => {
    served = await TestCasterApi.start()
  }, 120_000)
  afterAll(() => served.close())

  const ask = (query: string, variables?: object) => served.ask(query, variables)

  it('lists every kind of fact with filters, pages and `at`', async () => {
    const { data, errors } = await ask(`{
      casterScripts(netuid: 67, hotkey: "${zed}") { nodes { artifactId endReason toHeight } }
      casterDatasets(netuid: 67) { totalCount }
      casterBatches(netuid: 67, batchId: "${SECOND.batchId}") { nodes { status endReason closeCause candidates } }
      then: casterBatches(netuid: 67, at: { height: ${BLOCKS.first} }, current: true) { nodes { batchId status } }
      casterDeliveries(netuid: 67, validator: "${v3}", current: true) { nodes { status reason detail } }
      casterSessions(netuid: 67, batchId: "${FIRST.batchId}", first: 2) {
        totalCount nodes { budgetMicroUsd usedMicroUsd endReason }
        pageInfo { hasNextPage } }
      casterToolCalls(netuid: 67, artifactId: "${SCRIPTS.dan.artifactId}", first: 1) { totalCount nodes { costMicroUsd tool } }
      casterAnswers(netuid: 67, artifactId: "${SCRIPTS.dan.artifactId}", validator: "${v1}") {
        nodes { claimId status verdict errorCode } }
      casterCitations(netuid: 67, first: 2) { nodes { status url reason } }
      casterGrades(netuid: 67, claimId: "q2", artifactId: "${SCRIPTS.ben.artifactId}") { nodes { total graderModel } }
      casterAggregates(netuid: 67, hotkey: "${ben}") { nodes { total perClaimMedian validatorsExcluded } }
      casterComparisons(netuid: 67, incumbent: "${ben}") { nodes { challenger challengerTotal beats } }
      casterRosters(netuid: 67) { nodes { batchId changed cause after fromHeight toHeight } }
      casterValidators(netuid: 67) { nodes { baseUrl endReason } }
      casterGates(netuid: 67, hotkey: "${v1}") { nodes { functioning reason shutsAtMs } }
      casterAllowlist(netuid: 67, current: true) { nodes { hotkey } }
      casterWeights(netuid: 67) { nodes { weights height } }
      casterWeightsServed(netuid: 67) { nodes { validator outcome reason } }
    }`)
    expect(errors).toBeUndefined()
    expect(data.casterScripts.nodes).toEqual([
      { artifactId: SCRIPTS.zed.artifactId, endReason: 'superseded', toHeight: BLOCKS.second },
      { artifactId: LATE.zed.artifactId, endReason: null, toHeight: null },
    ])
    expect(data.casterDatasets.totalCount).toBe(2)
    expect(data.casterBatches.nodes.map((one: { status: string }) => one.status)).toEqual([
      'created',
      'closed',
      'decided',
    ])
    expect(data.casterBatches.nodes[2]).toMatchObject({ closeCause: 'all_done', endReason: null })
    expect(data.casterBatches.nodes[2].candidates).toHaveLength(4)
    expect(data.then.nodes).toEqual([{ batchId: FIRST.batchId, status: 'decided' }])
    expect(data.casterDeliveries.nodes).toEqual([
      { status: 'failed', reason: 'incomplete', detail: '1 missing' },
    ])
    expect(data.casterSessions).toMatchObject({
      totalCount: 8,
      nodes: [{ budgetMicroUsd: '50000', usedMicroUsd: '2500', endReason: 'closed' }, {}],
      pageInfo: { hasNextPage: true },
    })
    expect(data.casterToolCalls).toEqual({
      totalCount: 12,
      nodes: [{ costMicroUsd: '2500', tool: 'search_web' }],
    })
    expect(data.casterAnswers.nodes[2]).toEqual({
      claimId: 'fail3',
      status: 'failed',
      verdict: null,
      errorCode: 'timeout',
    })
    expect(data.casterCitations.nodes).toEqual([
      { status: 'hydrated', url: 'https://example.org', reason: null },
      { status: 'dropped', url: null, reason: 'unknown result' },
    ])
    expect(data.casterGrades.nodes.map((one: { total: number }) => one.total)).toEqual([1, 1, 0])
    expect(data.casterAggregates.nodes).toEqual([
      { total: 3, perClaimMedian: [1, 1, 0.5, 0.5], validatorsExcluded: [{ hotkey: v3, reason: EXCLUDED }] },
    ])
    expect(data.casterComparisons.nodes).toEqual([
      { challenger: ss58(cat), challengerTotal: 3, beats: false },
      { challenger: ss58(dan), challengerTotal: 1, beats: false },
    ])
    expect(data.casterRosters.nodes).toMatchObject([
      { batchId: FIRST.batchId, changed: true, cause: 'bootstrap', toHeight: BLOCKS.second },
      { batchId: SECOND.batchId, cause: 'score', after: [{ hotkey: ben }, { hotkey: ann }, null] },
    ])
    expect(data.casterValidators.nodes.map((one: { endReason: string }) => one.endReason)).toEqual([
      'registered again',
      null,
    ])
    expect(data.casterGates.nodes).toMatchObject([{ functioning: true, reason: 'grace_since_registration' }])
    expect(data.casterAllowlist.nodes).toEqual([{ hotkey: ss58(v1) }])
    expect(data.casterWeights.nodes).toMatchObject([{ weights: [{ uid: 6, weight: 0.6 }] }])
    expect(data.casterWeightsServed.nodes).toEqual([
      { validator: ss58(v2), outcome: 'denied', reason: 'never_completed' },
      { validator: ss58(v1), outcome: 'served', reason: null },
    ])
  })

  it('has the same view out of PostgreSQL and folded in memory', async () => {
    const memory = new MemoryRows(projections)
    for (const log of ['chain', 'platform', 'engine'] as const)
      memory.fold(await readEvents(served.client, { log, netuid: NETUID }))
    for (const height of [1, BLOCKS.first, BLOCKS.second, BLOCKS.deregistered]) {
      const point = await readPointAt(served.client, NETUID, height)
      const stored = new SqlRows(served.client, point, tableOrigins())
      const folded = memory.at(point)
      expect(await readView(folded), `at ${height}`).toEqual(await readView(stored))
      const subject = ss58(dan)
      const own = await casterSystem.explain(folded, CASTER_TOP3_POLICY, subject)
      expect(own).toEqual(await casterSystem.explain(stored, CASTER_TOP3_POLICY, subject))
      const computed = await casterSystem.compute(folded, CASTER_TOP3_POLICY)
      expect(computed).toEqual(await casterSystem.compute(stored, CASTER_TOP3_POLICY))
    }
  })

  it('leads to the very roster that the platform recorded', async () => {
    for (const height of [BLOCKS.first, BLOCKS.second]) {
      const source = new SqlRows(
        served.client,
        await readPointAt(served.client, NETUID, height),
        tableOrigins(),
      )
      const { decision } = await casterSystem.compute(source, CASTER_TOP3_POLICY)
      const recorded = (await source.rows('caster_roster')).at(-1)!
      expect((decision as CasterDecision).roster).toEqual(placesOf(recorded.after))
    }
  })

  it('burns everything before the first roster', async () => {
    const point = await readPointAt(served.client, NETUID, 1)
    const { decision } = await casterSystem.compute(
      new SqlRows(served.client, point, tableOrigins()),
      CASTER_TOP3_POLICY,
    )
    expect(decision).toMatchObject({ weights: [], burn: 1, u16: { uids: [0], values: [65_535] } })
  })

  it('gives the same rows when it is rebuilt, and every table has some', async () => {
    const tables = casterProjections.flatMap((fold) => Object.keys(fold.tables))
    const all = async () =>
      Promise.all(
        tables.map(async (table) => {
          const text = `select to_jsonb(t) as row from ${table} t order by from_seq, id collate "C"`
          return [table, (await served.client.query(text)).rows] as const
        }),
      )
    const before = await all()
    for (const [table, rows] of before) expect(rows.length, table).toBeGreaterThan(0)
    await rebuild({ url: served.test.url, names: casterProjections.map(({ name }) => name) })
    expect(await all()).toEqual(before)
  })
})
