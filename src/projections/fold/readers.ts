import type { EventType } from '../../log/catalogue'
import type { LogEvent, LogName } from '../../log/envelope'
import { logOf, type Projection } from './projection'

/** Read models by what they are given: each the events of one log, and most few types of them. */
export class Readers {
  private readonly byLog = new Map<LogName, Map<EventType, readonly Projection[]>>()

  constructor(private readonly folds: readonly Projection[]) {}

  /** In their own order. */
  of({ log, type }: Pick<LogEvent, 'log' | 'type'>): readonly Projection[] {
    return this.byLog.get(log)?.get(type) ?? this.find(log, type)
  }

  private find(log: LogName, type: EventType): readonly Projection[] {
    const readers = this.folds.filter(
      (fold) => logOf(fold) === log && (fold.reads === undefined || fold.reads.includes(type)),
    )
    const byType = this.byLog.get(log) ?? new Map<EventType, readonly Projection[]>()
    this.byLog.set(log, byType.set(type, readers))
    return readers
  }
}
