import { setTimeout as sleep } from 'node:timers/promises'
import type { ApiPromise } from '@polkadot/api'
import type { KeyringPair } from '@polkadot/keyring/types'
import { u8aToHex } from '@polkadot/util'
import { LedgerError } from '../../../errors/ledger-error'
import { isWindowOpen, weightCall } from '../../../mechanisms/caster/submit-weights'
import type { Recommended } from '../../set-weights/plan'
import { type Outcome, type SetWeightsOptions, setWeights } from '../../set-weights/set-weights'
import { readSubnetFacts } from '../../set-weights/subnet-facts'
import { type PlatformClient, PlatformRefused } from '../platform/platform-client'
import { servedWeights } from './served-weights'
import type { WeightsState } from './weights-state'

export interface WeightsLoopOptions {
  readonly platform: PlatformClient
  readonly api: ApiPromise
  readonly pair: KeyringPair
  readonly netuid: number
  /** Blocks between two calls: `windowBlocks` of the policy that holds at a block. */
  readonly windowBlocks: (height: number) => Promise<number>
  readonly setting: SetWeightsOptions
  /** The newest decision, computed again from the logs: who is paid, and who held each uid at its block. */
  readonly decision: () => Promise<Recommended>
  readonly state: WeightsState
  readonly signal: AbortSignal
  readonly pollMs?: number
  readonly onOutcome: (outcome: Outcome) => void
}

/** Of the published validators (spec caster §10). */
const POLL_MS = 30_000

/** Nothing was set, for a reason that the next try may not have. */
export class WeightsRefused extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(`${code}: ${message}`)
    this.name = 'WeightsRefused'
  }
}

/** Sets the served weights whenever the window is open, until the signal aborts. @throws LedgerError a contradiction */
export async function runWeightsLoop(options: WeightsLoopOptions): Promise<void> {
  const { state, signal, pollMs = POLL_MS } = options
  while (!signal.aborted) {
    try {
      const outcome = await setOnce(options)
      if (outcome) {
        options.onOutcome(outcome)
        state.last_weight_submission_at = new Date().toISOString()
        state.last_weight_error = null
      }
    } catch (error) {
      if (signal.aborted) return
      state.last_weight_error = error instanceof Error ? error.message : String(error)
      if (error instanceof LedgerError && error.kind === 'contradiction') throw error
    }
    await sleep(pollMs, undefined, { signal }).catch(() => undefined)
  }
}

/**
 * One try. The published loop sets what it is served; here it must also be what the newest decision gives when it is computed again,
 * and the hotkeys at its uids must still be there (gaps of spec caster §10).
 * @returns undefined while the window is shut
 * @throws WeightsRefused weights_denied, platform_unavailable, weights_unfit, weights_differ, or a code of `planWeights`
 */
export async function setOnce(options: WeightsLoopOptions): Promise<Outcome | undefined> {
  const { api, pair, netuid, windowBlocks, platform, signal } = options
  const facts = await readSubnetFacts(api, netuid, 0, u8aToHex(pair.publicKey), [])
  const { lastUpdate, height } = facts
  if (!isWindowOpen(lastUpdate === 0 ? null : lastUpdate, height, await windowBlocks(height)))
    return undefined
  const served = servedWeights(await platform.weights(signal).catch(denied))
  if (!served) throw new WeightsRefused('weights_unfit', 'the answer is no weights')
  const call = weightCall(served)
  if (typeof call === 'string') throw new WeightsRefused('weights_unfit', call)
  const decided = await options.decision()
  const { uids, values } = call.u16
  const isSame =
    decided.u16.length === uids.length &&
    decided.u16.every(({ uid, value }) => values[uids.indexOf(uid)] === value)
  if (!isSame)
    throw new WeightsRefused(
      'weights_differ',
      `served are ${shown(uids.map((uid, n) => ({ uid, value: values[n]! })))}, the decision of block ${decided.height} gives ${shown(decided.u16)}`,
    )
  const outcome = await setWeights(api, pair, decided, { ...options.setting, signal })
  if (outcome.kind === 'refused') throw new WeightsRefused(outcome.plan.code, outcome.plan.reason)
  return outcome
}

function denied(error: unknown): never {
  if (!(error instanceof PlatformRefused)) throw error
  const code = error.status === 401 || error.status === 403 ? 'weights_denied' : 'platform_unavailable'
  throw new WeightsRefused(code, error.message)
}

const shown = (u16: Recommended['u16']) => `{${u16.map(({ uid, value }) => `${uid}: ${value}`).join(', ')}}`
