import type { Client } from 'pg'
import type { EventType } from '../../log/catalogue'
import type { LogEvent } from '../../log/envelope'
import { copyOut } from './copy-out'
import { type SparseLists, sparsePayload } from './sparse-payload'

/** Columns in the order in which `ChainEvent` reads them: those that folds look at. */
const COLUMNS = `netuid, seq, type, subnet_instance, height, block_hash, block_time, extrinsic_index, event_index`
/** Before the first row: signature (11 bytes), flags, length of the extension. */
const HEADER_BYTES = 19

export interface Wanted {
  /** Types of events that are read with their payload; undefined: all. */
  readonly payloadsOf?: readonly EventType[] | undefined
  readonly sparse?: SparseLists
}

/**
 * Events of the chain logs of all netuids.
 * @param order `stored`: as they lie in the table, which is the cheapest and mostly the order in which they were appended;
 *   `numbered`: by netuid and number
 */
export async function* chainEvents(
  client: Client,
  order: 'stored' | 'numbered',
  { payloadsOf, sparse = new Map() }: Wanted = {},
): AsyncGenerator<readonly ChainEvent[]> {
  // One process, from the first page on: else the order would be another one.
  await client.query('set synchronize_seqscans = off; set max_parallel_workers_per_gather = 0')
  const wanted = payloadsOf?.map((type) => client.escapeLiteral(type)).join(', ')
  const payload =
    wanted === undefined ? 'payload' : `case when type in (${wanted || 'null'}) then payload end`
  const by = order === 'numbered' ? 'order by netuid, seq' : ''
  const copy = copyOut(
    client,
    `copy (select ${COLUMNS}, ${payload} from log_event where log = 'chain' ${by}) to stdout (format binary)`,
  )
  for await (const rows of copy) {
    const events: ChainEvent[] = []
    for (const row of rows) {
      const from = isHeader(row) ? HEADER_BYTES : 0
      if (row.length - from > 2) events.push(new ChainEvent(row, from, sparse))
    }
    yield events
  }
}

/** PostgreSQL sends the header together with the first row, or alone. */
const isHeader = (row: Buffer) => row[0] === 0x50 && row[1] === 0x47 && row[2] === 0x43

const MS_OF_2000 = 946_684_800_000
const HASH_BYTES = 32
/** Behind the type: instance and height (12 bytes each with their lengths), then the hash of the block. */
const HASH_AT = 28
const TIME_AT = HASH_AT + HASH_BYTES + 4
const EXTRINSIC_AT = TIME_AT + 8
const types = new Map<string, EventType>()

/** An event that takes out of its row what somebody asks for: most read models look at few events, and at little of them. */
export class ChainEvent {
  readonly log = 'chain'
  readonly netuid: number
  readonly seq: number
  readonly type: EventType
  /** Where the columns after the type begin. */
  private readonly at: number
  private parsed: unknown

  constructor(
    private readonly row: Buffer,
    private readonly from: number,
    private readonly sparse: SparseLists,
  ) {
    // Number of columns (2 bytes), then length (4) and bytes of each. All but the last three are never null.
    this.netuid = int4(row, from + 6)
    this.seq = int8(row, from + 14)
    const typeAt = from + 26
    this.at = typeAt + int4(row, from + 22)
    this.type = typeOf(row.toString('latin1', typeAt, this.at))
  }

  /** The same event, when it has to outlive the chunk in which it came. */
  copy(): ChainEvent {
    return new ChainEvent(Buffer.from(this.row.subarray(this.from)), 0, this.sparse)
  }

  get subnetInstance(): number {
    return int8(this.row, this.at + 4)
  }

  get height(): number {
    return int8(this.row, this.at + 16)
  }

  get blockHash(): string {
    return `0x${this.row.toString('hex', this.at + HASH_AT, this.at + HASH_AT + HASH_BYTES)}`
  }

  get blockTime(): number {
    return MS_OF_2000 + int8(this.row, this.at + TIME_AT) / 1000
  }

  get extrinsicIndex(): number | undefined {
    return optional(this.row, this.at + EXTRINSIC_AT)
  }

  get eventIndex(): number | undefined {
    return optional(this.row, this.eventIndexAt)
  }

  get payload(): unknown {
    if (this.parsed === undefined) {
      const { row, eventIndexAt } = this
      const payloadAt = after(row, eventIndexAt) + 4
      // Null is what was not asked for: no event is without a payload.
      if (int4(row, payloadAt - 4) < 0) throw new Error(`no fold reads the payload of ${this.type}`)
      const text = row.toString('utf8', payloadAt, row.length)
      const lists = this.sparse.get(this.type)
      this.parsed = lists ? sparsePayload(text, lists) : JSON.parse(text)
    }
    return this.parsed
  }

  private get eventIndexAt(): number {
    return after(this.row, this.at + EXTRINSIC_AT)
  }

  /** A read model that used one of these would be another one when it is rebuilt. */
  get leafHash(): never {
    throw new Error('a fold does not see leafHash')
  }
  get actor(): never {
    throw new Error('a fold does not see actor')
  }
  get schemaVersion(): never {
    throw new Error('a fold does not see schemaVersion')
  }
  get callPath(): never {
    throw new Error('a fold does not see callPath')
  }
  get idempotencyKey(): never {
    throw new Error('a fold does not see idempotencyKey')
  }
}

export const asLogEvent = (event: ChainEvent): LogEvent => event as unknown as LogEvent

function int4(row: Buffer, at: number): number {
  return (row[at]! << 24) | (row[at + 1]! << 16) | (row[at + 2]! << 8) | row[at + 3]!
}

/** Heights, numbers and times are below 2^53. */
function int8(row: Buffer, at: number): number {
  return int4(row, at) * 4_294_967_296 + (int4(row, at + 4) >>> 0)
}

const optional = (row: Buffer, at: number) => (int4(row, at) < 0 ? undefined : int4(row, at + 4))
const after = (row: Buffer, at: number) => at + 4 + Math.max(int4(row, at), 0)

/** The same text each time, so that folds compare pointers. */
function typeOf(text: string): EventType {
  const known = types.get(text)
  if (known) return known
  types.set(text, text as EventType)
  return text as EventType
}
