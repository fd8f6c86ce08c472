import type { Client } from 'pg'
import { vi } from 'vitest'
import { connect } from '../database/connect'
import { createTestDatabase, type TestDatabase } from '../database/test-database'
import { Engine } from '../engine/engine'
import { casterSystem } from '../engine/systems/caster'
import { playBatches, registerAll } from '../engine/systems/test-caster-batches'
import { NETUID } from '../engine/systems/test-caster-cast'
import { BLOCKS } from '../engine/systems/test-caster-fixtures'
import { TestCasterLog } from '../engine/systems/test-caster-log'
import { TestChain } from '../engine/test-chain-log'
import { Projector } from '../projections/projector'
import { tableOrigins } from '../projections/table-origins'
import { type Api, startApi } from './start-api'

/** Two Caster batches on a real database, decided by the engine and served by the API. */
export class TestCasterApi {
  private constructor(
    readonly test: TestDatabase,
    readonly client: Client,
    readonly chain: TestChain,
    readonly engine: Engine,
    readonly api: Api,
    readonly platform: TestCasterLog,
  ) {}

  static async start(): Promise<TestCasterApi> {
    const test = await createTestDatabase()
    const { url: databaseUrl } = test
    const client = await connect(databaseUrl)
    const chain = registerAll(await TestChain.open(databaseUrl, NETUID))
    await chain.advance(1)
    const platform = await TestCasterLog.open(databaseUrl)
    const own = new Projector()
    const engine = await Engine.open({
      databaseUrl,
      netuid: NETUID,
      system: casterSystem,
      originOf: tableOrigins(),
      project: (db, events) => own.apply(db, events),
      onRollback: () => own.reset(),
    })
    const systems = [{ netuid: NETUID, system: casterSystem }]
    const api = await startApi({ host: '127.0.0.1', port: 0, databaseUrl, systems })
    await playBatches(chain, platform, () => engine.catchUp())
    const started = new TestCasterApi(test, client, chain, engine, api, platform)
    await vi.waitFor(async () => {
      const { data } = await started.ask('{ provenance { height } }')
      if (data.provenance.height <= BLOCKS.deregistered) throw new Error('not there yet')
    })
    return started
  }

  // biome-ignore lint/suspicious/noExplicitAny: shapes differ from query to query
  async ask(query: string, variables?: object): Promise<any> {
    const response = await fetch(`${this.api.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables }),
    })
    return response.json()
  }

  async close(): Promise<void> {
    await this.api.close()
    await this.engine.close()
    await this.platform.close()
    await this.chain.close()
    await this.client.end()
    await this.test.drop()
  }
}
