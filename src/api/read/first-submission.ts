import type { View } from '../head/view'
import { type FirstRule, type FirstSubmission, fromCommitment, fromRow } from './first-submission-row'
import { type CommitmentRow, type FirstSubmissionRow, holdsAt } from './rows'

const ordering = { COMMIT: 'commit_seq', REVEAL: 'reveal_seq' } as const

/** A hotkey's row is found by its own index; a lineage's rows by theirs, through the hotkey's. */
const selectOf = (rule: FirstRule, identity: 'HOTKEY' | 'LINEAGE'): string => {
  const key =
    identity === 'HOTKEY'
      ? 'hotkey = $2'
      : `lineage in (select lineage from first_submission where netuid = $1 and hotkey = $2
           union select lineage from tenure where netuid = $1 and hotkey = $2)`
  const known = rule === 'REVEAL' ? 'and reveal_height <= $3' : ''
  return `select * from first_submission where netuid = $1 and ${key} and ${holdsAt('$3')} ${known}
    order by ${ordering[rule]} limit 1`
}

/** @param hotkey 0x hex */
export async function firstOfHotkey(
  view: View,
  netuid: number,
  hotkey: string,
  rule: FirstRule,
  identity: 'HOTKEY' | 'LINEAGE',
): Promise<FirstSubmission | null> {
  const { rows } = await view.api.pool.query<FirstSubmissionRow>({
    name: `first_of_${identity}_${rule}`,
    text: selectOf(rule, identity),
    values: [netuid, Buffer.from(hotkey.slice(2), 'hex'), view.height],
  })
  return rows[0] ? fromRow(rows[0], view, rule) : null
}

/**
 * The earliest commitment whose content hashes to it, within the subnet's instance at the view's block: committed in plain, or
 * opened by then. By COMMIT the time of a timelocked one is its commit, by REVEAL its opening.
 */
const SELECT_BY_CONTENT = (rule: FirstRule) => `
  with present as (select subnet_instance from subnet where netuid = $1 and ${holdsAt('$3')} order by from_seq desc limit 1),
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
