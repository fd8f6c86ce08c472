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

/** Recomputes every leaf, root and checkpoint from the events themselves, without holding them in memory. */
export async function verifyLogs(client: ClientBase, netuid?: number): Promise<Verification[]> {
  const heads = (await logHeads(client)).filter((head) => netuid === undefined || head.netuid === netuid)
  const results: Verification[] = []
  for (const head of heads) {
    const { log } = head
    const frontier = new Frontier()
    const checkpoints = await readCheckpoints(client, head)
    let difference: string | undefined
    for await (const events of streamEvents(client, { log, netuid: head.netuid })) {
      for (const event of events) {
        if (event.seq >= head.size) break
        difference ??= differenceOf(event, frontier.size)
        frontier.push(hashLeaf(leafTextOf(event)), () => undefined)
        const signed = checkpoints.get(frontier.size)
        if (signed && signed !== frontier.root()) {
          difference ??= `the checkpoint of ${frontier.size} events names root 0x${signed}, the events give 0x${frontier.root()}`
        }
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

/** Roots (hex) that checkpoints name, by size. */
async function readCheckpoints(client: ClientBase, id: { log: LogName; netuid: number }) {
  const { rows } = await client.query<{ size: number; root: string }>(
    `select size::float8 as size, encode(root, 'hex') as root from log_checkpoint where log = $1 and netuid = $2`,
    [id.log, id.netuid],
  )
  return new Map(rows.map(({ size, root }) => [size, root]))
}

function differenceOf(event: LogEvent, expected: number): string | undefined {
  if (event.seq !== expected) return `event ${expected} is missing; event ${event.seq} follows`
  const leaf = `0x${hashLeaf(leafTextOf(event))}`
  return leaf === event.leafHash
    ? undefined
    : `event ${event.seq} has leaf ${event.leafHash}, its content gives ${leaf}`
}
