import type { ClientBase } from 'pg'
import { blockHashOf } from './test-api'
import { A, B, C, D, E, hostileBytes, sha256 } from './test-scenario'

type Row = Record<string, unknown>

const bytes = (hex: string) => Buffer.from(hex.slice(2), 'hex')
const base = { netuid: 122, subnet_instance: 1 }
const timeOf = (height: number) => new Date(1_700_000_000_000 + height * 12_000)

/** Heights of the scenario's events by `seq`. */
const heights = [1, 2, 3, 3, 4, 5, 6, 7, 7, 8, 9, 10, 11, 12]

/** From one event to another; `to` null while it holds. */
function segment(from: number, to: number | null): Row {
  return {
    valid_from: heights[from],
    valid_to: to === null ? null : heights[to],
    from_seq: from,
    to_seq: to,
    block_time: timeOf(heights[from]!),
  }
}

const tenure = (seq: number, uid: number, hotkey: string, to: number | null = null): Row => ({
  id: `122-${seq}`,
  ...base,
  ...segment(seq, to),
  uid,
  hotkey: bytes(hotkey),
  coldkey: null,
  lineage: bytes(hotkey),
  registered_at: heights[seq],
  source: 'event',
  end_reason: to === null ? null : 'replaced',
})

let ordinal = 0
const commitment = (
  seq: number,
  uid: number,
  hotkey: string,
  content: Buffer | string,
  to: number | null = null,
): Row => ({
  id: `122-${heights[seq]}-${seq}`,
  ...base,
  ...segment(seq, to),
  ordinal: ordinal++,
  hotkey: bytes(hotkey),
  uid,
  lineage: bytes(hotkey),
  kind: 'PLAIN',
  content: Buffer.from(content),
  content_hash: bytes(sha256(content)),
  source: 'call',
  extrinsic_index: 2,
  event_index: seq,
  block_hash: bytes(blockHashOf(heights[seq]!)),
  state: 'PLAIN',
  end_reason: to === null ? null : 'superseded',
})

const timelocked: Row = {
  ...commitment(4, 1, B, ''),
  kind: 'TIMELOCKED',
  content: null,
  content_hash: null,
  reveal_round: '99',
  state: 'REVEALED',
  reveal_height: 8,
  reveal_event_index: 9,
  reveal_seq: 9,
  reveal_block_hash: bytes(blockHashOf(8)),
  reveal_block_time: timeOf(8),
  plaintext: Buffer.from('alpha'),
  revealed_hash: bytes(sha256('alpha')),
}

/** @param reveal seq of the event that made its content public */
const first = (seq: number, uid: number, hotkey: string, content: Buffer | string, reveal = seq): Row => ({
  id: `122-${heights[seq]}-${seq}`,
  ...base,
  ...segment(seq, null),
  block_time: undefined,
  hotkey: bytes(hotkey),
  lineage: bytes(hotkey),
  uid,
  commit_seq: seq,
  commit_height: heights[seq],
  commit_extrinsic_index: 2,
  commit_event_index: seq,
  commit_block_hash: bytes(blockHashOf(heights[seq]!)),
  commit_block_time: timeOf(heights[seq]!),
  commit_id: `122-${heights[seq]}-${seq}`,
  commit_content_hash: reveal === seq ? bytes(sha256(content)) : null,
  reveal_seq: reveal,
  reveal_height: heights[reveal],
  reveal_event_index: reveal,
  reveal_block_hash: bytes(blockHashOf(heights[reveal]!)),
  reveal_block_time: timeOf(heights[reveal]!),
  reveal_commit_id: `122-${heights[seq]}-${seq}`,
  reveal_content_hash: bytes(sha256(content)),
})

/** What the projections make of the scenario. */
const tables: Record<string, readonly Row[]> = {
  subnet: [{ id: '122-0', ...base, ...segment(0, null), modality: 0, source: 'event' }],
  tenure: [
    tenure(1, 0, A),
    tenure(2, 1, B),
    tenure(3, 2, C, 7),
    tenure(8, 2, D),
    { ...tenure(11, 9, E), lineage: bytes(A), source: 'swapped' },
  ],
  commitment: [
    timelocked,
    commitment(5, 0, A, 'alpha', 10),
    commitment(6, 2, C, 'gamma'),
    commitment(10, 0, A, 'beta'),
    commitment(11, 2, D, hostileBytes),
  ],
  first_submission: [
    first(4, 1, B, 'alpha', 9),
    first(5, 0, A, 'alpha'),
    first(6, 2, C, 'gamma'),
    first(11, 2, D, hostileBytes),
  ],
}

const event = { extrinsic_index: 2, event_index: 0, block_hash: bytes(blockHashOf(9)) }

/** Read models that the scenario's own events do not touch; their `seq`s point at events of it all the same. */
const others: Record<string, readonly Row[]> = {
  hyperparameter: [
    {
      id: '122-tempo-0',
      ...base,
      ...segment(0, 5),
      name: 'tempo',
      value: '"360"',
      source: 'snapshot',
      end_reason: 'changed',
    },
    { id: '122-tempo-5', ...base, ...segment(5, null), name: 'tempo', value: '"99"', source: 'event' },
    {
      id: '122-open-0',
      ...base,
      ...segment(0, null),
      name: 'registrationAllowed',
      value: 'true',
      source: 'snapshot',
    },
  ],
  weight_set: [1, 2].map((n) => ({
    id: `122-w${n}`,
    ...base,
    ...segment(11 + n, n === 1 ? 13 : null),
    ...event,
    ordinal: n - 1,
    mechanism: 0,
    uid: 1,
    hotkey: bytes(B),
    source: 'set',
    values_from: 'call',
    version_key: '18446744073709551615',
    set_height: 10 + n,
    set_seq: 11 + n,
    end_reason: n === 1 ? 'superseded' : null,
  })),
  weight_commit: [
    {
      id: '122-c1',
      ...base,
      ...segment(4, 9),
      ...event,
      ordinal: 0,
      mechanism: 0,
      hotkey: bytes(B),
      uid: 1,
      kind: 'timelocked',
      commit_hash: bytes(sha256('weights')),
      reveal_round: '77',
      state: 'REVEALED',
      end_reason: 'revealed',
    },
  ],
  emission: [0, 1, 2].map((uid) => ({
    id: `122-10-${uid}`,
    ...base,
    ...segment(10, null),
    ordinal: uid,
    mechanism: 0,
    uid,
    hotkey: uid === 2 ? null : bytes(uid === 0 ? A : B),
    amount: `${uid}9007199254740993`.replace(/^0/, ''),
  })),
}

export async function insertScenarioRows(client: ClientBase): Promise<void> {
  for (const [table, rows] of Object.entries({ ...tables, ...others })) {
    for (const row of rows) {
      const columns = Object.keys(row).filter((column) => row[column] !== undefined)
      const parameters = columns.map((_, i) => `$${i + 1}`).join(', ')
      await client.query(
        `insert into ${table} (${columns.join(', ')}) values (${parameters})`,
        columns.map((column) => row[column]),
      )
    }
  }
}
