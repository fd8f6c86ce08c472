import { setTimeout as sleep } from 'node:timers/promises'
import type { Posted, ReplayClient } from './replay-client'
import type { ReplayJob, ReplayResult } from './replay-job'
import { type ReplayOptions, runReplay } from './run-replay'

export interface WorklistOptions extends ReplayOptions {
  readonly client: ReplayClient
  /** One pass over the worklist, then end. */
  readonly isOnce: boolean
  readonly signal: AbortSignal
  readonly onResult: (job: ReplayJob, result: ReplayResult, posted: Posted) => void
  readonly onFailure: (error: unknown) => void
}

/** Of the reference's runner (spec autoresearch §7). */
const POLL_MS = 30_000

/** Replays what the worklist offers, one after the other; a failure of one does not end the others. */
export async function followWorklist(options: WorklistOptions): Promise<void> {
  const { client, signal, isOnce } = options
  while (!signal.aborted) {
    try {
      for (const job of await client.scan()) {
        if (signal.aborted) return
        await replayOne(job, options)
      }
    } catch (error) {
      if (isOnce) throw error
      options.onFailure(error)
    }
    if (isOnce) return
    await sleep(POLL_MS, undefined, { signal }).catch(() => undefined)
  }
}

async function replayOne(job: ReplayJob, options: WorklistOptions): Promise<void> {
  try {
    const result = await runReplay(job, options)
    // What an interruption cut short says nothing about the submission.
    if (options.signal.aborted) return
    options.onResult(job, result, await options.client.post(job.job_id, result))
  } catch (error) {
    if (options.isOnce) throw error
    options.onFailure(error)
  }
}
