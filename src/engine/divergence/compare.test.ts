import { describe, expect, it } from 'vitest'
import { type Comparison, differenceOf, type Recommended, type Submitted, type Vector } from './compare'

const vector = (weights: Record<number, number>): Vector =>
  Object.entries(weights).map(([uid, value]) => ({ uid: Number(uid), value }))

const recommended: Recommended = {
  seq: 9,
  height: 1_000,
  epoch: 3,
  u16: vector({ 0: 65_535, 7: 7_282 }),
  holders: [
    { uid: 0, hotkey: '0xburn' },
    { uid: 7, hotkey: '0xminer' },
  ],
  burnUid: 0,
}

const submitted = (weights: Record<number, number>, over: Partial<Submitted> = {}): Submitted => ({
  seq: 50,
  height: 1_010,
  actedAt: 1_010,
  vector: vector(weights),
  effective: vector(weights),
  holders: Object.fromEntries(Object.keys(weights).map((uid) => [uid, uid === '7' ? '0xminer' : '0xother'])),
  ...over,
})

const compare = (over: Partial<Comparison>) =>
  differenceOf({
    recommended,
    earlier: [],
    submitted: null,
    expiredCommitAt: null,
    pendingCommitAt: null,
    limitedUntil: null,
    height: 1_030,
    ...over,
  })
const causeOf = (over: Partial<Comparison>) => compare(over)?.cause ?? 'agrees'
const good = { 0: 65_535, 7: 7_282 }

describe('why a validator’s weights are not the recommended ones', () => {
  it.each([
    ['the recommended weights', { submitted: submitted(good) }, 'agrees'],
    [
      'the same in another order and with zeros',
      { submitted: submitted({ 7: 7_282, 0: 65_535, 9: 0 }) },
      'agrees',
    ],
    ['no weights at all', {}, 'none_set'],
    ['a commit that ran out, and nothing else', { expiredCommitAt: 1_005 }, 'commit_expired'],
    [
      'old weights, and a commit since the decision that ran out',
      { submitted: submitted({ 3: 65_535 }, { actedAt: 900 }), expiredCommitAt: 1_005 },
      'commit_expired',
    ],
    [
      'old weights, and a commit from before the decision that ran out',
      { submitted: submitted({ 3: 65_535 }, { actedAt: 900 }), expiredCommitAt: 950 },
      'stale',
    ],
    ['old weights', { submitted: submitted({ 3: 65_535 }, { actedAt: 999 }) }, 'stale'],
    [
      'old weights, while the chain takes no new ones',
      { submitted: submitted({ 3: 65_535 }, { actedAt: 999 }), limitedUntil: 1_031 },
      'rate_limited',
    ],
    [
      'old weights, although the chain would have taken new ones',
      { submitted: submitted({ 3: 65_535 }, { actedAt: 999 }), limitedUntil: 1_030 },
      'stale',
    ],
    ['a commit since the decision that is still hidden', { pendingCommitAt: 1_005 }, 'agrees'],
    ['a hidden commit from before the decision', { pendingCommitAt: 990 }, 'none_set'],
    [
      'old weights, and a commit since the decision that is still hidden',
      { submitted: submitted({ 3: 65_535 }, { actedAt: 900 }), pendingCommitAt: 1_005 },
      'agrees',
    ],
    [
      'another winner since the decision, whatever is hidden behind it',
      { submitted: submitted({ 0: 65_535, 8: 7_282 }), pendingCommitAt: 1_020 },
      'other_winner',
    ],
    [
      'new weights that are those of an earlier decision',
      { submitted: submitted({ 3: 65_535 }), earlier: [{ ...recommended, u16: vector({ 3: 65_535 }) }] },
      'stale',
    ],
    ['everything burned', { submitted: submitted({ 0: 65_535 }) }, 'burn'],
    [
      'a miner paid where everything should burn',
      { recommended: { ...recommended, u16: vector({ 0: 65_535 }) }, submitted: submitted(good) },
      'burn',
    ],
    ['another winner', { submitted: submitted({ 0: 65_535, 8: 7_282 }) }, 'other_winner'],
    ['the winner with another share', { submitted: submitted({ 0: 65_535, 7: 7_281 }) }, 'other_shares'],
    [
      'the winner’s uid after a stranger took it',
      { submitted: submitted(good, { holders: { 0: '0xburn', 7: '0xstranger' } }) },
      'uid_reassigned',
    ],
    [
      'weights that the chain cleared in part',
      { submitted: submitted(good, { effective: vector({ 0: 65_535 }) }) },
      'masked',
    ],
    [
      'anything, when the decision is to make no call',
      { recommended: { ...recommended, u16: [] }, submitted: submitted({ 3: 65_535 }) },
      'agrees',
    ],
  ] as const)('%s: %#', (_, over, cause) => {
    expect(causeOf(over as Partial<Comparison>)).toBe(cause)
  })

  it('does not take a changed holder of the burn uid for a payee', () => {
    expect(causeOf({ submitted: submitted(good, { holders: { 0: '0xnew', 7: '0xminer' } }) })).toBe('agrees')
  })

  it('says it in numbers', () => {
    expect(compare({ submitted: submitted({ 0: 65_535, 8: 7_282 }) })?.detail).toBe('uid 8 instead of 7')
    expect(
      compare({ submitted: submitted({ 3: 65_535 }, { actedAt: 999 }), limitedUntil: 1_040 })?.detail,
    ).toBe('set at block 999; the chain takes new weights from block 1040')
  })
})
