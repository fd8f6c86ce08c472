import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Api, startApi } from '../../api/start-api'
import { createTestDatabase, type TestDatabase } from '../../database/test-database'
import { Engine } from '../../engine/engine'
import { treeSystem } from '../../engine/example/system'
import { account, query, TestChain } from '../../engine/test-chain-log'
import { EXAMPLE_FOLDS, prepareExample } from '../../engine/test-example'
import { createHttpHost, type HttpHost } from '../../http/http-host'
import type { OpenPlatform } from '../../platform/core/open-platform'
import { Projector } from '../../projections/projector'
import { tableOrigins } from '../../projections/table-origins'
import { SubnetReplica } from './verify-decision'

const NETUID = 4000
const [alice, bob] = [account(2), account(3)]
/** First decision of tempo 20 on netuid 4000. */
const DECIDED = 30 - ((4001 + 20) % 21)

describe('a validator’s own copy of the logs', () => {
  let test: TestDatabase
  let chain: TestChain
  let platform: OpenPlatform
  let host: HttpHost
  let engine: Engine
  let api: Api
  let folder: string

  beforeAll(async () => {
    test = await createTestDatabase()
    await prepareExample(test.url)
    chain = await TestChain.open(test.url, NETUID)
    chain.tempo(20, 0).register(0, account(9), 0).register(2, alice, 0).register(3, bob, 0)
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
    api = await startApi({ host: '127.0.0.1', port: 0, databaseUrl: test.url, platforms: host.handle })
    for (const [hotkey, heightMm] of [
      [alice, 1200],
      [bob, 1500],
    ]) {
      const payload = { hotkey, heightMm }
      await host.app.inject({ method: 'POST', url: '/trees/measurements', payload })
    }
    await chain.advance(DECIDED + 22)
    await engine.catchUp()
  })
  afterAll(async () => {
    await api.close()
    await engine.close()
    await host.close()
    await platform.close()
    await chain.close()
    await test.drop()
  })
  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'subledger-replica-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  const open = () => SubnetReplica.open({ apiUrl: api.url, netuid: NETUID, system: treeSystem, folder })

  it('computes a decision again from events it hashed itself, with nothing but the API’s logs', async () => {
    const replica = await open()
    const { event, audit } = await replica.verify(1)
    expect(audit).toEqual({ equal: true, firstDifference: null, recorded: null, recomputed: null })
    expect(event.payload).toMatchObject({ shares: [{ hotkey: bob, uid: 3 }] })
    const [stored] = await query<{ root: string }>(
      test.url,
      `select '0x' || encode(root, 'hex') as root from log_head where log = 'chain'`,
    )
    expect(replica.log('chain').rootAt(replica.log('chain').size)).toBe(stored!.root)
  })

  it('keeps what it fetched: the next run needs the API for nothing that it has', async () => {
    await (await open()).verify(1)
    const replica = await SubnetReplica.open({
      apiUrl: 'http://127.0.0.1:1',
      netuid: NETUID,
      system: treeSystem,
      folder,
    })
    expect((await replica.verify(1)).audit.equal).toBe(true)
    await expect(replica.verify(2)).rejects.toMatchObject({ code: 'SL-REPLICA-UNREACHABLE' })
  })

  it('refuses an event whose content was changed, and says which', async () => {
    await (await open()).verify(1)
    const file = readdirSync(folder).find((name) => name.includes('platform'))!
    const text = readFileSync(path.join(folder, file), 'utf8').replace('"heightMm":1500', '"heightMm":1600')
    writeFileSync(path.join(folder, file), text)
    await expect(open()).rejects.toMatchObject({ code: 'SL-REPLICA-LEAF' })
  })

  it('refuses a file with a line cut off', async () => {
    await (await open()).verify(1)
    const file = readdirSync(folder).find((name) => name.includes('chain'))!
    appendFileSync(path.join(folder, file), '{"actor":')
    await expect(open()).rejects.toMatchObject({ code: 'SL-REPLICA-ANSWER' })
  })

  it('refuses an API that has fewer events than it is asked for', async () => {
    const replica = await open()
    await expect(replica.verify(50)).rejects.toMatchObject({ code: 'SL-REPLICA-SHORT' })
  })

  it('is told what kept content is, by its hash, never as a page', async () => {
    const { event } = await (await open()).verify(1)
    const { evidence } = event.payload as { evidence: { sha256: string } }
    const response = await fetch(`${api.url}/content/${evidence.sha256}`)
    expect(response.headers.get('content-disposition')).toBe('attachment')
    expect(await response.json()).toMatchObject({ measured: [{ uid: 2 }, { uid: 3 }] })
    expect((await fetch(`${api.url}/content/${'0'.repeat(64)}`)).status).toBe(404)
    expect((await fetch(`${api.url}/log/chain/${NETUID}?from=x`)).status).toBe(400)
    expect((await fetch(`${api.url}/log/chain/${NETUID}`, { method: 'POST' })).status).toBe(405)
  })
})
