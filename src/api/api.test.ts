import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { HEAD_CHANNEL as WRITER_CHANNEL } from '../database/ledger-database'
import { createTestDatabase } from '../database/test-database'
import { createReaders } from './database'
import { HEAD_CHANNEL } from './head/indexed-head'
import { defaultLimits } from './limits/limits'
import { startApi } from './start-api'
import { blockHashOf, startTestApi, type TestApi } from './test-api'
import { accountOf, registrationDraft } from './test-drafts'

const registration = (height: number, uid: number) => registrationDraft({ height, uid })

describe('the API over HTTP', () => {
  let test: TestApi
  beforeAll(async () => {
    test = await startTestApi()
    await test.index(10, [registration(3, 0), registration(5, 1), registration(9, 2)])
  })
  afterAll(() => test.close())

  it('names height, block hash and log root of an answer', async () => {
    const { data } = await test.ask(
      '{ provenance(netuid: 122) { height blockHash logs { log netuid size root } } }',
    )
    expect(data.provenance).toMatchObject({ height: 10, blockHash: blockHashOf(10) })
    expect(data.provenance.logs).toEqual([
      { log: 'chain', netuid: 122, size: '3', root: expect.stringMatching(/^0x[0-9a-f]{64}$/) },
    ])
  })

  it('gives the raw log page by page, forwards and backwards', async () => {
    const query = `query ($after: String, $before: String, $first: Int, $last: Int) {
      events(netuid: 122, first: $first, after: $after, last: $last, before: $before) {
        totalCount nodes { seq type height actor } pageInfo { hasNextPage hasPreviousPage endCursor startCursor }
      } }`
    const forward = (await test.ask(query, { first: 2 })).data.events
    expect(forward.nodes.map((e: { height: number }) => e.height)).toEqual([3, 5])
    expect(forward).toMatchObject({ totalCount: 3, pageInfo: { hasNextPage: true, endCursor: '1' } })
    const rest = (await test.ask(query, { first: 2, after: '1' })).data.events
    expect(rest.nodes.map((e: { height: number }) => e.height)).toEqual([9])
    expect(rest.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true })
    const backward = (await test.ask(query, { last: 2 })).data.events
    expect(backward.nodes.map((e: { height: number }) => e.height)).toEqual([5, 9])
    expect(backward.pageInfo).toMatchObject({ hasPreviousPage: true, hasNextPage: false })
  })

  it('answers as of an earlier block and refuses a later one', async () => {
    const at = (height: number) =>
      test.ask(
        `{ events(netuid: 122, at: {height: ${height}}) { totalCount provenance { height blockHash logs { size } } } }`,
      )
    expect((await at(5)).data.events).toEqual({
      totalCount: 2,
      provenance: { height: 5, blockHash: blockHashOf(5), logs: [{ size: '2' }] },
    })
    expect((await at(11)).errors?.[0]?.extensions).toMatchObject({ code: 'SL-AT-NOT-INDEXED' })
  })

  it('shows accounts as SS58', async () => {
    const { data } = await test.ask('{ event(netuid: 122, seq: "0") { actor leafHash payload } }')
    expect(data.event.actor).toMatch(/^5[1-9A-HJ-NP-Za-km-z]{47}$/)
    expect(data.event.payload.hotkey).toBe(accountOf(1))
  })

  it('answers the same when a query is compiled as when it is not', async () => {
    const query = '{ events(netuid: 122) { nodes { seq type blockTime payload } pageInfo { endCursor } } }'
    const answers = []
    for (let i = 0; i < 6; i += 1) answers.push(JSON.stringify(await test.ask(query)))
    expect(new Set(answers).size).toBe(1)
  })

  it('serves the page, the schema, GET queries and metrics', async () => {
    const page = await fetch(`${test.api.url}/graphql`, { headers: { accept: 'text/html' } })
    expect(page.headers.get('content-security-policy')).toContain("default-src 'self'")
    expect(await page.text()).toContain('GraphiQL')
    const viaGet = await fetch(
      `${test.api.url}/graphql?query=${encodeURIComponent('{status{indexedHeight chainProblem}}')}`,
    )
    expect(await viaGet.json()).toEqual({
      data: { status: { indexedHeight: 10, chainProblem: 'No node is named.' } },
    })
    const { getIntrospectionQuery } = await import('graphql')
    expect((await test.ask(getIntrospectionQuery())).data.__schema.queryType.name).toBe('Query')
    const metrics = await (await fetch(`${test.api.url}/metrics`)).text()
    expect(metrics).toContain('subledger_indexed_height 10')
  })

  it('is ready without a node, and says that it lives', async () => {
    expect((await fetch(`${test.api.url}/healthz`)).status).toBe(200)
    expect((await fetch(`${test.api.url}/readyz`)).status).toBe(200)
  })

  it('says that a port is taken', async () => {
    const port = Number(new URL(test.api.url).port)
    await expect(startApi({ host: '127.0.0.1', port, databaseUrl: test.database.url })).rejects.toMatchObject(
      { code: 'SL-PORT-TAKEN' },
    )
  })
})

