import type { Pool } from 'pg'
import { readConfig, type Settings } from '../../../config/config'
import { createPool } from '../../../database/connect'
import { indexTestBlocks } from '../../../database/test-blocks'
import { createTestDatabase, type TestDatabase } from '../../../database/test-database'
import { createHttpHost, type HttpHost } from '../../../http/http-host'
import type { LogEvent } from '../../../log/envelope'
import { readEvents } from '../../../log/read'
import type { ChainFacts } from '../../core/chain-facts'
import type { CommandLogOptions } from '../../core/command-log'
import { type OpenPlatform, openPlatform, type PolicyData } from '../../core/open-platform'
import { bitrecs } from '..'
import { type GistHost, startGistHost } from './test-gist-host'
import { type Miner, type MinerOptions, minerOf, TestFacts } from './test-miner'

export const TEST_NOW_MS = 1_763_000_200_000
const TEST_NETUID = 122

export interface Answer {
  readonly status: number
  // biome-ignore lint/suspicious/noExplicitAny: an answer is looked at by tests only
  readonly body: Record<string, any>
}

/** The read models that follow the log; made by the test, which may know them. */
export type Projecting = () => Pick<CommandLogOptions, 'project' | 'onRollback'>

interface TestPlatformOptions {
  readonly settings?: Partial<Settings>
  readonly facts?: ChainFacts
  readonly projecting?: Projecting
  readonly readPolicy?: (json: unknown) => PolicyData
  /** Without it a policy that no mechanism reads. */
  readonly defaultPolicy?: PolicyData
  /** Of a database that stands; without it one is made with a few empty blocks. */
  readonly test?: TestDatabase
}

/** A Bitrecs platform on a real database and a real socket, with gists served locally. */
export class TestPlatform {
  nowMs = TEST_NOW_MS
  private host!: HttpHost
  private platform!: OpenPlatform
  private url!: string

  private constructor(
    readonly test: TestDatabase,
    readonly pool: Pool,
    readonly gists: GistHost,
    readonly facts: ChainFacts,
    private readonly options: TestPlatformOptions,
  ) {}

  static async start(options: TestPlatformOptions = {}): Promise<TestPlatform> {
    const test = options.test ?? (await createTestDatabase())
    if (!options.test) await indexTestBlocks(test.url, 10)
    const pool = createPool(test.url, {})
    const facts = options.facts ?? new TestFacts()
    const started = new TestPlatform(test, pool, await startGistHost(), facts, options)
    await started.open()
    return started
  }

  async open(over: Partial<Settings> = {}): Promise<void> {
    this.platform = await openPlatform(bitrecs, {
      databaseUrl: this.test.url,
      netuid: TEST_NETUID,
      clock: () => this.nowMs,
      facts: this.facts,
      settings: {
        ...readConfig({}, {}),
        bitrecsGistApiUrl: this.gists.url,
        bitrecsGistRawUrl: this.gists.url,
        bitrecsNumEvalsPerAgent: 0,
        bitrecsArtifactsPerInterval: 1_000,
        bitrecsSubmitsPerMinute: 100_000,
        bitrecsCommitmentPauseMs: 1,
        bitrecsAdminToken: 'operator',
        bitrecsApiKeys: 'validators-key',
        ...this.options.settings,
        ...over,
      },
      defaultPolicy: this.options.defaultPolicy ?? { id: 'test', effectiveFromBlock: 0 },
      project: async () => undefined,
      ...this.options.projecting?.(),
      ...(this.options.readPolicy && { readPolicy: this.options.readPolicy }),
    })
    const modules = [{ system: 'bitrecs', routes: this.platform.routes }]
    this.host = await createHttpHost({ modules, version: 'test' })
    this.url = await this.host.app.listen({ port: 0, host: '127.0.0.1' })
  }

  async shut(): Promise<void> {
    await this.host.close()
    await this.platform.close()
  }

  async close(): Promise<void> {
    await this.shut()
    await this.gists.close()
    await this.pool.end()
    await this.test.drop()
  }

  // biome-ignore lint/suspicious/noExplicitAny: as above
  get document(): any {
    return this.host.document()
  }

  get address(): string {
    return this.url
  }

  get app() {
    return this.host.app
  }

  /** A miner whose gist is served, who is registered and whose commitment has been opened. */
  miner(name: string, options: Partial<MinerOptions> = {}): Miner {
    const miner = minerOf(name, { nowMs: this.nowMs, ...options })
    this.gists.serve(miner.gist)
    if (this.facts instanceof TestFacts) {
      this.facts.register(miner)
      this.facts.reveal(miner)
    }
    return miner
  }

  async request(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    return { status: response.status, body: text === '' ? {} : JSON.parse(text) }
  }

  submit(miner: Miner, headers: Record<string, string> = miner.headers()): Promise<Answer> {
    return this.request('POST', '/submit', miner.submission, headers)
  }

  check(miner: Miner): Promise<Answer> {
    return this.request('POST', '/check', miner.submission)
  }

  admin(act: string, body: unknown): Promise<Answer> {
    return this.request('POST', `/admin/${act}`, body, { 'x-admin-token': 'operator' })
  }

  async events(): Promise<LogEvent[]> {
    const events = await readEvents(this.pool, { log: 'platform', netuid: TEST_NETUID })
    return events.filter(({ type }) => type !== 'PolicySet')
  }
}
