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
import { type OpenPlatform, openPlatform } from '../../core/open-platform'
import { autoresearchPlatform } from '..'
import type { AutoresearchRules } from '../rules'
import type { AutoresearchState } from '../state'

export const TEST_NOW_MS = 1_763_000_200_000
export const TEST_NETUID = 94
export const TOKEN = 'operator'

export interface TestPlatformOptions {
  readonly rules: AutoresearchRules
  /** Allowed hotkeys (SS58), separated by commas. */
  readonly validators: string
  readonly settings?: Partial<Settings>
  readonly facts?: ChainFacts
  /** The read models that follow the log; made by the test, which may know them. */
  readonly projecting?: () => Pick<CommandLogOptions, 'project' | 'onRollback'>
  /** Of a database that stands; without it one is made with a few empty blocks. */
  readonly test?: TestDatabase
}

/** Everybody is registered but those who are named. */
export class TestFacts implements ChainFacts {
  readonly strangers = new Set<string>()

  async registration(_netuid: number, hotkey: `0x${string}`) {
    return this.strangers.has(hotkey) ? null : { uid: 1, hotkey, coldkey: null, registeredAt: 1 }
  }

  async reveals() {
    return []
  }

  async metagraph() {
    return { height: 10, uidOf: new Map(), permitted: null }
  }
}

/** An autoresearch platform on a real database and a real socket. */
export class TestPlatform {
  nowMs = TEST_NOW_MS
  readonly facts: TestFacts | ChainFacts
  private host!: HttpHost
  private platform!: OpenPlatform
  url!: string

  private constructor(
    readonly test: TestDatabase,
    readonly pool: Pool,
    private readonly options: TestPlatformOptions,
  ) {
    this.facts = options.facts ?? new TestFacts()
  }

  static async start(options: TestPlatformOptions): Promise<TestPlatform> {
    const test = options.test ?? (await createTestDatabase())
    if (!options.test) await indexTestBlocks(test.url, 10)
    const pool = createPool(test.url, {})
    const started = new TestPlatform(test, pool, options)
    await started.open()
    return started
  }

  async open(over: Partial<Settings> = {}): Promise<void> {
    const { rules } = this.options
    const { initial } = autoresearchPlatform(rules)
    const module = {
      ...autoresearchPlatform(rules),
      initial: (netuid: number) => {
        this.state = initial(netuid)
        return this.state
      },
    }
    this.platform = await openPlatform(module, {
      databaseUrl: this.test.url,
      netuid: TEST_NETUID,
      clock: () => this.nowMs,
      facts: this.facts,
      settings: {
        ...readConfig({}, {}),
        autoresearchAdminToken: TOKEN,
        autoresearchValidators: this.options.validators,
        autoresearchRequestsPerMinute: 1_000_000,
        ...this.options.settings,
        ...over,
      },
      defaultPolicy: rules.defaultPolicy,
      project: async () => undefined,
      ...this.options.projecting?.(),
    })
    const modules = [{ system: 'autoresearch', routes: this.platform.routes }]
    this.host = await createHttpHost({ modules, version: 'test' })
    this.url = await this.host.app.listen({ port: 0, host: '127.0.0.1' })
  }

  /** The command side's own state: for comparisons, never to be changed. */
  state!: AutoresearchState

  async shut(): Promise<void> {
    await this.host.close()
    await this.platform.close()
  }

  async restart(over: Partial<Settings> = {}): Promise<void> {
    await this.shut()
    await this.open(over)
  }

  async close(): Promise<void> {
    await this.shut()
    await this.pool.end()
    await this.test.drop()
  }

  // biome-ignore lint/suspicious/noExplicitAny: looked at by tests only
  get document(): any {
    return this.host.document()
  }

  async events(): Promise<LogEvent[]> {
    return readEvents(this.pool, { log: 'platform', netuid: TEST_NETUID })
  }
}
