import { describe, expect, it } from 'vitest'
import type { EventType, PayloadOf } from '../log/catalogue'
import type { LogEvent } from '../log/envelope'
import { commitments } from './commitments'
import { firstSubmissions } from './first-submissions'
import type { Projection, Row } from './fold/projection'
import { Batch } from './store/batch'
import { subnets } from './subnets'
import { validatorPermits } from './validator-permits'
import { weightCommits } from './weight-commits'

const A = `0x${'aa'.repeat(32)}`
const B = `0x${'bb'.repeat(32)}`
const HASH = `0x${'11'.repeat(32)}`

let seq = 0
const event = <T extends EventType>(
  type: T,
  payload: PayloadOf<T>,
  at: { height: number; eventIndex?: number },
): LogEvent => ({
  log: 'chain',
  netuid: 122,
  subnetInstance: 3,
  seq: seq++,
  schemaVersion: 1,
  type,
  ...at,
  blockHash: HASH,
  blockTime: 0,
  payload,
  leafHash: HASH,
})

const field = (bytes: string | null, revealRound: string | null = null) => ({
  kind: 'Raw',
  bytes,
  revealRound,
})
const committed = (who: string, height: number, fields: PayloadOf<'Committed'>['fields']) =>
  event(
    'Committed',
    {
      who,
      uid: 1,
      lineage: who,
      fields,
      contentHash: fields && HASH,
      source: fields ? 'call' : 'unavailable',
    },
    { height, eventIndex: 1 },
  )
const timelocked = (who: string, height: number) =>
  event(
    'CommitmentTimelocked',
    {
      who,
      uid: 1,
      lineage: who,
      fields: [field('0xdead', '9')],
      contentHash: HASH,
      source: 'call',
      revealRound: '9',
    },
    { height, eventIndex: 1 },
  )
const revealed = (who: string, height: number, commitHeight: number | null, plaintext = '0x6869') =>
  event(
    'CommitmentRevealed',
    {
      who,
      uid: 1,
      lineage: who,
      plaintext,
      contentHash: HASH,
      commitment: commitHeight === null ? null : { height: commitHeight, eventIndex: 1 },
      revealRound: '9',
    },
    { height, eventIndex: 0 },
  )

/** Rows of these events, all in one transaction over empty tables. */
function rows(fold: Projection, ...events: LogEvent[]) {
  const batch = new Batch(new Map(), fold.tables)
  for (const each of events) fold.apply(each, batch)
  return [...(batch.tables.get(Object.keys(fold.tables)[0]!)?.inserts ?? [])]
}

/** What is shown with a row, of what the event tells. */
const shown = (row: Row, event: LogEvent) =>
  commitments.tables.commitment!.told!.columns(event.payload as never, row)

describe('commitments', () => {
  it('keeps hostile bytes exactly and shows them safely', () => {
    const hostile = committed(A, 5, [field('0x00ff'), field(null), field('0x61')])
    const [row] = rows(commitments, hostile)
    expect(row).toMatchObject({ content: '\\x00ff61' })
    expect(shown(row!, hostile)).toMatchObject({ text: '\ufffd\ufffda', text_exact: false })
  })

  it('has no content where nothing can be read', () => {
    const events = [
      committed(A, 5, []),
      committed(A, 6, [field(null)]),
      committed(A, 7, null),
      timelocked(A, 8),
    ]
    for (const row of rows(commitments, ...events)) {
      expect(row).toMatchObject({ content: null, content_hash: null })
    }
  })

  it('cancels what waits for its round when the hotkey commits anew', () => {
    const [first, second] = rows(commitments, timelocked(A, 5), committed(A, 8, [field('0x61')]))
    expect(first).toMatchObject({ state: 'CANCELLED', valid_to: 8, end_reason: 'superseded' })
    expect(second).toMatchObject({ state: 'PLAIN', valid_to: null })
  })

  it('keeps the first reveal of a commitment, and its height', () => {
    const [row] = rows(commitments, timelocked(A, 5), revealed(A, 9, 5), revealed(A, 12, 5, '0x6f'))
    expect(row).toMatchObject({ state: 'REVEALED', reveal_height: 9, valid_to: null })
    expect(shown(row!, timelocked(A, 5))).toMatchObject({ plaintext_text: 'hi', text: null })
  })
})

