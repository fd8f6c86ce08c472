import type { EventType } from '../../log/catalogue'
import type { Projection } from './projection'

/** Read models by what they are given: most look at few types of events. */
export class Readers {
  private readonly byType = new Map<EventType, readonly Projection[]>()

  constructor(private readonly folds: readonly Projection[]) {}

  /** In their own order. */
  of(type: EventType): readonly Projection[] {
    let readers = this.byType.get(type)
    if (!readers) {
      readers = this.folds.filter(({ reads }) => reads === undefined || reads.includes(type))
      this.byType.set(type, readers)
    }
    return readers
  }
}
