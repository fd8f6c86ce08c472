import type { Pool } from 'pg'
import { readConfig, type Settings } from '../../../config/config'
import { createPool } from '../../../database/connect'
import { indexTestBlocks } from '../../../database/test-blocks'
import { createTestDatabase, type TestDatabase } from '../../../database/test-database'
import { createHttpHost, type HttpHost } from '../../../http/http-host'
import type { Hex, LogEvent } from '../../../log/envelope'
import { readEvents } from '../../../log/read'
import type { ChainFacts } from '../../core/chain-facts'
import type { CommandLogOptions } from '../../core/command-log'
import { type OpenPlatform, openPlatform } from '../../core/open-platform'
import type { PlatformServices } from '../../core/platform-module'
import { casterPlatform } from '..'
import type { CasterRules } from '../rules'
import type { CasterState } from '../state'

export const TEST_NOW_MS = 1_763_000_200_000
export const TEST_NETUID = 67
export const TOKEN = 'operator'
export const PLATFORM_KEY = '//caster-platform'

export interface TestPlatformOptions {
  readonly rules: CasterRules
  readonly settings?: Partial<Settings>
  readonly facts?: ChainFacts
  /** The read models that follow the log; made by the test, which may know them. */
  readonly projecting?: () => Pick<CommandLogOptions, 'project' | 'onRollback'>
  /** Of a database that stands; without it one is made with a few empty blocks. */
  readonly test?: TestDatabase
}

/** A metagraph that tests change. */
export class TestFacts implements ChainFacts {
  readonly uids = new Map<Hex, number>()
  /** null: the log never told any. */
  permits: Set<Hex> | null = new Set()
  height = 10

  async registration(_netuid: number, hotkey: Hex) {
    const uid = this.uids.get(hotkey)
    return uid === undefined ? null : { uid, hotkey, coldkey: null, registeredAt: 1 }
  }

  async reveals() {
    return []
  }

  async metagraph() {
    const uidOf = new Map(this.uids)
    const permitted = this.permits && new Set([...this.permits].filter((hotkey) => uidOf.has(hotkey)))
    return { height: this.height, uidOf, permitted }
  }
}

/** A Caster platform on a real database and a real socket, whose clock is the test's. */
export class TestPlatform {
  nowMs = TEST_NOW_MS
  readonly facts: TestFacts
  private host!: HttpHost
  private platform!: OpenPlatform
  private services!: PlatformServices<CasterState>
  private readonly module
  url!: string
  readonly failures: unknown[] = []

  private constructor(
    readonly test: TestDatabase,
    readonly pool: Pool,
    private readonly options: TestPlatformOptions,
  ) {
    this.facts = (options.facts as TestFacts) ?? new TestFacts()
    this.module = casterPlatform(options.rules)
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
    const { initial, routes } = this.module
    const module = {
      ...this.module,
      initial: (netuid: number) => {
        this.state = initial(netuid)
        return this.state
      },
      routes: (services: PlatformServices<CasterState>) => {
        this.services = services
        return routes(services)
      },
    }
    this.platform = await openPlatform(module, {
      databaseUrl: this.test.url,
      netuid: TEST_NETUID,
      clock: () => this.nowMs,
      facts: this.facts,
      settings: {
        ...readConfig({}, {}),
        casterAdminToken: TOKEN,
        casterPlatformKeyUri: PLATFORM_KEY,
        casterAllowPrivateHosts: true,
        casterRequestsPerMinute: 1_000_000,
        casterPollSeconds: 1,
        casterValidatorTimeoutSeconds: 2,
        ...this.options.settings,
        ...over,
      },
      defaultPolicy: rules.defaultPolicy,
      project: async () => undefined,
      onFailure: (error) => this.failures.push(error),
      ...this.options.projecting?.(),
    })
    const modules = [{ system: 'caster', routes: this.platform.routes }]
    this.host = await createHttpHost({ modules, version: 'test' })
    this.url = await this.host.app.listen({ port: 0, host: '127.0.0.1' })
  }

  /** The command side's own state: for comparisons, never to be changed. */
  state!: CasterState

  /** What the clock does, now. */
  async tick(): Promise<void> {
    await this.module.tick!(this.services)
  }

  /** Lets the clock run until something holds. @throws when it does not within so many ticks */
  async until(holds: () => boolean, what = String(holds), ticks = 200): Promise<void> {
    for (let n = 0; n < ticks; n++) {
      if (holds()) return
      this.nowMs += 1_000
      await this.tick()
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    throw new Error(`it never came about: ${what}; ${this.failures.join('; ')}`)
  }

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

  get app() {
    return this.host.app
  }

  async events(): Promise<LogEvent[]> {
    const events: LogEvent[] = []
    for (;;) {
      const range = { log: 'platform', netuid: TEST_NETUID, fromSeq: events.length } as const
      const page = await readEvents(this.pool, range)
      if (page.length === 0) return events
      events.push(...page)
    }
  }
}
