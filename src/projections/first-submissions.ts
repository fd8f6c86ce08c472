import type { PayloadOf } from '../log/catalogue'
import type { LogEvent } from '../log/envelope'
import type { Projection, Row } from './fold/projection'
import { account, bytea, byteaOrNull, idOf, opened, refId, time } from './fold/row-values'

const TABLE = 'first_submission'

/** First commit and first publication of each hotkey in a subnet instance. First stays first: rows never end. */
export const firstSubmissions: Projection = {
  name: 'first_submissions',
  version: 1,
  reads: ['Committed', 'CommitmentTimelocked', 'CommitmentRevealed'],
  tables: {
    [TABLE]: {
      key: ['netuid', 'hotkey', 'subnet_instance', 'lineage'],
      openColumn: 'reveal_seq',
      firstWins: true,
    },
  },
  apply(event, sink) {
    if (event.type === 'Committed') {
      const payload = event.payload as PayloadOf<'Committed'>
      if (isEmpty(payload)) return
      const key = keyOf(event, payload)
      const published = () => publication(event, refId(event.netuid, event), payload.contentHash)
      sink.addFirst(TABLE, key, () => begun(event, payload, payload.contentHash, published()))
      sink.close(TABLE, key, published)
    } else if (event.type === 'CommitmentTimelocked') {
      const payload = event.payload as PayloadOf<'CommitmentTimelocked'>
      sink.addFirst(TABLE, keyOf(event, payload), () => begun(event, payload, null, unpublished))
    } else if (event.type === 'CommitmentRevealed') {
      const payload = event.payload as PayloadOf<'CommitmentRevealed'>
      const key = keyOf(event, payload)
      const commitId = payload.commitment && refId(event.netuid, payload.commitment)
      const published = () => publication(event, commitId, payload.contentHash)
      sink.addFirst(TABLE, key, () => begun(event, payload, null, published(), false))
      // Fills in the first publication of a hotkey that had only hidden commitments so far.
      sink.close(TABLE, key, published)
    }
  },
}

/** Blanking a commitment (no field, or only flags) submits nothing. One whose content is not known may hold some. */
const isEmpty = ({ fields }: PayloadOf<'Committed'>) =>
  fields?.every((field) => field.bytes === null) === true

interface Subject {
  readonly who: string
  readonly uid: number | null
  readonly lineage: string
}

const keyOf = (event: LogEvent, { who, lineage }: Subject) => ({
  netuid: event.netuid,
  hotkey: account(who),
  subnet_instance: event.subnetInstance,
  lineage: account(lineage),
})

const unpublished: Row = {
  reveal_seq: null,
  reveal_height: null,
  reveal_extrinsic_index: null,
  reveal_event_index: null,
  reveal_block_hash: null,
  reveal_block_time: null,
  reveal_commit_id: null,
  reveal_content_hash: null,
}

const publication = (event: LogEvent, commitId: string | null, contentHash: string | null): Row => ({
  reveal_seq: event.seq,
  reveal_height: event.height,
  reveal_extrinsic_index: event.extrinsicIndex ?? null,
  reveal_event_index: event.eventIndex ?? null,
  reveal_block_hash: bytea(event.blockHash),
  reveal_block_time: time(event.blockTime),
  reveal_commit_id: commitId,
  reveal_content_hash: byteaOrNull(contentHash),
})

/** The row of a hotkey that has none. A reveal without a known commit: it lies before the first indexed block. */
function begun(
  event: LogEvent,
  subject: Subject,
  contentHash: string | null,
  published: Row,
  isCommit = true,
): Row {
  return {
    id: idOf(event),
    ...opened(event),
    hotkey: account(subject.who),
    lineage: account(subject.lineage),
    uid: subject.uid,
    commit_seq: isCommit ? event.seq : -1,
    commit_height: isCommit ? event.height : null,
    commit_extrinsic_index: isCommit ? (event.extrinsicIndex ?? null) : null,
    commit_event_index: isCommit ? (event.eventIndex ?? null) : null,
    commit_block_hash: isCommit ? bytea(event.blockHash) : null,
    commit_block_time: isCommit ? time(event.blockTime) : null,
    commit_id: isCommit ? refId(event.netuid, event) : null,
    commit_content_hash: byteaOrNull(contentHash),
    ...published,
  }
}
