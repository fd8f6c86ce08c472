import type { ClientBase } from 'pg'
import { LedgerError } from '../errors/ledger-error'
import { canonicalJson } from './canonical-json'
import type { EventDraft, LogEvent } from './envelope'
import { EVENT_COLUMNS, eventOfRow } from './row'

interface Split {
  readonly fresh: readonly EventDraft[]
  /** Puts the appended events and the ones that were there before into the order of the drafts. */
  merge(appended: LogEvent[]): LogEvent[]
}

const keyOf = (e: EventDraft) => `${e.log}/${e.netuid}/${e.idempotencyKey}`

/** Sorts out drafts whose idempotency key is already in their log, or twice in this batch. */
export async function splitRepeated(client: ClientBase, drafts: readonly EventDraft[]): Promise<Split> {
  const keyed = drafts.filter((draft) => draft.idempotencyKey !== undefined)
  if (keyed.length === 0) return { fresh: drafts, merge: (appended) => appended }
  const stored = await storedEvents(client, keyed)
  const first = new Map<string, EventDraft>()
  const fresh: EventDraft[] = []
  for (const draft of drafts) {
    const key = draft.idempotencyKey === undefined ? undefined : keyOf(draft)
    const earlier = key === undefined ? undefined : (stored.get(key) ?? first.get(key))
    if (earlier) refuseDifference(draft, earlier)
    else fresh.push(draft)
    if (key !== undefined && !earlier) first.set(key, draft)
  }
  const merge = (appended: LogEvent[]) => {
    const byKey = new Map(stored)
    for (const event of appended) if (event.idempotencyKey !== undefined) byKey.set(keyOf(event), event)
    const unkeyed = appended.filter((event) => event.idempotencyKey === undefined).values()
    return drafts.map((draft) =>
      draft.idempotencyKey === undefined ? unkeyed.next().value! : byKey.get(keyOf(draft))!,
    )
  }
  return { fresh, merge }
}

async function storedEvents(
  client: ClientBase,
  keyed: readonly EventDraft[],
): Promise<Map<string, LogEvent>> {
  const { rows } = await client.query({
    name: 'subledger-repeated-events',
    text: `select ${EVENT_COLUMNS} from log_event
      join unnest($1::text[], $2::int[], $3::text[]) as w(log, netuid, idempotency_key)
      using (log, netuid, idempotency_key)`,
    values: [keyed.map((d) => d.log), keyed.map((d) => d.netuid), keyed.map((d) => d.idempotencyKey)],
  })
  return new Map(rows.map(eventOfRow).map((event) => [keyOf(event), event]))
}

/** The block at which a repeated command arrives may differ; what it says may not. */
function refuseDifference(draft: EventDraft, earlier: EventDraft): void {
  const said = (e: EventDraft) => canonicalJson({ type: e.type, actor: e.actor, payload: e.payload })
  if (said(draft) === said(earlier)) return
  throw new LedgerError(
    'SL-IDEMPOTENCY-CONFLICT',
    'user',
    `The idempotency key ${JSON.stringify(draft.idempotencyKey)} was already used for another event.`,
    {
      remedy: 'Use a new key for a new command, and the same key only to repeat the very same one.',
      facts: { log: draft.log, netuid: draft.netuid, type: draft.type },
    },
  )
}
