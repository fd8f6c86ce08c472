import { LedgerError } from '../errors/ledger-error'
import { canonicalJson } from './canonical-json'
import { checkDraft } from './check-draft'
import type { EventDraft, LogEvent } from './envelope'
import type { HeadCache, WritableHead } from './heads'
import { leafText, schemaVersionOf } from './leaf'
import type { Tile } from './merkle/frontier'
import { type HexHash, hashLeaf } from './merkle/hash'

/** An event with its number and leaf hash, ready to be written. */
export interface Prepared {
  readonly event: LogEvent
  readonly payload: string
  /** Leaf hash as hex, without prefix. */
  readonly leaf: HexHash
}

export interface CompletedTile extends Tile {
  readonly head: WritableHead
}

/** Checks a draft, gives it its number and puts its leaf into the tree of its log. */
export function prepare(draft: EventDraft, heads: HeadCache, tiles: CompletedTile[]): Prepared {
  checkDraft(draft)
  const head = heads.get(draft.log, draft.netuid)!
  if (draft.height < head.height) throw outOfOrder(draft, head)
  const seq = head.frontier.size
  const schemaVersion = schemaVersionOf(draft)
  const payload = canonicalPayload(draft)
  const leaf = hashLeaf(leafText(draft, seq, schemaVersion, payload))
  head.frontier.push(leaf, (tile) => tiles.push({ ...tile, head }))
  head.height = draft.height
  return { event: eventOf(draft, seq, schemaVersion, leaf), payload, leaf }
}

/** Member by member: spreading drafts, which come in many shapes, takes forty times as long. Absent members stay absent. */
function eventOf(draft: EventDraft, seq: number, schemaVersion: number, leaf: HexHash): LogEvent {
  const event: { -readonly [K in keyof LogEvent]: LogEvent[K] } = {
    log: draft.log,
    netuid: draft.netuid,
    subnetInstance: draft.subnetInstance,
    type: draft.type,
    height: draft.height,
    blockHash: draft.blockHash,
    blockTime: draft.blockTime,
    payload: draft.payload,
    seq,
    schemaVersion,
    leafHash: `0x${leaf}`,
  }
  if (draft.extrinsicIndex !== undefined) event.extrinsicIndex = draft.extrinsicIndex
  if (draft.callPath !== undefined) event.callPath = draft.callPath
  if (draft.eventIndex !== undefined) event.eventIndex = draft.eventIndex
  if (draft.actor !== undefined) event.actor = draft.actor
  if (draft.idempotencyKey !== undefined) event.idempotencyKey = draft.idempotencyKey
  return event
}

function canonicalPayload(draft: EventDraft): string {
  try {
    return canonicalJson(draft.payload)
  } catch (cause) {
    throw new LedgerError(
      'SL-EVENT-INVALID',
      'contradiction',
      `A ${draft.type} event is refused: ${cause}.`,
      {
        remedy: 'This is a fault of the program that made the event: report it with the block named here.',
        facts: { log: draft.log, netuid: draft.netuid, height: draft.height },
        cause,
      },
    )
  }
}

function outOfOrder(draft: EventDraft, head: WritableHead): LedgerError {
  return new LedgerError(
    'SL-OUT-OF-ORDER',
    'contradiction',
    `A ${draft.type} event of block ${draft.height} comes after one of block ${head.height}.`,
    {
      remedy:
        'The log is kept as it is. Start again; if this comes back, report it with the heights named here.',
      facts: { log: draft.log, netuid: draft.netuid, height: draft.height, lastHeight: head.height },
    },
  )
}
