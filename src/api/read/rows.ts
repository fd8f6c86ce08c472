import type { View } from '../head/view'

/** Columns that every projection has. Heights in blocks; `to_*` null while the row holds. */
export interface Segment {
  readonly id: string
  readonly netuid: number
  readonly subnet_instance: number
  readonly block_time: Date
  readonly valid_from: number
  readonly valid_to: number | null
  readonly from_seq: number
  readonly to_seq: number | null
}

export interface TenureRow extends Segment {
  readonly uid: number
  readonly hotkey: Buffer
  readonly coldkey: Buffer | null
  readonly lineage: Buffer
  readonly registered_at: number
  readonly source: string
  readonly end_reason: string | null
}

export interface CommitmentRow extends Segment {
  readonly hotkey: Buffer
  readonly uid: number | null
  readonly lineage: Buffer
  readonly kind: 'PLAIN' | 'TIMELOCKED'
  readonly content: Buffer | null
  readonly content_hash: Buffer | null
  readonly reveal_round: string | null
  readonly source: string
  readonly extrinsic_index: number | null
  readonly event_index: number | null
  readonly block_hash: Buffer
  readonly state: string
  readonly reveal_height: number | null
  readonly reveal_event_index: number | null
  readonly reveal_seq: number | null
  readonly reveal_block_hash: Buffer | null
  readonly reveal_block_time: Date | null
  readonly plaintext: Buffer | null
  readonly revealed_hash: Buffer | null
  readonly end_reason: string | null
}

export interface FirstSubmissionRow extends Segment {
  readonly hotkey: Buffer
  readonly lineage: Buffer
  readonly uid: number | null
  readonly commit_seq: number
  readonly commit_height: number | null
  readonly commit_extrinsic_index: number | null
  readonly commit_event_index: number | null
  readonly commit_block_hash: Buffer | null
  readonly commit_block_time: Date | null
  readonly commit_id: string | null
  readonly commit_content_hash: Buffer | null
  readonly reveal_seq: number | null
  readonly reveal_height: number | null
  readonly reveal_extrinsic_index: number | null
  readonly reveal_event_index: number | null
  readonly reveal_block_hash: Buffer | null
  readonly reveal_block_time: Date | null
  readonly reveal_commit_id: string | null
  readonly reveal_content_hash: Buffer | null
}

/** A row and the block it is shown at; resolvers hide what happened after that block. */
export type At<R> = R & { readonly view: View }

/** Holds at height `$n`. */
export const holdsAt = (parameter: string) =>
  `valid_from <= ${parameter} and (valid_to is null or valid_to > ${parameter})`

/** The end of a row as known at the view: what ended it later has not happened yet there. */
export const endedBy = (row: Segment, view: View): boolean =>
  row.valid_to !== null && row.valid_to <= view.height

export const seen = <R extends Segment>(rows: readonly R[], view: View): At<R>[] =>
  rows.map((row) => ({ ...row, view }))

export interface SubnetRow extends Segment {
  readonly modality: number
  readonly owner_coldkey: Buffer | null
  readonly owner_hotkey: Buffer | null
  readonly source: string
  readonly end_reason: string | null
}

export interface HyperparameterRow extends Segment {
  readonly name: string
  readonly value: unknown
  readonly source: string
  readonly end_reason: string | null
}

export interface WeightSetRow extends Segment {
  readonly mechanism: number
  readonly uid: number
  readonly hotkey: Buffer | null
  readonly source: string
  readonly values_from: string
  readonly version_key: string | null
  readonly set_height: number
  readonly set_seq: number
  readonly extrinsic_index: number | null
  readonly event_index: number | null
  readonly block_hash: Buffer
  readonly end_reason: string | null
}

export interface WeightCommitRow extends Segment {
  readonly mechanism: number
  readonly hotkey: Buffer
  readonly uid: number | null
  readonly kind: string
  readonly commit_hash: Buffer
  readonly reveal_round: string | null
  readonly extrinsic_index: number | null
  readonly event_index: number | null
  readonly block_hash: Buffer
  readonly state: string
  readonly end_reason: string | null
}

export interface EmissionRow extends Segment {
  readonly mechanism: number
  readonly uid: number
  readonly hotkey: Buffer | null
  readonly amount: string
}
