import { revealedContent } from '../chain/decode/content'
import type { PayloadOf } from '../log/catalogue'
import type { Hex, LogEvent } from '../log/envelope'
import type { Projection, Row, Sink } from './fold/projection'
import { account, bytea, byteaOrNull, ended, refId, shownText, time } from './fold/row-values'
import { heldBy } from './fold/table-rule'

const TABLE = 'commitment'

type Commit = PayloadOf<'Committed'> | PayloadOf<'CommitmentTimelocked'>
const keyOf = (netuid: number, who: string) => ({ netuid, hotkey: account(who) })

/** Every commitment ever made; a row holds until the same hotkey's next one. */
export const commitments: Projection = {
  name: 'commitments',
  version: 2,
  reads: ['Committed', 'CommitmentTimelocked', 'CommitmentRevealed', 'SubnetDissolved'],
  tables: {
    [TABLE]: {
      ...heldBy('netuid', 'hotkey'),
      hasOrdinal: true,
      // What still waits for its round is cancelled by the hotkey's next commitment.
      onClose: { column: 'state', from: 'PENDING', to: 'CANCELLED' },
      // Only what was hidden is revealed.
      settled: { column: 'state', values: ['PLAIN', 'REVEALED'] },
      told: {
        seq: 'from_seq',
        by: ['Committed', 'CommitmentTimelocked'],
        columns: shownColumns,
      },
    },
  },
  apply(event, sink) {
    switch (event.type) {
      case 'Committed':
        return commit(event, event.payload as PayloadOf<'Committed'>, undefined, sink)
      case 'CommitmentTimelocked': {
        const payload = event.payload as PayloadOf<'CommitmentTimelocked'>
        return commit(event, payload, payload.revealRound, sink)
      }
      case 'CommitmentRevealed':
        return reveal(event, event.payload as PayloadOf<'CommitmentRevealed'>, sink)
      case 'SubnetDissolved':
        return sink.closeAll(TABLE, { netuid: event.netuid }, ended(event, 'dissolved'))
    }
  },
}

function commit(event: LogEvent, payload: Commit, revealRound: string | undefined, sink: Sink): void {
  const key = keyOf(event.netuid, payload.who)
  sink.close(TABLE, key, ended(event, 'superseded'))
  sink.open(TABLE, key, rowOf(event, payload, revealRound, sink.ordinal(TABLE, event.netuid)))
}

/** Written out whole: a row put together from parts takes ten times as long, and these are the most. */
function rowOf(event: LogEvent, payload: Commit, revealRound: string | undefined, ordinal: number): Row {
  const content = contentOf(payload)
  return {
    id: refId(event.netuid, event),
    netuid: event.netuid,
    subnet_instance: event.subnetInstance,
    valid_from: event.height,
    valid_to: null,
    from_seq: event.seq,
    to_seq: null,
    ordinal,
    hotkey: account(payload.who),
    uid: payload.uid,
    lineage: account(payload.lineage),
    kind: revealRound === undefined ? 'PLAIN' : 'TIMELOCKED',
    content: byteaOrNull(content),
    content_hash: content === null ? null : byteaOrNull(payload.contentHash),
    reveal_round: revealRound ?? null,
    source: payload.source,
    extrinsic_index: event.extrinsicIndex ?? null,
    event_index: event.eventIndex ?? null,
    block_hash: bytea(event.blockHash),
    block_time: time(event.blockTime),
    state: revealRound === undefined ? 'PLAIN' : 'PENDING',
    // A reveal in the same batch fills these in before the row is written: only columns that are there are.
    reveal_height: null,
    reveal_event_index: null,
    reveal_seq: null,
    reveal_block_hash: null,
    reveal_block_time: null,
    plaintext: null,
    revealed_hash: null,
    end_reason: null,
  }
}

/** `text_exact`: encoding `text` as UTF-8 gives the content back. */
function shownColumns(payload: Commit, { plaintext }: Row): Row {
  const content = contentOf(payload)
  const shown = content === null ? null : shownText(content)
  return {
    fields: payload.fields,
    text: shown?.text ?? null,
    text_exact: shown?.exact ?? false,
    plaintext_text: plaintext === null ? null : shownText(plaintext as Hex).text,
  }
}

/** The bytes that anyone can read; a commitment that is empty, only flags or only timelocked has none. */
function contentOf({ fields }: Commit): Hex | null {
  const readable = fields?.filter((field) => field.revealRound === null && field.bytes !== null) ?? []
  const [first] = readable
  if (!first) return null
  return readable.length === 1 ? first.bytes : `0x${readable.map((field) => field.bytes!.slice(2)).join('')}`
}

/** Of the first reveal of a commitment; later fields of the same one do not change them. The log has the exact bytes. */
function reveal(event: LogEvent, payload: PayloadOf<'CommitmentRevealed'>, sink: Sink): void {
  if (!payload.commitment) return
  const { contentHash } = payload
  const plaintext = payload.plaintext === null ? null : revealedContent(payload.plaintext)
  sink.change(TABLE, refId(event.netuid, payload.commitment), {
    state: 'REVEALED',
    reveal_height: event.height,
    reveal_event_index: event.eventIndex ?? null,
    reveal_seq: event.seq,
    reveal_block_hash: bytea(event.blockHash),
    reveal_block_time: time(event.blockTime),
    plaintext: byteaOrNull(plaintext),
    revealed_hash: byteaOrNull(contentHash),
  })
}
