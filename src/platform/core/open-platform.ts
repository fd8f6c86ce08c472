import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Settings } from '../../config/config'
import { createPool } from '../../database/connect'
import { LedgerError } from '../../errors/ledger-error'
import type { ChainFacts } from './chain-facts'
import { CommandLog, type CommandLogOptions } from './command-log'
import type { Command } from './decider'
import { draft } from './platform-event'
import type { PlatformModule } from './platform-module'
import { SignatureChecks } from './signature-checks'
import { signaturesReady } from './signatures'

/** A whole policy as data, checked by whoever knows the mechanism. */
export interface PolicyData {
  readonly id: string
  readonly effectiveFromBlock: number
}

export interface PlatformOptions extends CommandLogOptions {
  readonly facts: ChainFacts
  readonly settings: Settings
  /** Written as the first policy when the log has none; the whole policy as data. */
  readonly defaultPolicy: PolicyData
  /** The mechanism's own check of a policy: one that it cannot read would stop every later decision. @throws SL-POLICY-INVALID */
  readonly readPolicy?: (json: unknown) => PolicyData
  /** Told when a tick fails; the next one comes all the same. */
  readonly onFailure?: (error: unknown) => void
}

/** A running platform: its routes, its clock, and the log behind them. */
export interface OpenPlatform {
  readonly system: string
  readonly netuid: number
  readonly routes: FastifyPluginAsyncTypebox
  /** Records a policy that holds from a block on. @throws SL-POLICY-INVALID */
  setPolicy(policy: PolicyData): Promise<void>
  close(): Promise<void>
}

/** Pause between two looks at what is due by the clock alone (ms). */
const TICK_MS = 1_000
/** Connections beside the log's own writer: content and what is kept apart from the log. */
const POOL_CONNECTIONS = 4

/** @throws LedgerError SL-SECOND-WRITER, SL-DB-… */
export async function openPlatform<State>(
  module: PlatformModule<State>,
  options: PlatformOptions,
): Promise<OpenPlatform> {
  await signaturesReady()
  const commands = await CommandLog.open(module, options)
  const signatures = new SignatureChecks()
  const { databaseUrl, netuid, facts, settings } = options
  const pool = createPool(databaseUrl, { max: POOL_CONNECTIONS })
  const checkPolicy = (policy: PolicyData) => void options.readPolicy?.(policy)
  const services = { netuid, commands, facts, settings, pool, signatures, checkPolicy }
  const setPolicy = (policy: PolicyData, origin: 'default' | 'operator') =>
    commands.execute(recordPolicy<State>(module.system, policy, origin))
  let hasPolicy = await commands.has('PolicySet')
  const tick = async () => {
    if (!hasPolicy) await setPolicy(options.defaultPolicy, 'default')
    hasPolicy = true
    await module.tick?.(services)
  }
  const heard = (error: unknown) => {
    // Before the first block there is nothing to tie an event to: the next tick tries again.
    if (!(error instanceof LedgerError && error.code === 'SL-NOTHING-INDEXED')) options.onFailure?.(error)
  }
  await tick().catch(heard)
  let ticking: Promise<void> | undefined
  const timer = setInterval(() => {
    ticking ??= tick()
      .catch(heard)
      .finally(() => {
        ticking = undefined
      })
  }, TICK_MS)
  timer.unref()
  return {
    system: module.system,
    netuid: options.netuid,
    routes: module.routes(services),
    async setPolicy(policy) {
      checkPolicy(policy)
      await setPolicy(policy, 'operator')
    },
    async close() {
      clearInterval(timer)
      await module.close?.(services)
      await ticking
      await commands.close()
      await signatures.close()
      await pool.end()
    },
  }
}

const recordPolicy =
  <State>(system: string, policy: PolicyData, origin: 'default' | 'operator'): Command<State, void> =>
  (_, { timeMs: at }) => {
    const { id: policyId, effectiveFromBlock } = policy
    const event = draft('PolicySet', { system, policyId, effectiveFromBlock, policy, origin, at })
    return { events: [event], reply: undefined }
  }