describe('an API that cannot start', () => {
  it('says that the database is not there, without its password', async () => {
    const databaseUrl = 'postgres://someone:sesame@127.0.0.1:1/none'
    const failure = await startApi({ host: '127.0.0.1', port: 0, databaseUrl }).catch((error) => error)
    expect(failure).toMatchObject({ code: 'SL-API-DATABASE', kind: 'retryable' })
    expect(JSON.stringify([failure.message, failure.facts, failure.remedy])).not.toContain('sesame')
  })

  it('says that the database has no tables yet', async () => {
    const database = await createTestDatabase('empty')
    const starting = startApi({ host: '127.0.0.1', port: 0, databaseUrl: database.url })
    await expect(starting).rejects.toMatchObject({ code: 'SL-API-NOT-MIGRATED' })
    await database.drop()
  })
})

describe('an API that runs', () => {
  it('cannot write', async () => {
    const test = await startTestApi()
    const pool = createReaders(test.database.url, 1, defaultLimits, () => undefined)
    await expect(pool.query('delete from log_head')).rejects.toMatchObject({ code: '25006' })
    await pool.end()
    await test.close()
  })

  it('answers a bad variable alike by the executor and by compiled code', async () => {
    const test = await startTestApi()
    await test.index(1, [registration(1, 0)])
    const query = 'query ($k: Account!) { neuron(netuid: 122, hotkey: $k) { uid } }'
    const codes = []
    for (let i = 0; i < 6; i += 1) {
      codes.push((await test.ask(query, { k: 'no account' })).errors?.[0]?.extensions.code)
    }
    expect(new Set(codes)).toEqual(new Set(['SL-API-ACCOUNT']))
    await test.close()
  })

  it('knows nothing about blocks before the first indexed one, and says so', async () => {
    const test = await startTestApi()
    const owner = new Client({ connectionString: test.database.url })
    await owner.connect()
    await owner.query(
      `insert into ledger_identity (genesis_hash, network, start_height) values ('\\x00', 'test', 40)`,
    )
    await owner.end()
    await test.index(50, [registration(45, 0)])
    const asked = (height: number) =>
      test.ask(`{ metagraph(netuid: 122, at: {height: ${height}}) { height } }`)
    expect((await asked(39)).errors?.[0]?.extensions.code).toBe('SL-AT-NOT-INDEXED')
    expect((await asked(40)).data.metagraph.height).toBe(40)
    expect((await test.ask('{ status { startHeight } }')).data.status.startHeight).toBe(40)
    await test.close()
  })

  it('goes on after its database connections were cut', async () => {
    const test = await startTestApi()
    await test.index(1, [registration(1, 0)])
    const admin = new Client({ connectionString: test.database.url })
    await admin.connect()
    await admin.query(`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and application_name like 'subledger-api%'`)
    await admin.end()
    await test.index(2, [registration(2, 1)])
    expect((await test.ask('{ events(netuid: 122) { totalCount } }')).data.events.totalCount).toBe(2)
    await test.close()
  })

  it('listens to the channel that the writer uses', () => {
    expect(HEAD_CHANNEL).toBe(WRITER_CHANNEL)
  })

  it('says that a statement took too long instead of what it was', async () => {
    const test = await startTestApi({ limits: { statementTimeoutMs: 250 } })
    await test.index(1, [registration(1, 0)])
    const blocker = new Client({ connectionString: test.database.url })
    await blocker.connect()
    await blocker.query('begin; lock table log_event in access exclusive mode')
    const { errors } = await test.ask('{ events(netuid: 122) { totalCount } }')
    expect(errors?.[0]?.extensions.code).toBe('SL-API-STATEMENT-TIME')
    expect(JSON.stringify(errors)).not.toMatch(/select|log_event/)
    await blocker.end()
    await test.close()
  })
})

describe('/readyz', () => {
  it('compares with the finalized head that the API asks for itself', async () => {
    let finalized = 12
    const node = createServer((request, response) => {
      let body = ''
      request.on('data', (chunk) => {
        body += chunk
      })
      request.on('end', () => {
        const { method } = JSON.parse(body)
        const result =
          method === 'chain_getHeader' ? { number: `0x${finalized.toString(16)}` } : blockHashOf(finalized)
        response.end(JSON.stringify({ jsonrpc: '2.0', id: 1, result }))
      })
    })
    await new Promise<void>((resolve) => node.listen(0, '127.0.0.1', resolve))
    const nodeUrl = `http://127.0.0.1:${(node.address() as AddressInfo).port}`
    const test = await startTestApi({ nodeUrl, readyLagBlocks: 5, nodePollIntervalMs: 20 })
    const ready = async () => {
      const response = await fetch(`${test.api.url}/readyz`)
      return { status: response.status, ...((await response.json()) as object) }
    }
    const eventually = async (expected: object) => {
      let last: object = {}
      for (let tries = 0; tries < 300; tries += 1) {
        last = await ready()
        if (Object.entries(expected).every(([k, v]) => (last as Record<string, unknown>)[k] === v)) return
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
      expect(last).toMatchObject(expected)
    }
    try {
      await eventually({ status: 503, code: 'SL-API-EMPTY' })
      await test.index(10, [registration(3, 0)])
      await eventually({ status: 200, lagBlocks: 2, finalizedHeight: 12 })
      finalized = 40
      await eventually({ status: 503, code: 'SL-API-LAG', lagBlocks: 30 })
      node.close()
      node.closeAllConnections()
      await eventually({ status: 503, code: 'SL-NODE-UNREACHABLE' })
    } finally {
      await test.close()
      node.close()
    }
  })
})
