import type { Metagraph } from '../../core/chain-facts'
import type { PlatformServices } from '../../core/platform-module'
import { gatesOf, isTrusted } from '../auth/faults'
import { isEnded } from '../batches/spec'
import type { CasterRules } from '../rules'
import type { Batch, CasterState, Delivery, Validator } from '../state'
import type { PlatformKey } from './platform-key'
import { retryPauseMs } from './retry-pause'
import { type Errand, runErrand } from './run-errand'

const MS_PER_SECOND = 1_000
/** How far a validator says it is. Told to whoever asks for the progress; nothing is decided by it. */
export interface Reported {
  readonly status: string
  readonly completed: number
  readonly total: number
  readonly atMs: number
}

/**
 * Takes batches to validators and looks after them. Errands run beside the clock, so many at a time, and each says what came of it by a
 * command: a validator that never answers holds up nobody. What is remembered here is lost with the process without harm.
 */
export class Courier {
  private readonly running = new Map<string, Promise<void>>()
  private readonly nextPollMs = new Map<string, number>()
  private readonly stop = new AbortController()
  readonly reported = new Map<string, Reported>()
  key: PlatformKey | undefined

  constructor(
    private readonly services: PlatformServices<CasterState>,
    private readonly rules: CasterRules,
    private readonly onFailure: (error: unknown) => void = () => undefined,
  ) {}

  get isStopped(): boolean {
    return this.stop.signal.aborted
  }

  /** Begins whatever is due for an open batch, and returns at once. */
  dispatch(batch: Batch, metagraph: Metagraph): void {
    const { commands, settings } = this.services
    if (!this.key) return
    const nowMs = commands.now()
    for (const validator of this.recipients(batch, metagraph)) {
      if (this.isStopped || this.running.size >= settings.casterDeliveryConcurrency) return
      const name = nameOf(batch, validator)
      if (this.running.has(name)) continue
      const errand = this.dueErrand(batch, validator, nowMs)
      if (errand) this.begin(name, errand)
    }
  }

  /** Whether everyone who is to have the batch is done with it. */
  isAllDone(batch: Batch, metagraph: Metagraph): boolean {
    if (batch.deliveries.size === 0) return false
    return this.recipients(batch, metagraph).every((validator) => {
      const delivery = batch.deliveries.get(validator.hotkey)
      return delivery !== undefined && isEnded(delivery)
    })
  }

  async close(): Promise<void> {
    this.stop.abort()
    await Promise.all(this.running.values())
  }

  /** Those who have it already, and those who may have it; in the order of their accounts. */
  private recipients(batch: Batch, metagraph: Metagraph): Validator[] {
    const { commands, settings } = this.services
    const gates = gatesOf(settings)
    return [...commands.state.validators.values()]
      .filter(
        ({ hotkey }) => batch.deliveries.has(hotkey) || isTrusted(commands.state, metagraph, gates, hotkey),
      )
      .sort((a, b) => (a.hotkey < b.hotkey ? -1 : 1))
  }

  private dueErrand(batch: Batch, validator: Validator, nowMs: number): Errand | undefined {
    const delivery = batch.deliveries.get(validator.hotkey)
    const name = nameOf(batch, validator)
    if (!delivery) return { kind: 'send', batch, validator }
    if (isEnded(delivery)) return undefined
    if (delivery.status === 'accepted')
      return nowMs >= (this.nextPollMs.get(name) ?? 0) ? { kind: 'poll', batch, validator } : undefined
    return this.dueAgain(batch, validator, delivery, nowMs)
  }

  private dueAgain(
    batch: Batch,
    validator: Validator,
    { attempt, sentAtMs }: Delivery,
    nowMs: number,
  ): Errand | undefined {
    if (nowMs < sentAtMs + retryPauseMs(attempt)) return undefined
    const isLast = attempt >= this.services.settings.casterDeliveryAttempts
    const lastHeard = this.reported.get(nameOf(batch, validator))?.status
    return { kind: isLast ? 'give-up' : 'send', batch, validator, ...(lastHeard && { lastHeard }) }
  }

  private begin(name: string, errand: Errand): void {
    const { commands, settings } = this.services
    const surroundings = {
      services: this.services,
      rules: this.rules,
      key: this.key!,
      signal: this.stop.signal,
      onProgress: (reported: Omit<Reported, 'atMs'>) =>
        this.reported.set(name, { ...reported, atMs: commands.now() }),
    }
    const run = runErrand(errand, surroundings)
      .catch((error: unknown) => {
        if (!this.isStopped) this.onFailure(error)
      })
      .finally(() => {
        this.running.delete(name)
        this.nextPollMs.set(name, commands.now() + settings.casterPollSeconds * MS_PER_SECOND)
      })
    this.running.set(name, run)
  }
}

export const nameOf = (batch: Pick<Batch, 'batchId'>, { hotkey }: Pick<Validator, 'hotkey'>): string =>
  `${batch.batchId}/${hotkey}`
