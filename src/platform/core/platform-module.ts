import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Pool } from 'pg'
import type { Settings } from '../../config/config'
import type { ChainFacts } from './chain-facts'
import type { CommandLog } from './command-log'
import type { Decider } from './decider'
import type { PolicyData } from './open-platform'
import type { SignatureChecks } from './signature-checks'

export interface PlatformServices<State> {
  readonly netuid: number
  readonly commands: CommandLog<State>
  readonly facts: ChainFacts
  /** Content beside the log (`readBlob`) and what must not stand in it; never what a decision looks at. */
  readonly pool: Pool
  readonly settings: Settings
  readonly signatures: SignatureChecks
  /** Whether the mechanism can read a policy. @throws LedgerError SL-POLICY-INVALID */
  readonly checkPolicy: (policy: PolicyData) => void
}

/** What a subnet system adds to the command side: one folder of `src/platform`, one value of this type. */
export interface PlatformModule<State> extends Decider<State> {
  readonly routes: (services: PlatformServices<State>) => FastifyPluginAsyncTypebox
  /** Called on a timer: what becomes due by the clock alone (expiries, timeouts). */
  readonly tick?: (services: PlatformServices<State>) => Promise<void>
  /** Ends what runs beside the ticks; called once, while commands are still taken. */
  readonly close?: (services: PlatformServices<State>) => Promise<void>
}
