import { type At, type CommitmentRow, endedBy } from './rows'

type Row = At<CommitmentRow>

/** The reveal as known at the view's block. */
export const revealedAt = (row: Row): boolean =>
  row.reveal_height !== null && row.reveal_height <= row.view.height

/** Content that is readable at the view's block. */
export const readable = (row: Row): Buffer | null => {
  if (row.kind === 'PLAIN') return row.content
  if (revealedAt(row)) return row.plaintext
  return row.content_hash === null ? null : row.content
}

export function stateOf(row: Row): string {
  if (row.kind === 'PLAIN') return 'PLAIN'
  if (revealedAt(row)) return 'REVEALED'
  return endedBy(row, row.view) ? 'CANCELLED' : 'PENDING'
}

/** Numbers of the events that made the row what it is at the view's block. */
export function commitmentEvidence(row: Row): number[] {
  const seqs = [row.from_seq]
  if (revealedAt(row) && row.reveal_seq !== null) seqs.push(row.reveal_seq)
  if (endedBy(row, row.view) && row.to_seq !== null) seqs.push(row.to_seq)
  return seqs
}
