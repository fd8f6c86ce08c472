import type { PayloadOf } from '../log/catalogue'
import type { LogEvent } from '../log/envelope'
import type { Recommended } from './divergence/compare'
import type { Work } from './work'

/** Decisions kept: whoever has set an older one is no longer told which. */
const KEPT_MAX_DECISIONS = 64

export interface OpenDivergence {
  readonly decisionSeq: number
  readonly submittedSeq: number | null
  readonly cause: string
}

/** What the engine has to know of its own log: a fold, so that it goes on after a restart where it was. */
export class EngineState {
  /** Newest first. */
  readonly decisions: Recommended[] = []
  /** By validator (hex). */
  readonly divergences = new Map<string, OpenDivergence>()
  /** Height of the last event. */
  height = -1
  /** Height of the last decision that an epoch asked for. */
  epochHeight = -1
  /** Block in which the epoch of that decision runs. */
  epochEndsAt: number | null = null
  /** Number of the last platform event that asked for a decision. */
  trigger = -1
  /** Number of events. */
  size = 0
  /** Looked at without anything to write; not in the log, so that a restart looks again and finds the same. */
  skippedHeight = -1
  weightsSeq = -1
  comparedHeight = -1

  evolve(event: LogEvent): void {
    this.size = event.seq + 1
    this.height = event.height
    if (event.type === 'DecisionMade') this.decided(event, event.payload as PayloadOf<'DecisionMade'>)
    if (event.type === 'DivergenceFound') {
      const { validator, decisionSeq, submittedSeq, cause } = event.payload as PayloadOf<'DivergenceFound'>
      this.divergences.set(validator, { decisionSeq, submittedSeq, cause })
    }
    if (event.type === 'DivergenceEnded')
      this.divergences.delete((event.payload as PayloadOf<'DivergenceEnded'>).validator)
  }

  /** A piece of work is done, whether or not it led to an event. */
  looked(work: Work): void {
    if (work.kind === 'epoch') this.skippedHeight = work.height
    else if (work.kind === 'trigger') this.trigger = Math.max(this.trigger, work.seq)
    else if (work.kind === 'weights') this.weightsSeq = work.seq
    else this.comparedHeight = work.height
  }

  private decided({ seq, height }: LogEvent, payload: PayloadOf<'DecisionMade'>): void {
    const { epoch, epochEndsAt, trigger, u16, holders, burnUid } = payload
    if (trigger === null) {
      this.epochHeight = height
      this.epochEndsAt = epochEndsAt
    } else this.trigger = Math.max(this.trigger, trigger)
    this.decisions.unshift({ seq, height, epoch, u16, holders, burnUid })
    this.decisions.length = Math.min(this.decisions.length, KEPT_MAX_DECISIONS)
  }
}
