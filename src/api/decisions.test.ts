import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../database/test-database'
import { Engine } from '../engine/engine'
import { treeSystem } from '../engine/example/system'
import { account, TestChain } from '../engine/test-chain-log'
import { EXAMPLE_FOLDS, prepareExample } from '../engine/test-example'
import { createHttpHost, type HttpHost } from '../http/http-host'
import type { OpenPlatform } from '../platform/core/open-platform'
import { Projector } from '../projections/projector'
import { tableOrigins } from '../projections/table-origins'
import { type Api, startApi } from './start-api'

const NETUID = 4000
const [validator, alice, bob, sink] = [account(1), account(2), account(3), account(9)]
/** First decision of tempo 20 on netuid 4000. */
const DECIDED = 30 - ((4001 + 20) % 21)

describe('decisions over GraphQL', () => {
  let test: TestDatabase
  let chain: TestChain
  let platform: OpenPlatform
  let host: HttpHost
  let engine: Engine
  let api: Api

  beforeAll(async () => {
    test = await createTestDatabase()
    await prepareExample(test.url)
    chain = await TestChain.open(test.url, NETUID)
    chain
      .tempo(20, 0)
      .register(0, sink, 0)
      .register(1, validator, 0)
      .register(2, alice, 0)
      .register(3, bob, 0)
    await chain.advance(1)
    const projector = new Projector(EXAMPLE_FOLDS)
    platform = await treeSystem.openPlatform({
      databaseUrl: test.url,
      netuid: NETUID,
      clock: () => 1_763_000_000_000,
      project: (client, events) => projector.apply(client, events),
      facts: {
        registration: async () => null,
        reveals: async () => [],
        metagraph: async () => ({ height: 0, uidOf: new Map(), permitted: null }),
      },
      settings: {} as never,
      defaultPolicy: treeSystem.defaultPolicy,
    })
    host = await createHttpHost({ version: '0', modules: [{ system: 'trees', routes: platform.routes }] })
    const own = new Projector(EXAMPLE_FOLDS)
    engine = await Engine.open({
      databaseUrl: test.url,
      netuid: NETUID,
      system: treeSystem,
      originOf: tableOrigins(EXAMPLE_FOLDS),
      project: (client, events) => own.apply(client, events),
    })
    api = await startApi({
      host: '127.0.0.1',
      port: 0,
      databaseUrl: test.url,
      systems: [{ netuid: NETUID, system: treeSystem }],
      platforms: host.handle,
    })
    await measure(alice, 1200)
    await chain.advance(DECIDED + 1)
    await engine.catchUp()
    chain.weights(1, validator, { 2: [65535, alice] }, DECIDED + 2)
    await measure(bob, 1500)
    await chain.advance(DECIDED + 22)
    await engine.catchUp()
    await vi.waitFor(async () => {
      expect((await ask('{ provenance { height } }')).data.provenance.height).toBe(DECIDED + 22)
    })
  })
  afterAll(async () => {
    await api.close()
    await engine.close()
    await host.close()
    await platform.close()
    await chain.close()
    await test.drop()
  })

  async function measure(hotkey: string, heightMm: number) {
    const response = await fetch(`${api.url}/trees/measurements`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ hotkey, heightMm }),
    })
    return response.json()
  }

  // biome-ignore lint/suspicious/noExplicitAny: shapes differ from query to query
  async function ask(query: string): Promise<any> {
    const response = await fetch(`${api.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    })
    return response.json()
  }

  it('says which weights to set, at the head and at any block before', async () => {
    const fields = 'height policyId outcome burn shares { uid share } weights { uid value } audit { equal }'
    const { data, errors } = await ask(`{
      now: weights(netuid: 4000) { ${fields} }
      then: weights(netuid: 4000, at: { height: ${DECIDED} }) { ${fields} toHeight }
      before: weights(netuid: 4000, at: { height: ${DECIDED - 1} }) { height }
    }`)
    expect(errors).toBeUndefined()
    const common = { policyId: 'trees/1', outcome: 'weights', audit: { equal: true } }
    expect(data.now).toMatchObject({ ...common, height: DECIDED + 21, shares: [{ uid: 3, share: 0.9 }] })
    expect(data.then).toMatchObject({
      ...common,
      height: DECIDED,
      toHeight: null,
      weights: [
        { uid: 0, value: 7282 },
        { uid: 2, value: 65535 },
      ],
    })
    expect(data.before).toBeNull()
  })

  it('gives a decision’s evidence, policy and event', async () => {
    const { data } = await ask(
      '{ decisions(netuid: 4000, first: 1) { totalCount nodes { evidence policy event { type log seq } } } }',
    )
    expect(data.decisions).toMatchObject({
      totalCount: 2,
      nodes: [
        {
          evidence: { measured: [{ uid: 2, heightMm: 1200 }] },
          policy: { id: 'trees/1', winnerShare: 0.9 },
          event: { type: 'DecisionMade', log: 'engine', seq: '0' },
        },
      ],
    })
  })

  it('shows three vectors of each validator and why they differ', async () => {
    const { data } = await ask(`{ weightVectors(netuid: 4000) {
      uid recommended { uid value } submitted { uid value } effective { uid value } agrees cause detail } }`)
    expect(data.weightVectors).toMatchObject([
      {
        uid: 1,
        recommended: [{ uid: 0 }, { uid: 3 }],
        submitted: [{ uid: 2, value: 65535 }],
        effective: [{ uid: 2, value: 65535 }],
        agrees: false,
        cause: 'stale',
      },
    ])
  })

  it('lists divergences, policies and what a system declares, with filters and `at`', async () => {
    const { data, errors } = await ask(`{
      divergences(netuid: 4000) { nodes { cause detail endReason } }
      policyHistory(netuid: 4000) { totalCount nodes { policyId origin } }
      trees(netuid: 4000, current: true) { nodes { heightMm toHeight } }
      past: trees(netuid: 4000, at: { height: ${DECIDED} }) { totalCount }
      one: trees(netuid: 4000, hotkey: "${bob}") { nodes { heightMm } }
    }`)
    expect(errors).toBeUndefined()
    expect(data.divergences.nodes[0]).toMatchObject({ cause: 'other_shares' })
    expect(data.policyHistory).toEqual({ totalCount: 1, nodes: [{ policyId: 'trees/1', origin: 'default' }] })
    expect(data.trees.nodes).toHaveLength(2)
    expect(data.past.totalCount).toBe(1)
    expect(data.one.nodes).toEqual([{ heightMm: 1500 }])
  })

  it('documents the routes of the system at /openapi.json, and answers unknown paths with a code', async () => {
    const document = (await (await fetch(`${api.url}/openapi.json`)).json()) as Record<string, unknown>
    expect(document.openapi).toBe('3.1.0')
    expect(Object.keys(document.paths as object)).toEqual(['/trees/measurements'])
    const missing = await fetch(`${api.url}/nothing-here`)
    expect(missing.status).toBe(404)
    expect(await missing.json()).toMatchObject({ error: { code: 'SL-API-NO-ROUTE' } })
  })

  it('names what is missing for a subnet without a system', async () => {
    const { errors } = await ask('{ explain(netuid: 5, subject: "x") }')
    expect(errors[0].extensions.code).toBe('SL-NO-SYSTEM')
  })
})
