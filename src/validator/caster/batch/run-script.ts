import type { Sandbox } from '../../../runner/sandbox'
import { type FetchScriptOptions, fetchScript, ScriptDiffers } from '../platform/fetch-script'
import { isHealthy, startScriptSandbox } from '../sandbox/script-sandbox'
import type { Batch } from './batch'
import type { BatchCandidate, BatchClaim } from './batch-spec'
import type { CellFault } from './cell-result'
import { fitReport, reportShare } from './fit-report'
import { type CellServices, failedCell, runCell } from './run-cell'

export interface ScriptServices extends CellServices {
  readonly scripts: Omit<FetchScriptOptions, 'signal'>
  /** Told of sandboxes that did not start and scripts that ended theirs. */
  readonly onFault: (text: string) => void
}

/** A script that ends its sandbox gets a new one for its next claim, so many times in a row. */
const MAX_RESTARTS = 3
const HEALTH_CHECK_MS = 2_000

/**
 * Every claim of a batch that is not done yet, for one script, one after the other in one sandbox: what a script does on one claim
 * costs it that cell, and its runtime is its own. @throws what ends the batch: PlatformRefused, SL-GRADER-UNAVAILABLE, an abort
 */
export async function runScript(
  batch: Batch,
  candidate: BatchCandidate,
  services: ScriptServices,
  signal: AbortSignal,
): Promise<void> {
  const open = batch.spec.claims.filter(({ claim_id }) => !batch.has(candidate.artifact_id, claim_id))
  if (open.length === 0) return
  const run = new ScriptRun(batch, candidate, services, signal)
  try {
    for (const claim of open) await run.claim(claim)
  } finally {
    await run.end()
  }
}

class ScriptRun {
  private sandbox: Sandbox | undefined
  private folder: string | undefined
  /** Why no further claim is tried. */
  private lost: CellFault | undefined
  private restartsLeft = MAX_RESTARTS

  constructor(
    private readonly batch: Batch,
    private readonly candidate: BatchCandidate,
    private readonly services: ScriptServices,
    private readonly signal: AbortSignal,
  ) {}

  async claim(claim: BatchClaim): Promise<void> {
    const { batch, candidate, services, signal } = this
    signal.throwIfAborted()
    const url = await this.url()
    if (url === undefined) return batch.record(failedCell(batch.id, candidate, claim, this.lost!))
    const result = await runCell(batch.id, candidate, claim, url, services, signal)
    await batch.record(fitReport(result, reportShare(batch.total)))
    if (result.status === 'answered') this.restartsLeft = MAX_RESTARTS
    else await this.look()
  }

  async end(): Promise<void> {
    await this.sandbox?.remove()
    this.sandbox = undefined
  }

  /** Of the sandbox, which is started when it is first needed; undefined when there is none to be had. */
  private async url(): Promise<string | undefined> {
    if (this.sandbox) return this.sandbox.url
    if (this.lost) return undefined
    const { batch, candidate, services, signal } = this
    try {
      this.folder ??= await fetchScript(batch.id, candidate, { ...services.scripts, signal })
    } catch (error) {
      if (!(error instanceof ScriptDiffers)) throw error
      return this.lose('agent_unavailable', error)
    }
    try {
      this.sandbox = await startScriptSandbox(this.folder, services.settings, signal)
      return this.sandbox.url
    } catch (error) {
      signal.throwIfAborted()
      return this.lose('sandbox_start_failed', error)
    }
  }

  /** After a fault: a sandbox that does not answer any more is replaced. */
  private async look(): Promise<void> {
    if (!this.sandbox || (await isHealthy(this.sandbox, HEALTH_CHECK_MS))) return
    await this.end()
    if (this.restartsLeft-- > 0) return
    this.lose('agent_unavailable', new Error('it ended its sandbox again and again'))
  }

  private lose(fault: CellFault, error: unknown): undefined {
    this.lost = fault
    const why = error instanceof Error ? error.message : String(error)
    this.services.onFault(`script ${this.candidate.artifact_id}: ${fault}: ${why}`)
  }
}