describe('first submissions', () => {
  it('counts neither an empty commitment nor a second one', () => {
    const events = [committed(A, 5, []), committed(A, 6, [field('0x61')]), committed(A, 7, [field('0x62')])]
    expect(rows(firstSubmissions, ...events)).toMatchObject([{ commit_height: 6, reveal_height: 6 }])
  })

  it('publishes a hidden commitment at its reveal, not before', () => {
    const events = [timelocked(A, 5), committed(B, 6, [field('0x61')]), revealed(A, 9, 5)]
    expect(rows(firstSubmissions, ...events)).toMatchObject([
      { hotkey: `\\x${'aa'.repeat(32)}`, commit_height: 5, reveal_height: 9, reveal_commit_id: '122-5-1' },
      { hotkey: `\\x${'bb'.repeat(32)}`, commit_height: 6, reveal_height: 6 },
    ])
  })

  it('takes a plain commitment for the first publication when the hidden one was never opened', () => {
    const events = [timelocked(A, 5), committed(A, 7, [field('0x61')]), revealed(A, 9, null)]
    expect(rows(firstSubmissions, ...events)).toMatchObject([{ commit_height: 5, reveal_height: 7 }])
  })

  it('puts a reveal of something committed before the first indexed block before everything', () => {
    const events = [revealed(A, 9, null), committed(A, 12, [field('0x61')])]
    expect(rows(firstSubmissions, ...events)).toMatchObject([
      { commit_seq: -1, commit_height: null, commit_id: null, reveal_height: 9 },
    ])
  })
})

describe('weight commits', () => {
  const commit = (who: string, at: { height: number; eventIndex?: number }) =>
    event(
      'WeightsCommitted',
      { mechanism: 0, who, uid: 1, kind: 'hash', commitHash: HASH, revealRound: null },
      at,
    )

  it('tells two of one block apart where the chain had no events', () => {
    const reveal = event(
      'WeightsRevealed',
      {
        mechanism: 0,
        who: B,
        uid: 1,
        kind: 'hash',
        commitHash: HASH,
        commit: { height: 5, eventIndex: null },
      },
      { height: 9 },
    )
    const [first, second] = rows(weightCommits, commit(A, { height: 5 }), commit(B, { height: 5 }), reveal)
    expect(first).toMatchObject({ state: 'PENDING', valid_to: null })
    expect(second).toMatchObject({ state: 'REVEALED', valid_to: 9, end_reason: 'revealed' })
    expect(first!.id).not.toBe(second!.id)
  })

  it('says why one ended unrevealed', () => {
    const expiry = event(
      'WeightsCommitExpired',
      {
        mechanism: 0,
        who: A,
        kind: 'hash',
        commitHash: HASH,
        commit: { height: 5, eventIndex: 2 },
        reason: 'hotkey-swapped',
      },
      { height: 20 },
    )
    expect(rows(weightCommits, commit(A, { height: 5, eventIndex: 2 }), expiry)).toMatchObject([
      { state: 'EXPIRED', valid_to: 20, end_reason: 'hotkey-swapped' },
    ])
  })
})

describe('validator permits', () => {
  type Change = PayloadOf<'ValidatorPermitsChanged'>
  const changed = (height: number, holders: Record<number, string>, over: Partial<Change>) => {
    const uids = Object.keys(holders).map(Number)
    const base = { uids, hotkeys: Object.values(holders), gained: [], lost: [], source: 'epoch' as const }
    return event('ValidatorPermitsChanged', { ...base, ...over }, { height })
  }
  const both = () => changed(10, { 1: A, 4: B }, { gained: [1, 4] })
  const hotkey = (account: string) => `\\x${account.slice(2)}`

  it('hold for whoever kept one, and end for whoever lost one', () => {
    expect(rows(validatorPermits, both(), changed(20, { 1: A }, { lost: [4] }))).toMatchObject([
      { uid: 1, hotkey: hotkey(A), valid_from: 10, valid_to: null, source: 'epoch', end_reason: null },
      { uid: 4, hotkey: hotkey(B), valid_from: 10, valid_to: 20, end_reason: 'lost' },
    ])
  })

  it('end with the tenure, and begin anew for the newcomer when the chain says so in the same block', () => {
    const ended = event(
      'TenureEnded',
      { uid: 4, hotkey: B, registeredAt: 3, reason: 'replaced', weightsCleared: true },
      { height: 20 },
    )
    const left = changed(20, { 1: A, 4: HASH }, { gained: [4], source: 'storage' })
    expect(rows(validatorPermits, both(), ended, left)).toMatchObject([
      { uid: 1, valid_to: null },
      { uid: 4, hotkey: hotkey(B), valid_to: 20, end_reason: 'replaced' },
      { uid: 4, hotkey: hotkey(HASH), valid_from: 20, valid_to: null, source: 'storage' },
    ])
  })
})

describe('subnets', () => {
  it('ends a use of a netuid when it is dissolved and begins another in the same block', () => {
    const registration = (height: number) =>
      event(
        'SubnetRegistered',
        { modality: 0, ownerColdkey: A, ownerHotkey: null, source: 'event' },
        { height },
      )
    const dissolution = event('SubnetDissolved', { registeredAt: 3 }, { height: 8 })
    expect(rows(subnets, registration(3), dissolution, registration(8))).toMatchObject([
      { valid_from: 3, valid_to: 8, end_reason: 'dissolved' },
      { valid_from: 8, valid_to: null },
    ])
  })
})
