import { describe, expect, it } from 'vitest'
import { planWeights, type Recommended } from './plan'
import type { SubnetFacts } from './subnet-facts'

const recommended: Recommended = {
  netuid: 122,
  mechanism: 0,
  height: 1_000,
  u16: [
    { uid: 0, value: 65_535 },
    { uid: 7, value: 7_282 },
  ],
  holders: [
    { uid: 0, hotkey: '0xowner' },
    { uid: 7, hotkey: '0xminer' },
  ],
  burnUid: 0,
}
const facts: SubnetFacts = {
  height: 1_010,
  blockHash: '0x',
  uid: 3,
  hasPermit: true,
  lastUpdate: 900,
  rateLimit: 100,
  versionKey: 1n,
  commitReveal: false,
  revealPeriodEpochs: 1,
  tempo: 20,
  lastRound: 5_000n,
  holders: new Map([
    [0, '0xowner'],
    [7, '0xminer'],
  ]),
}
const plan = (over: Partial<SubnetFacts> = {}, decision: Partial<Recommended> = {}) =>
  planWeights({ ...recommended, ...decision }, { ...facts, ...over }, 1n)
const codeOf = (...args: Parameters<typeof plan>) => {
  const made = plan(...args)
  return made.kind === 'refuse' ? made.code : made.kind
}
const holders = (uid: number, hotkey: string | null) => ({ holders: new Map(facts.holders).set(uid, hotkey) })

describe('the plan for a decision', () => {
  it.each([
    ['sets openly', {}, {}, 'set'],
    ['commits where the subnet wants it', { commitReveal: true }, {}, 'commit'],
    ['makes no call when the decision is to make none', {}, { u16: [] }, 'nothing_to_set'],
    ['refuses without a uid', { uid: null, hasPermit: false }, {}, 'not_registered'],
    ['refuses without a permit', { hasPermit: false }, {}, 'no_permit'],
    ['refuses when the payee’s uid changed hands', holders(7, '0xstranger'), {}, 'uid_reassigned'],
    ['refuses when the payee is gone', holders(7, null), {}, 'hotkey_missing'],
    ['pays the burn uid whoever holds it', holders(0, '0xnewowner'), {}, 'set'],
    ['refuses an old version key', { versionKey: 2n }, {}, 'version_key'],
    ['does not send what the rate limit would refuse', { lastUpdate: 911 }, {}, 'rate_limited'],
    ['sends in the very block that the rate limit allows', { lastUpdate: 910 }, {}, 'set'],
    [
      'wants more blocks than a subnet’s own rule says',
      { lastUpdate: 910 },
      { moreThanBlocks: 100 },
      'rate_limited',
    ],
    ['sends in the block after it', { lastUpdate: 909 }, { moreThanBlocks: 100 }, 'set'],
    [
      'takes the larger of both limits',
      { lastUpdate: 890, rateLimit: 120 },
      { moreThanBlocks: 100 },
      'rate_limited',
    ],
    ['sends after the larger of both', { lastUpdate: 889, rateLimit: 120 }, { moreThanBlocks: 100 }, 'set'],
    ['knows no rate limit for the first weights', { lastUpdate: 0, rateLimit: 5_000 }, {}, 'set'],
  ] as const)('%s', (_, over, decision, expected) => {
    expect(codeOf(over as Partial<SubnetFacts>, decision as Partial<Recommended>)).toBe(expected)
  })

  it('opens a commit just after the first block of the epoch in which the chain looks for it', () => {
    const made = plan({ commitReveal: true })
    // (1011 + 123) / 21 is epoch 54; epoch 55 begins at 55 × 21 − 123 = 1032.
    expect(made).toEqual({ kind: 'commit', revealBlock: 1_035, revealRound: 5_000n + 25n * 4n })
  })
})
