import type { View } from '../head/view'
import { commitmentEvidence, revealedAt } from './commitment-at'
import { type At, type CommitmentRow, endedBy, holdsAt, seen, type TenureRow } from './rows'

export type CommitmentStatus =
  | 'NOT_REGISTERED'
  | 'NONE'
  | 'VALID'
  | 'SUPERSEDED'
  | 'NOT_REVEALED'
  | 'MISMATCH'

export interface Verdict {
  readonly netuid: number
  readonly hotkey: string
  readonly contentHash: string
  readonly status: CommitmentStatus
  readonly explanation: string
  readonly commitment: At<CommitmentRow> | null
  readonly tenure: At<TenureRow> | null
  readonly committedSinceRegistration: boolean | null
  readonly evidenceSeqs: readonly number[]
  readonly view: View
}

/** What the rules look at: the hotkey's last tenure, its latest commitment, and the last one that matches. */
export interface Facts {
  readonly tenure: At<TenureRow> | null
  readonly latest: At<CommitmentRow> | null
  readonly matching: At<CommitmentRow> | null
}

/** The rules of `CommitmentStatus`, in their order. Pure, so that they can be read and tested as a table. */
export function statusOf({ tenure, latest, matching }: Facts): CommitmentStatus {
  if (!tenure || endedBy(tenure, tenure.view)) return 'NOT_REGISTERED'
  if (!latest) return 'NONE'
  if (matching) return matching.id === latest.id ? 'VALID' : 'SUPERSEDED'
  if (latest.kind === 'TIMELOCKED' && !revealedAt(latest)) return 'NOT_REVEALED'
  return 'MISMATCH'
}

/** @param hotkey,contentHash 0x hex */
export async function judgeCommitment(
  view: View,
  netuid: number,
  hotkey: string,
  contentHash: string,
): Promise<Verdict> {
  const facts = await readFacts(view, netuid, hotkey, contentHash)
  const status = statusOf(facts)
  const commitment = facts.matching ?? facts.latest
  return {
    netuid,
    hotkey,
    contentHash,
    status,
    explanation: explain(status, facts, view.height),
    commitment,
    tenure: facts.tenure,
    committedSinceRegistration:
      commitment && facts.tenure ? commitment.valid_from >= facts.tenure.registered_at : null,
    evidenceSeqs: evidenceOf(facts),
    view,
  }
}

const INSTANCE = `(select subnet_instance from subnet where netuid = $1 and ${holdsAt('$3')} order by from_seq desc limit 1)`

const SELECT_LATEST = `
  select * from commitment
  where netuid = $1 and hotkey = $2 and valid_from <= $3 and subnet_instance = ${INSTANCE}
  order by valid_from desc, from_seq desc limit 1`

const SELECT_MATCHING = `
  select * from commitment
  where netuid = $1 and hotkey = $2 and valid_from <= $3 and subnet_instance = ${INSTANCE}
    and ((kind = 'PLAIN' and content_hash = $4) or (revealed_hash = $4 and reveal_height <= $3))
  order by valid_from desc, from_seq desc limit 1`

const SELECT_TENURE = `
  select * from tenure where netuid = $1 and hotkey = $2 and valid_from <= $3
  order by valid_from desc, from_seq desc limit 1`

async function readFacts(view: View, netuid: number, hotkey: string, contentHash: string): Promise<Facts> {
  const { pool } = view.api
  const values = [netuid, bytesOf(hotkey), view.height]
  const [tenures, latest, matching] = await Promise.all([
    pool.query<TenureRow>({ name: 'last_tenure', text: SELECT_TENURE, values }),
    pool.query<CommitmentRow>({ name: 'latest_in_instance', text: SELECT_LATEST, values }),
    pool.query<CommitmentRow>({
      name: 'latest_matching',
      text: SELECT_MATCHING,
      values: [...values, bytesOf(contentHash)],
    }),
  ])
  return {
    tenure: seen(tenures.rows, view)[0] ?? null,
    latest: seen(latest.rows, view)[0] ?? null,
    matching: seen(matching.rows, view)[0] ?? null,
  }
}

const bytesOf = (hex: string) => Buffer.from(hex.slice(2), 'hex')

function evidenceOf({ tenure, latest, matching }: Facts): number[] {
  const seqs = new Set<number>()
  if (tenure) {
    seqs.add(tenure.from_seq)
    if (endedBy(tenure, tenure.view) && tenure.to_seq !== null) seqs.add(tenure.to_seq)
  }
  for (const row of [matching, latest]) if (row) for (const seq of commitmentEvidence(row)) seqs.add(seq)
  return [...seqs].sort((a, b) => a - b)
}

function explain(status: CommitmentStatus, { tenure, latest, matching }: Facts, height: number): string {
  switch (status) {
    case 'NOT_REGISTERED':
      return tenure
        ? `At block ${height} the hotkey holds no uid; its last tenure ended at block ${tenure.valid_to} (${tenure.end_reason}).`
        : `Up to block ${height} the hotkey has held no uid.`
    case 'NONE':
      return `The hotkey holds uid ${tenure?.uid} and has committed nothing up to block ${height}.`
    case 'VALID':
      return `Committed at block ${matching?.valid_from}${revealNote(matching)}; still the latest at block ${height}.`
    case 'SUPERSEDED':
      return `Committed at block ${matching?.valid_from}${revealNote(matching)}, replaced at block ${matching?.valid_to}.`
    case 'NOT_REVEALED':
      return `The commitment of block ${latest?.valid_from} is timelocked until round ${latest?.reveal_round}.`
    case 'MISMATCH':
      return `The latest commitment, of block ${latest?.valid_from}, has another content, and none before it has this one.`
  }
}

const revealNote = (row: At<CommitmentRow> | null) =>
  row && row.kind === 'TIMELOCKED' ? `, opened at block ${row.reveal_height}` : ''
