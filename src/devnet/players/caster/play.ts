import { setTimeout as sleep } from 'node:timers/promises'
import type { Devnet } from '../../node/devnet-options'
import { isPermitted } from '../../pallets/subtensor/staking'
import { type Actor, caster } from '../../scenario/actors'
import type { Answered } from '../autoresearch/client'
import { casterMiners, casterValidators } from './actors'
import { datasetOf } from './claims'
import { CasterClient } from './client'
import { deregister } from './deregister'
import { CHALLENGER_KNOWS, challengerScript, copiedScript, FIRST_KNOWS, firstScript } from './scripts'
import { type PlayingValidator, startValidators } from './validators'

export interface Play {
  /** `http://host:port` of the API with its platforms. */
  readonly baseUrl: string
  readonly adminToken: string
  readonly devnet: Devnet
  /** Where the validators keep their batches. */
  readonly dataDir: string
  /** Validators that are played; default: all. The others are somebody's own, who registers them. */
  readonly validators?: readonly Actor[]
  readonly signal: AbortSignal
  /** Told once that the story has been played, and that its second has lost its uid. */
  readonly onOver?: () => void
  /** Told what cannot be gone on with. */
  readonly onTrouble?: (error: unknown) => void
  /** Pause between two looks (ms). */
  readonly pauseMs?: number
}

/** One batch of the story: who hands in what beforehand, and how far its claims are known to whoever sits. */
interface Act {
  readonly batchId: string
  readonly miner: number
  readonly script: string
  readonly claimsFrom: number
  readonly championKnows?: number
}

const batchId = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`

/** Somebody takes the empty roster; a challenger beats the champion; a copy of the challenger ties with it, and gains nothing. */
export const ACTS: readonly Act[] = [
  { batchId: batchId(1), miner: 0, script: firstScript, claimsFrom: 0 },
  { batchId: batchId(2), miner: 1, script: challengerScript, claimsFrom: 4, championKnows: FIRST_KNOWS },
  { batchId: batchId(3), miner: 2, script: copiedScript, claimsFrom: 9, championKnows: CHALLENGER_KNOWS },
]

const PAUSE_MS = 1_000
const CONFLICT = 409
const NO_PERMIT = 'no_validator_permit'

/** Plays the story once for a log, then lets the second of the roster lose its uid; its validators work until the signal aborts. */
export async function playCaster(play: Play): Promise<void> {
  const { signal, pauseMs = PAUSE_MS } = play
  const client = new CasterClient(play.baseUrl)
  const pause = () => sleep(pauseMs, undefined, { signal, ref: false }).catch(() => undefined)
  const validators = await startValidators(play.devnet, play)
  try {
    let isJoined = false
    let isOver = false
    let isTold = false
    while (!signal.aborted) {
      try {
        isJoined ||= await join(play, client, validators)
        if (isJoined && !isOver) isOver = await goOn(play, client)
        if (isOver) await deregister(play.devnet, caster.miners[0]!, { signal, pauseMs })
        if (isOver && !isTold) play.onOver?.()
        isTold ||= isOver
        if (isOver) for (const { signer } of validators) await client.weights(signer)
      } catch (error) {
        if (!signal.aborted) play.onTrouble?.(error)
      }
      await pause()
    }
  } finally {
    for (const { server } of validators) await server.close()
  }
}

/**
 * Validators say where they are and are allowed to be sent batches; false while nothing is indexed, and until the epoch that gives
 * them their permits.
 */
async function join(
  { baseUrl, adminToken, devnet }: Play,
  client: CasterClient,
  validators: readonly PlayingValidator[],
): Promise<boolean> {
  const { ok } = await fetch(`${baseUrl}/readyz`)
  const { storage } = devnet.node
  const arePermitted = caster.validators.every(({ hotkey }) =>
    isPermitted(storage, caster.netuid, hotkey.account),
  )
  if (!ok || !arePermitted) return false
  for (const { signer, server } of validators) {
    const registered = await client.register(signer, server.url)
    // The chain has given it, and the block is not indexed yet.
    if (registered.body.detail === NO_PERMIT) return false
    must(registered, 'a registration')
  }
  for (const { address } of casterValidators())
    must(await client.admin('POST', '/v1/allowlist', adminToken, { hotkey: address }), 'the list')
  return true
}

/** Begins the act that is next, if the one before has ended. @returns whether the story is over */
async function goOn({ adminToken }: Play, client: CasterClient): Promise<boolean> {
  for (const act of ACTS) {
    const { status, body } = await client.get(`/v1/miner-task-batches/progress/${act.batchId}`)
    if (status === 200 && body.status === 'decided') continue
    if (status !== 200) await begin(act, client, adminToken)
    return false
  }
  return true
}

async function begin(act: Act, client: CasterClient, adminToken: string): Promise<void> {
  const submitted = await client.submit(casterMiners()[act.miner]!, act.script)
  // It was handed in before this process was killed.
  if (submitted.status !== CONFLICT) must(submitted, 'a script')
  const dataset = datasetOf(act.claimsFrom, act.championKnows)
  const body = { batch_id: act.batchId, dataset }
  must(await client.admin('POST', '/v1/miner-task-batches/batch', adminToken, body), 'a batch')
}

function must({ status, body }: Answered, what: string): Answered['body'] {
  if (status >= 200 && status < 300) return body
  throw new Error(`${what} was answered ${status} ${JSON.stringify(body)}`)
}
