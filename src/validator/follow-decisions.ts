import { setTimeout as sleep } from 'node:timers/promises'
import type { ApiPromise } from '@polkadot/api'
import type { KeyringPair } from '@polkadot/keyring/types'
import { LedgerError } from '../errors/ledger-error'
import type { PayloadOf } from '../log/catalogue'
import type { LogEvent } from '../log/envelope'
import type { CallRules } from '../mechanisms/mechanism'
import type { SubnetReplica } from './replica/verify-decision'
import type { Recommended } from './set-weights/plan'
import { type Outcome, type SetWeightsOptions, setWeights } from './set-weights/set-weights'

export interface FollowOptions {
  readonly apiUrl: string
  readonly netuid: number
  readonly replica: SubnetReplica
  readonly api: ApiPromise
  readonly pair: KeyringPair
  /** Without a version key that of the subnet's rules is used; 0 when they name none. */
  readonly setting: Omit<SetWeightsOptions, 'versionKey'> & Partial<Pick<SetWeightsOptions, 'versionKey'>>
  /** What the policy of a decision says about calls. */
  readonly callRules?: (policy: unknown) => CallRules | undefined
  /** One decision, then end. */
  readonly isOnce: boolean
  readonly signal: AbortSignal
  /** Told of each decision: verified, and what was done about it. */
  readonly onOutcome: (event: LogEvent, outcome: Outcome) => void
  /** Told of failures that a later decision may not have. */
  readonly onFailure: (error: unknown) => void
}

const POLL_MS = 3_000
const REQUEST_TIMEOUT_MS = 20_000

/**
 * For each new decision: verify it from events hashed here, then set it, as soon as the chain's rate limit lets it. A decision that
 * cannot be verified is never set.
 * A contradiction ends the run: whoever's API says what its log does not say is not to be followed.
 */
export async function followDecisions(options: FollowOptions): Promise<void> {
  const { apiUrl, netuid, replica, signal } = options
  let done = -1
  let verified: LogEvent | undefined
  let told: string | undefined
  while (!signal.aborted) {
    try {
      const seq = await newestDecision(apiUrl, netuid)
      if (seq !== null && seq > done) {
        if (verified?.seq !== seq) verified = (await replica.verify(seq)).event
        const outcome = await setByRules(verified, options)
        // A wait is told once, however often the chain is asked.
        const news = `${seq} ${mayStillBeSet(outcome)}`
        if (news !== told) options.onOutcome(verified, outcome)
        told = news
        if (options.isOnce) return
        if (!mayStillBeSet(outcome)) done = seq
      } else if (options.isOnce && seq === null) throw noDecision(netuid)
    } catch (error) {
      const isFinal = options.isOnce || (error instanceof LedgerError && error.kind === 'contradiction')
      if (isFinal) throw error
      options.onFailure(error)
    }
    await sleep(POLL_MS, undefined, { signal, ref: true }).catch(() => undefined)
  }
}

/** Sets a verified decision as its own policy says. */
export function setByRules(
  event: LogEvent,
  {
    api,
    pair,
    setting,
    callRules,
    signal,
  }: Pick<FollowOptions, 'api' | 'pair' | 'setting' | 'callRules' | 'signal'>,
): Promise<Outcome> {
  const rules = callRules?.((event.payload as PayloadOf<'DecisionMade'>).policy)
  const recommended = {
    ...recommendedOf(event),
    ...(rules && { moreThanBlocks: rules.moreThanBlocks }),
  }
  const versionKey = setting.versionKey ?? BigInt(rules?.versionKey ?? 0)
  return setWeights(api, pair, recommended, { ...setting, versionKey, signal })
}

/** The chain takes weights again some blocks later: until there is a newer decision this one is tried again. */
const mayStillBeSet = (outcome: Outcome): boolean =>
  outcome.kind === 'refused' && outcome.plan.code === 'rate_limited'

/** The part of a decision that goes on chain. */
export function recommendedOf(event: LogEvent): Recommended {
  const { mechanism, u16, holders, burnUid } = event.payload as PayloadOf<'DecisionMade'>
  return { netuid: event.netuid, mechanism, height: event.height, u16, holders, burnUid }
}

/** Number of the subnet's newest decision in the engine log; null: none yet. @throws LedgerError SL-REPLICA-UNREACHABLE */
export async function newestDecision(apiUrl: string, netuid: number): Promise<number | null> {
  const query = `{ weights(netuid: ${netuid}) { seq } }`
  try {
    const response = await fetch(`${apiUrl}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    })
    const { data } = (await response.json()) as { data?: { weights: { seq: string } | null } | null }
    return data?.weights ? Number(data.weights.seq) : null
  } catch (cause) {
    throw new LedgerError('SL-REPLICA-UNREACHABLE', 'retryable', `The API at ${apiUrl} does not answer.`, {
      remedy: 'Check the address given by --api, and that the API runs.',
      cause,
    })
  }
}

export const noDecision = (netuid: number) =>
  new LedgerError('SL-NO-DECISION', 'user', `There is no decision for subnet ${netuid} yet.`, {
    remedy: 'Wait for the engine’s first epoch, or ask for a decision.',
  })
