import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { bls12_381 } from '@noble/curves/bls12-381'
import type { ApiPromise } from '@polkadot/api'
import type { KeyringPair } from '@polkadot/keyring/types'
import { u8aToHex } from '@polkadot/util'
import { LedgerError } from '../../errors/ledger-error'
import type { Hex } from '../../log/envelope'
import { lock } from '../../timelock/timelock'
import { encodePayload } from '../../timelock/weights-payload'
import { type Plan, planWeights, type Recommended } from './plan'
import { type FinalCall, submitCall } from './submit-call'
import { readSubnetFacts, type SubnetFacts } from './subnet-facts'

export interface SetWeightsOptions {
  readonly versionKey: bigint
  /** False: say what would be done. */
  readonly isReal: boolean
  /** Public key of the beacon (G2, compressed, hex) when the chain's storage does not hold it. */
  readonly beaconKey?: Hex | undefined
  readonly attempts?: number
  readonly pauseMs?: number
  readonly timeoutMs?: number
  /** Ends the pause before another attempt; a call that was sent is waited for all the same. */
  readonly signal?: AbortSignal
}

export type Outcome =
  | { readonly kind: 'dry_run'; readonly plan: Plan; readonly facts: SubnetFacts }
  | {
      readonly kind: 'refused'
      readonly plan: Extract<Plan, { kind: 'refuse' }>
      readonly facts: SubnetFacts
    }
  | { readonly kind: 'set' | 'committed'; readonly call: FinalCall; readonly plan: Plan }

/** As the reference tries (spec bitrecs §1.5); each attempt plans anew, so that a call that was taken is not sent twice. */
const ATTEMPTS = 3
const PAUSE_MS = 60_000
const TIMEOUT_MS = 90_000
/** Commit–reveal format that commits name (spec chain §1). */
const COMMIT_REVEAL_VERSION = 4

/**
 * Puts a decision on chain as this subnet wants it: openly, or timelocked. @throws LedgerError of `submitCall` after the last attempt,
 * SL-NO-BEACON-KEY
 */
export async function setWeights(
  api: ApiPromise,
  pair: KeyringPair,
  recommended: Recommended,
  options: SetWeightsOptions,
): Promise<Outcome> {
  const { attempts = ATTEMPTS, pauseMs = PAUSE_MS, signal } = options
  for (let attempt = 1; ; attempt++) {
    try {
      return await tryOnce(api, pair, recommended, options)
    } catch (error) {
      const mayRetry = error instanceof LedgerError && error.kind === 'retryable'
      if (!mayRetry || attempt >= attempts) throw error
      await sleep(pauseMs, undefined, signal && { signal }).catch(() => {
        throw error
      })
    }
  }
}

async function tryOnce(
  api: ApiPromise,
  pair: KeyringPair,
  recommended: Recommended,
  options: SetWeightsOptions,
): Promise<Outcome> {
  const { netuid, mechanism, u16, holders } = recommended
  await api.isReady
  const hotkey = u8aToHex(pair.publicKey)
  const uids = [...new Set([...u16, ...holders].map(({ uid }) => uid))]
  const facts = await readSubnetFacts(api, netuid, mechanism, hotkey, uids)
  const plan = planWeights(recommended, facts, options.versionKey)
  if (plan.kind === 'refuse') return { kind: 'refused', plan, facts }
  if (!options.isReal) return { kind: 'dry_run', plan, facts }
  const timeoutMs = options.timeoutMs ?? TIMEOUT_MS
  if (plan.kind === 'set') {
    const wanted = ['subtensorModule.WeightsSet']
    const call = await submitCall(api, openCall(api, recommended, options), pair, { wanted, timeoutMs })
    return { kind: 'set', call, plan }
  }
  const key = options.beaconKey ?? (await beaconKeyOf(api))
  const wanted = ['subtensorModule.TimelockedWeightsCommitted', 'subtensorModule.CRV3WeightsCommitted']
  const sealed = sealedCall(api, recommended, { hotkey, key, round: plan.revealRound, ...options })
  return { kind: 'committed', call: await submitCall(api, sealed, pair, { wanted, timeoutMs }), plan }
}

function openCall(
  api: ApiPromise,
  { netuid, mechanism, u16 }: Recommended,
  { versionKey }: SetWeightsOptions,
) {
  const [uids, values] = [u16.map(({ uid }) => uid), u16.map(({ value }) => value)]
  const calls = api.tx.subtensorModule!
  return mechanism === 0
    ? calls.setWeights!(netuid, uids, values, versionKey)
    : calls.setMechanismWeights!(netuid, mechanism, uids, values, versionKey)
}

interface Seal {
  readonly hotkey: Hex
  readonly key: Hex
  readonly round: bigint
  readonly versionKey: bigint
}

function sealedCall(api: ApiPromise, { netuid, mechanism, u16 }: Recommended, seal: Seal) {
  const { hotkey, versionKey, round } = seal
  const payload = {
    hotkey,
    uids: u16.map(({ uid }) => uid),
    values: u16.map(({ value }) => value),
    versionKey,
  }
  const beacon = bls12_381.G2.ProjectivePoint.fromHex(seal.key.slice(2))
  const commit = u8aToHex(lock(encodePayload(payload), round, beacon, randomBytes(32)))
  const calls = api.tx.subtensorModule!
  return mechanism === 0
    ? calls.commitTimelockedWeights!(netuid, commit, round, COMMIT_REVEAL_VERSION)
    : calls.commitTimelockedMechanismWeights!(netuid, mechanism, commit, round, COMMIT_REVEAL_VERSION)
}

/** The beacon that the chain itself verifies pulses with. */
async function beaconKeyOf(api: ApiPromise): Promise<Hex> {
  const config = (await api.query.drand?.beaconConfig?.())?.toJSON() as { publicKey?: string } | undefined
  if (config?.publicKey && config.publicKey.length > 2) return config.publicKey
  throw new LedgerError('SL-NO-BEACON-KEY', 'user', 'The chain does not say which beacon it reads.', {
    remedy: 'Give the public key of the beacon with --beacon-key.',
  })
}
