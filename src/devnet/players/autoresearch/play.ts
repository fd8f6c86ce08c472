import { setTimeout as sleep } from 'node:timers/promises'
import type { Devnet } from '../../node/devnet-options'
import { registeredMiners } from './actors'
import { AutoresearchClient } from './client'
import { DUEL_SLUG, playScenario } from './scenario'

export interface Play {
  /** `http://host:port` of the API with its platforms. */
  readonly baseUrl: string
  readonly adminToken: string
  readonly devnet: Devnet
  readonly signal: AbortSignal
  /** Told what cannot be gone on with. */
  readonly onTrouble?: (error: unknown) => void
  /** Pause before another attempt while nothing is indexed or nobody is registered yet (ms). */
  readonly pauseMs?: number
}

const PAUSE_MS = 2_000

/** Plays the scenario once for a log: a devnet that is started again finds its tasks and leaves them be. */
export async function playAutoresearch(play: Play): Promise<void> {
  const client = new AutoresearchClient(play.baseUrl, secondsOfTheirOwn())
  while (!play.signal.aborted) {
    try {
      if (await isReady(play, client)) {
        await playScenario(client, play.adminToken, registeredMiners(play.devnet))
        return
      }
      if (await isPlayed(client)) return
    } catch (error) {
      if (!play.signal.aborted) play.onTrouble?.(error)
      // What was begun stays as it is: a second run would find its slugs taken.
      if (await isPlayed(client).catch(() => false)) return
    }
    await sleep(play.pauseMs ?? PAUSE_MS, undefined, { signal: play.signal, ref: false }).catch(
      () => undefined,
    )
  }
}

const MS_PER_SECOND = 1_000

/** Signatures of the devnet are the same for the same words, and count once: each request has a second of its own. */
function secondsOfTheirOwn(): () => number {
  let last = 0
  return () => {
    last = Math.max(Date.now(), last + MS_PER_SECOND)
    return last
  }
}

async function isPlayed(client: AutoresearchClient): Promise<boolean> {
  const { status, body } = await client.get(`/api/v1/tasks?slug=${DUEL_SLUG}`)
  return status === 200 && body.total > 0
}

/** Something is indexed, so that commands have a block to be tied to, and the scenario has not been played. */
async function isReady({ baseUrl }: Play, client: AutoresearchClient): Promise<boolean> {
  const { ok } = await fetch(`${baseUrl}/readyz`)
  return ok && !(await isPlayed(client))
}
