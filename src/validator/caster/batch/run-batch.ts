import { LedgerError } from '../../../errors/ledger-error'
import { PlatformRefused } from '../platform/platform-client'
import type { Batch } from './batch'
import { runScript, type ScriptServices } from './run-script'

export interface BatchServices extends ScriptServices {
  /** Sandboxes at once. */
  readonly parallelScripts: number
  readonly clock: () => number
}

/** The longest time that a timer can hold, ms. */
const TIMER_MAX_MS = 2_147_483_647

/**
 * Runs what is not done of a batch. A fault of ours fails the batch as a whole, with a reason: a zero would be taken for the miner's.
 * An abort fails nothing: the batch goes on where it stands.
 */
export async function runBatch(batch: Batch, services: BatchServices, stop: AbortSignal): Promise<void> {
  const end = new AbortController()
  const leftMs = Date.parse(batch.spec.closes_at) - services.clock()
  const closing = setTimeout(() => end.abort(new BatchOver()), Math.min(Math.max(leftMs, 0), TIMER_MAX_MS))
  const signal = AbortSignal.any([stop, end.signal])
  const waiting = batch.spec.candidates.values()
  const work = async () => {
    for (const candidate of waiting) await runScript(batch, candidate, services, signal)
  }
  batch.isRunning = true
  try {
    const workers = Array.from({ length: services.parallelScripts }, () =>
      work().catch((error: unknown) => {
        // The others end too; the first reason is the one that is told.
        end.abort(error)
      }),
    )
    await Promise.all(workers)
    if (stop.aborted || !end.signal.aborted) return
    const reason = end.signal.reason
    services.onFault(`batch ${batch.id}: ${reason instanceof Error ? reason.message : reason}`)
    await batch.fail(codeOf(reason))
  } finally {
    clearTimeout(closing)
    batch.isRunning = false
  }
}

class BatchOver extends Error {
  constructor() {
    super('the batch closed before everything was evaluated')
  }
}

function codeOf(reason: unknown): string {
  if (reason instanceof BatchOver) return 'batch_closed'
  if (reason instanceof PlatformRefused) return 'artifact_unavailable'
  if (reason instanceof LedgerError && reason.code === 'SL-GRADER-UNAVAILABLE') return 'grader_unavailable'
  return 'internal_error'
}
