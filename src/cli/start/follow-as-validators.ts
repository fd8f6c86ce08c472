import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { ApiPromise, WsProvider } from '@polkadot/api'
import { Keyring } from '@polkadot/keyring'
import { cryptoWaitReady } from '@polkadot/util-crypto'
import type { SubnetSystem } from '../../engine/system'
import type { Hex } from '../../log/envelope'
import { followDecisions, setByRules } from '../../validator/follow-decisions'
import { SubnetReplica } from '../../validator/replica/verify-decision'

export interface FollowingValidators {
  readonly netuid: number
  readonly system: SubnetSystem
  /** Seeds of their hotkeys. */
  readonly seeds: readonly Hex[]
  readonly apiUrl: string
  readonly nodeUrl: string
  /** Public key of the devnet's beacon. */
  readonly beaconKey: Hex
  /** Where the copies of the logs are kept. */
  readonly folder: string
  readonly signal: AbortSignal
  readonly onTrouble: (error: unknown) => void
}

/** Pause before everything is opened anew after a failure (ms). */
const PAUSE_MS = 5_000
/** Whoever is told to stop has its last answer from the node by then (ms). */
const FAREWELL_MS = 3_000

/** The scenario's validators as `subledger validator --set` is one: each decision is verified once and set by all of them. */
export async function followAsValidators(options: FollowingValidators): Promise<void> {
  const { signal, onTrouble } = options
  await cryptoWaitReady()
  while (!signal.aborted) {
    await follow(options).catch((error) => {
      if (!signal.aborted) onTrouble(error)
    })
    await sleep(PAUSE_MS, undefined, { signal, ref: false }).catch(() => undefined)
  }
}

async function follow(options: FollowingValidators): Promise<void> {
  const { netuid, system, seeds, apiUrl, nodeUrl, beaconKey, folder, signal, onTrouble } = options
  const keyring = new Keyring({ type: 'sr25519' })
  const [first, ...others] = seeds.map((seed) => keyring.addFromSeed(Buffer.from(seed.slice(2), 'hex')))
  const api = await ApiPromise.create({
    provider: new WsProvider(nodeUrl),
    throwOnConnect: true,
    noInitWarn: true,
  })
  const call = {
    api,
    // Without rules of the subnet's own: any key that the chain takes. A devnet's days are short: it waits for the chain's limit only.
    callRules: (policy: unknown) => ({ versionKey: 1, ...system.callRules(policy), moreThanBlocks: 0 }),
    setting: { isReal: true, beaconKey },
    signal,
  }
  const underWay = new Set<Promise<void>>()
  try {
    await followDecisions({
      apiUrl,
      netuid,
      replica: await SubnetReplica.open({
        apiUrl,
        netuid,
        system,
        folder: path.resolve(folder, 'devnet-validators'),
      }),
      ...call,
      pair: first!,
      isOnce: false,
      onOutcome: (event) => {
        for (const pair of others) {
          const done = setByRules(event, { ...call, pair })
            .catch((error) => {
              if (!signal.aborted) onTrouble(error)
            })
            .then(() => void underWay.delete(done))
          underWay.add(done)
        }
      },
      onFailure: onTrouble,
    })
  } finally {
    // A question that the node has not answered yet would be complained about by the client library.
    await Promise.race([Promise.all(underWay), sleep(FAREWELL_MS, undefined, { ref: false })])
    await api.disconnect()
  }
}
