import type { View } from '../head/view'
import type { CommitmentRow, FirstSubmissionRow } from './rows'

export type FirstRule = 'COMMIT' | 'REVEAL'

export interface ChainPoint {
  readonly height: number
  readonly blockHash: Buffer | null
  readonly blockTime: Date | null
  readonly extrinsicIndex: number | null
  readonly eventIndex: number | null
  readonly seq: number
  readonly contentHash: Buffer | null
}

export interface FirstSubmission {
  readonly netuid: number
  readonly subnetInstance: number
  readonly hotkey: Buffer
  readonly uid: number | null
  readonly lineage: Buffer
  readonly rule: FirstRule
  readonly commit: ChainPoint | null
  readonly reveal: ChainPoint | null
  readonly contentHash: Buffer | null
  readonly commitmentId: string | null
  readonly view: View
}

/** The projection's row as the API shows it at the view's block: a reveal that comes later is not known yet. */
export function fromRow(row: FirstSubmissionRow, view: View, rule: FirstRule): FirstSubmission {
  const revealed = row.reveal_height !== null && row.reveal_height <= view.height
  const committed = row.commit_seq >= 0 && row.commit_height !== null
  return {
    netuid: row.netuid,
    subnetInstance: row.subnet_instance,
    hotkey: row.hotkey,
    uid: row.uid,
    lineage: row.lineage,
    rule,
    commit: committed ? commitPoint(row) : null,
    reveal: revealed ? revealPoint(row) : null,
    contentHash:
      rule === 'COMMIT' ? contentOfCommit(row, revealed) : revealed ? row.reveal_content_hash : null,
    commitmentId: rule === 'COMMIT' ? row.commit_id : row.reveal_commit_id,
    view,
  }
}

const commitPoint = (row: FirstSubmissionRow): ChainPoint => ({
  height: row.commit_height!,
  blockHash: row.commit_block_hash,
  blockTime: row.commit_block_time,
  extrinsicIndex: row.commit_extrinsic_index,
  eventIndex: row.commit_event_index,
  seq: row.commit_seq,
  contentHash: row.commit_content_hash,
})

const revealPoint = (row: FirstSubmissionRow): ChainPoint => ({
  height: row.reveal_height!,
  blockHash: row.reveal_block_hash,
  blockTime: row.reveal_block_time,
  extrinsicIndex: row.reveal_extrinsic_index,
  eventIndex: row.reveal_event_index,
  seq: row.reveal_seq!,
  contentHash: row.reveal_content_hash,
})

/** A commitment that is the first of its content. A plain one is committed and public at the same event. */
export function fromCommitment(row: CommitmentRow, view: View, rule: FirstRule): FirstSubmission {
  const commit: ChainPoint = {
    height: row.valid_from,
    blockHash: row.block_hash,
    blockTime: row.block_time,
    extrinsicIndex: row.extrinsic_index,
    eventIndex: row.event_index,
    seq: row.from_seq,
    contentHash: row.content_hash,
  }
  return {
    netuid: row.netuid,
    subnetInstance: row.subnet_instance,
    hotkey: row.hotkey,
    uid: row.uid,
    lineage: row.lineage,
    rule,
    commit,
    reveal: row.kind === 'PLAIN' ? commit : openedPoint(row, view),
    contentHash: row.kind === 'PLAIN' ? row.content_hash : row.revealed_hash,
    commitmentId: row.id,
    view,
  }
}

function openedPoint(row: CommitmentRow, view: View): ChainPoint | null {
  if (row.reveal_height === null || row.reveal_height > view.height) return null
  return {
    height: row.reveal_height,
    blockHash: row.reveal_block_hash,
    blockTime: row.reveal_block_time,
    extrinsicIndex: null,
    eventIndex: row.reveal_event_index,
    seq: row.reveal_seq!,
    contentHash: row.revealed_hash,
  }
}

/** A timelocked commit fixes its content at once, and shows it once that very commit has been revealed. */
function contentOfCommit(row: FirstSubmissionRow, revealed: boolean): Buffer | null {
  if (row.commit_content_hash) return row.commit_content_hash
  return revealed && row.reveal_commit_id === row.commit_id ? row.reveal_content_hash : null
}
