import type { Pool } from 'pg'
import type { View } from '../head/view'
import { BatchedRead } from './batched-read'
import { type FirstRule, type FirstSubmission, fromCommitment, fromRow } from './first-submission-row'
import { type CommitmentRow, type FirstSubmissionRow, holdsAt } from './rows'

export type Identity = 'HOTKEY' | 'LINEAGE'

interface HotkeyQuestion {
  readonly netuid: number
  readonly hotkey: Buffer
  readonly height: number
}

const BATCH_LIMITS = { maxBatchKeys: 64, maxBatchesInFlight: 2 }

const ordering = { COMMIT: 'commit_seq', REVEAL: 'reveal_seq' } as const

/** A hotkey's row is found by its own index; a lineage's rows by theirs, through the hotkey's. */
const selectOf = (rule: FirstRule, identity: Identity): string => {
  const key =
    identity === 'HOTKEY'
      ? 'hotkey = w.hotkey'
      : `lineage in (select lineage from first_submission where netuid = w.netuid and hotkey = w.hotkey
           union select lineage from tenure where netuid = w.netuid and hotkey = w.hotkey)`
  const known = rule === 'REVEAL' ? 'and reveal_height <= w.height' : ''
  return `select w.n::int as question, f.*
    from unnest($1::int[], $2::bytea[], $3::int[]) with ordinality as w(netuid, hotkey, height, n)
    cross join lateral (
      select * from first_submission
      where netuid = w.netuid and ${key} and ${holdsAt('w.height')} ${known}
      order by ${ordering[rule]} limit 1) f`
}

/** First submissions by hotkey, asked for by all requests of a server together. */
export class FirstSubmissionReader {
  private readonly batches = new Map<string, BatchedRead<HotkeyQuestion, FirstSubmissionRow>>()

  constructor(private readonly pool: Pool) {}

  /** @param hotkey 0x hex */
  async ofHotkey(
    view: View,
    netuid: number,
    hotkey: string,
    rule: FirstRule,
    identity: Identity,
  ): Promise<FirstSubmission | null> {
    const question = { netuid, hotkey: Buffer.from(hotkey.slice(2), 'hex'), height: view.height }
    const row = await this.batch(rule, identity).load(question)
    return row && fromRow(row, view, rule)
  }

  private batch(rule: FirstRule, identity: Identity): BatchedRead<HotkeyQuestion, FirstSubmissionRow> {
    const name = `first_of_${identity}_${rule}`
    const known = this.batches.get(name)
    if (known) return known
    const text = selectOf(rule, identity)
    const made = new BatchedRead<HotkeyQuestion, FirstSubmissionRow>(
      (questions) => this.read(name, text, questions),
      BATCH_LIMITS,
    )
    this.batches.set(name, made)
    return made
  }

  private async read(
    name: string,
    text: string,
    questions: readonly HotkeyQuestion[],
  ): Promise<readonly (FirstSubmissionRow | null)[]> {
    const { rows } = await this.pool.query<FirstSubmissionRow & { question: number }>({
      name,
      text,
      values: [
        questions.map(({ netuid }) => netuid),
        questions.map(({ hotkey }) => hotkey),
        questions.map(({ height }) => height),
      ],
    })
    const answers: (FirstSubmissionRow | null)[] = questions.map(() => null)
    for (const row of rows) answers[row.question - 1] = row
    return answers
  }
}

/**
 * The earliest commitment whose content hashes to it, within the subnet's instance at the view's block: committed in plain, or
 * opened by then. By COMMIT the time of a timelocked one is its commit, by REVEAL its opening.
 */
const SELECT_BY_CONTENT = (rule: FirstRule) => `
  with present as (
    select subnet_instance from subnet where netuid = $1 and ${holdsAt('$3')} order by from_seq desc limit 1),
  plain as (
    select c.*, c.from_seq as public_seq from commitment c
    where c.netuid = $1 and c.content_hash = $2 and c.subnet_instance = (select subnet_instance from present)
      and c.valid_from <= $3 order by c.from_seq limit 1),
  opened as (
    select c.*, c.reveal_seq as public_seq from commitment c
    where c.netuid = $1 and c.revealed_hash = $2 and c.subnet_instance = (select subnet_instance from present)
      and c.reveal_height <= $3 order by ${rule === 'COMMIT' ? 'c.from_seq' : 'c.reveal_seq'} limit 1)
  select * from (select * from plain union all select * from opened) found
  order by ${rule === 'COMMIT' ? 'from_seq' : 'public_seq'} limit 1`

/** @param contentHash 0x hex of the SHA-256 */
export async function firstOfContent(
  view: View,
  netuid: number,
  contentHash: string,
  rule: FirstRule,
): Promise<FirstSubmission | null> {
  const { rows } = await view.api.pool.query<CommitmentRow>({
    name: `first_of_content_${rule}`,
    text: SELECT_BY_CONTENT(rule),
    values: [netuid, Buffer.from(contentHash.slice(2), 'hex'), view.height],
  })
  return rows[0] ? fromCommitment(rows[0], view, rule) : null
}
