import type { ClientBase } from 'pg'
import type { LogEvent, LogName } from './envelope'
import { leafTextOf } from './leaf'
import { Frontier } from './merkle/frontier'
import { hashLeaf } from './merkle/hash'
import { logHeads } from './read'
import { streamEvents } from './stream'

export interface Verification {
  readonly log: LogName
  readonly netuid: number
  readonly events: number
  /** Root recomputed from the events. */
  readonly root: string
  /** The first difference; undefined when everything is equal. */
  readonly difference?: string
}

/** Recomputes every leaf and root from the events themselves, without holding them in memory. */
export async function verifyLogs(client: ClientBase, netuid?: number): Promise<Verification[]> {
  const heads = (await logHeads(client)).filter((head) => netuid === undefined || head.netuid === netuid)
  const results: Verification[] = []
  for (const head of heads) {
    const { log } = head
    const frontier = new Frontier()
    let difference: string | undefined
    for await (const events of streamEvents(client, { log, netuid: head.netuid })) {
      for (const event of events) {
        if (event.seq >= head.size) break
        difference ??= differenceOf(event, frontier.size)
        frontier.push(hashLeaf(leafTextOf(event)), () => undefined)
      }
    }
    const root = `0x${frontier.root()}`
    if (frontier.size !== head.size)
      difference ??= `the head says ${head.size} events, the log holds ${frontier.size}`
    if (root !== head.root) difference ??= `the head says root ${head.root}, the events give ${root}`
    results.push({ log, netuid: head.netuid, events: frontier.size, root, ...(difference && { difference }) })
  }
  return results
}

function differenceOf(event: LogEvent, expected: number): string | undefined {
  if (event.seq !== expected) return `event ${expected} is missing; event ${event.seq} follows`
  const leaf = `0x${hashLeaf(leafTextOf(event))}`
  return leaf === event.leafHash
    ? undefined
    : `event ${event.seq} has leaf ${event.leafHash}, its content gives ${leaf}`
}
