import DataLoader from 'dataloader'
import type { LogEvent, LogName } from '../../log/envelope'
import { eventsBySeq } from '../../log/read'
import { type Provenance, provenanceOf, type View } from '../head/view'
import { commitmentByIdLoader, commitmentLoader } from '../read/latest-commitments'
import { type PermitsAt, permitsAt } from '../read/permits-at'
import type { At, CommitmentRow } from '../read/rows'
import type { ApiServices } from './context'

/** Questions of one request that are put to the database together. Made on first use: most requests need none. */
export class Loaders {
  private readonly byKey = new Map<string, unknown>()

  constructor(private readonly api: ApiServices) {}

  /** Events of a log by number. */
  events(netuid: number, log: LogName = 'chain'): DataLoader<number, LogEvent> {
    return this.once(`events/${log}/${netuid}`, () => eventLoader(this.api, log, netuid))
  }

  /** Latest commitment of a hotkey (hex) at the view's block. */
  commitments(view: View, netuid: number): DataLoader<string, At<CommitmentRow> | null> {
    return this.once(`commitments/${netuid}/${view.height}`, () => commitmentLoader(view, netuid))
  }

  /** Commitments by their id, shown at the view's block. */
  commitmentById(view: View): DataLoader<string, At<CommitmentRow> | null> {
    return this.once(`commitment/${view.height}`, () => commitmentByIdLoader(view))
  }

  /** Who holds a validator permit of a subnet at the view's block. */
  permits(view: View, netuid: number): Promise<PermitsAt> {
    return this.once(`permits/${netuid}/${view.height}`, () => permitsAt(view, netuid))
  }

  /** Rows of one answer share their provenance; at a past block finding it takes questions. */
  provenance(view: View, netuid: number): Promise<Provenance> {
    return this.once(`provenance/${netuid}/${view.height}`, () => provenanceOf(view, netuid))
  }

  private once<T>(key: string, make: () => T): T {
    const known = this.byKey.get(key) as T | undefined
    if (known) return known
    const made = make()
    this.byKey.set(key, made)
    return made
  }
}

function eventLoader(api: ApiServices, log: LogName, netuid: number): DataLoader<number, LogEvent> {
  return new DataLoader(async (seqs) => {
    const events = await eventsBySeq(api.pool, { log, netuid }, seqs)
    const bySeq = new Map(events.map((event) => [event.seq, event]))
    return seqs.map(
      (seq) => bySeq.get(seq) ?? new Error(`event ${seq} of netuid ${netuid} is not in the log`),
    )
  })
}
