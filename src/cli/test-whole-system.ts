import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { ApiPromise, WsProvider } from '@polkadot/api'
import { Keyring } from '@polkadot/keyring'
import type { Api } from '../api/start-api'
import { readConfig, type Settings } from '../config/config'
import { createTestDatabase, type TestDatabase } from '../database/test-database'
import type { Actor, Devnet } from '../devnet'
import { beaconKeyOf } from '../devnet/players/bitrecs/validators'
import { type ScenarioOptions, startScenario } from '../devnet/scenario/start-scenario'
import type { SubnetSystem } from '../engine/system'
import type { LogEvent } from '../log/envelope'
import { createLogger } from '../observability/logger'
import { followDecisions } from '../validator/follow-decisions'
import { SubnetReplica } from '../validator/replica/verify-decision'
import type { Outcome } from '../validator/set-weights/set-weights'
import { Closers } from './closers'
import type { Session } from './session'
import { indexChain } from './start/index-chain'
import { openApi } from './start/open-api'
import { openPlayers } from './start/open-players'
import { openPlatforms, runEngines } from './start/open-systems'

export const WHOLE_SEED = 11
export const WHOLE_BLOCK_MS = 400
const FINALITY_LAG_BLOCKS = 1

/** Everything that `subledger start` runs: chain, log, platforms, engines, API, the devnet's players; and validators beside it. */
export class WholeSystem {
  readonly folder = mkdtempSync(path.join(os.tmpdir(), 'subledger-whole-'))
  private readonly stop = new AbortController()
  private readonly closers = new Closers()
  private readonly running: Promise<unknown>[] = []
  private test!: TestDatabase
  private api!: Api
  devnet!: Devnet
  node!: ApiPromise

  /** @param systems as the setting names them, e.g. bitrecs:122 */
  static async start(
    systems: string,
    scenario: Omit<ScenarioOptions, 'seed'>,
    over: Partial<Settings> = {},
  ): Promise<WholeSystem> {
    const whole = new WholeSystem()
    await whole.open(scenario, { systems, ...over })
    return whole
  }

  get url(): string {
    return this.api.url
  }

  private async open(scenario: Omit<ScenarioOptions, 'seed'>, over: Partial<Settings>): Promise<void> {
    const session: Session = { signal: this.stop.signal, closers: this.closers, say: () => undefined }
    const logger = createLogger({ level: 'silent' })
    this.test = await createTestDatabase()
    this.devnet = await startScenario({
      seed: WHOLE_SEED,
      blockTimeMs: WHOLE_BLOCK_MS,
      finalityLagBlocks: FINALITY_LAG_BLOCKS,
      ...scenario,
    })
    const base: Settings = {
      ...readConfig({}, {}),
      netuids: [67, 94, 122],
      apiPort: 0,
      dataDir: this.folder,
      devnetSeed: WHOLE_SEED,
      ...over,
    }
    const players = await openPlayers(base, this.devnet, logger, session)
    const { settings } = players
    const surroundings = { databaseUrl: this.test.url, logger }
    this.running.push(
      indexChain({
        ...settings,
        rpcUrl: this.devnet.wsUrl,
        databaseUrl: this.test.url,
        genesisHash: this.devnet.genesisHash,
        netuids: [67, 94, 122],
        bootstrap: 'snapshot',
        signal: this.stop.signal,
      }),
    )
    const { handle: platforms } = await openPlatforms(settings, surroundings, session, players.policies)
    this.api = await openApi(settings, { ...surroundings, nodeUrl: this.devnet.wsUrl, platforms }, session)
    this.running.push(players.play(this.api.url), runEngines(settings, surroundings, session))
    const provider = new WsProvider(this.devnet.wsUrl)
    this.node = await ApiPromise.create({ provider, throwOnConnect: true, noInitWarn: true })
  }

  // biome-ignore lint/suspicious/noExplicitAny: shapes differ from query to query
  async ask(query: string): Promise<any> {
    const headers = { 'content-type': 'application/json' }
    const body = JSON.stringify({ query })
    const response = await fetch(`${this.url}/graphql`, { method: 'POST', headers, body })
    const { data, errors } = (await response.json()) as { data: unknown; errors?: unknown }
    if (errors) throw new Error(JSON.stringify(errors))
    return data
  }

  /** What `subledger validator --set` does with this hotkey until weights are set once. What is too late it leaves to the next decision. */
  async validate(
    system: SubnetSystem,
    netuid: number,
    { hotkey }: Actor,
  ): Promise<{ readonly event: LogEvent; readonly outcome: Outcome }> {
    const folder = path.join(this.folder, `replica-${hotkey.account}`)
    const replica = await SubnetReplica.open({ apiUrl: this.url, netuid, system, folder })
    const stop = new AbortController()
    return new Promise((resolve, reject) => {
      followDecisions({
        apiUrl: this.url,
        netuid,
        replica,
        api: this.node,
        pair: new Keyring({ type: 'sr25519' }).addFromSeed(Buffer.from(hotkey.seed.slice(2), 'hex')),
        callRules: (policy) => system.callRules(policy),
        setting: {
          ...(system.callRules(system.defaultPolicy) === undefined && { versionKey: 1n }),
          isReal: true,
          beaconKey: beaconKeyOf(WHOLE_SEED),
        },
        isOnce: false,
        signal: AbortSignal.any([this.stop.signal, stop.signal]),
        onOutcome: (event, outcome) => {
          if (outcome.kind === 'refused') return
          stop.abort()
          resolve({ event, outcome })
        },
        onFailure: reject,
      }).catch(reject)
    })
  }

  async close(): Promise<void> {
    this.stop.abort()
    await Promise.allSettled(this.running)
    await this.node?.disconnect()
    await this.closers.closeAll(() => undefined)
    await this.devnet?.close()
    await this.test?.drop()
    rmSync(this.folder, { recursive: true, force: true })
  }
}
