import { describe, expect, it } from 'vitest'
import { dryRunClaim } from './cumulative'
import { buildEpoch } from './epoch'
import { checkLedger, increments, nextEpoch, outstanding } from './epoch-ledger'
import { toHex } from './hex'
import { publishGate } from './publish-gate'

const one = nextEpoch(
  undefined,
  new Map([
    ['H1', 1000n],
    ['H2', 50n],
  ]),
)
const two = nextEpoch(
  one,
  new Map([
    ['H1', 400n],
    ['H3', 7n],
  ]),
)

describe('cumulative epochs', () => {
  it('carry every total on and add what was earned', () => {
    expect([...two.amounts]).toEqual([
      ['H1', 1400n],
      ['H2', 50n],
      ['H3', 7n],
    ])
    expect(two.epoch).toBe(2)
    expect(increments(one, two)).toBe(407n)
  })

  it('leave outstanding what nobody claimed yet', () => {
    expect(outstanding(two, new Map([['H1', 1000n]]))).toBe(457n)
  })

  it('are without fault when built here', () => {
    expect(
      checkLedger(
        [one, two],
        new Map([
          [1, 1050n],
          [2, 407n],
        ]),
        new Map([['H1', 1400n]]),
      ),
    ).toEqual([])
  })

  it.each([
    ['cumulative_decreases', [two, { epoch: 3, amounts: new Map([...two.amounts, ['H1', 1399n]]) }]],
    [
      'hotkey_vanishes',
      [
        two,
        {
          epoch: 3,
          amounts: new Map([
            ['H1', 1400n],
            ['H3', 7n],
          ]),
        },
      ],
    ],
    ['epoch_order', [two, one]],
  ])('that break %s are reported', (rule, epochs) => {
    expect(checkLedger(epochs, new Map(), new Map()).map((fault) => fault.rule)).toContain(rule)
  })

  it('beyond the budget, or paid beyond what was published, are reported', () => {
    expect(checkLedger([one, two], new Map([[2, 406n]]), new Map([['H2', 51n]]))).toEqual([
      { rule: 'increments_exceed_budget', epoch: 2, increments: 407n, budget: 406n },
      { rule: 'paid_exceeds_published', hotkey: 'H2' },
    ])
  })
})

describe('claim dry run', () => {
  const claim = { hotkey: 'H1', epoch: 2, amount: 1400n, minTransfer: 100n }

  it.each([
    [0n, 'paid', 1400n, 1400n],
    [1300n, 'paid', 100n, 1400n],
    [1301n, 'below_minimum', 99n, 1301n],
    [1400n, 'nothing_new', 0n, 1400n],
    [1500n, 'nothing_new', -100n, 1500n],
  ] as const)('after %i claimed: %s', (before, verdict, delta, claimedAfter) => {
    expect(dryRunClaim(claim, before)).toEqual({ verdict, delta, claimedAfter })
  })
})

describe('publish gate', () => {
  const epoch = buildEpoch(
    [1, 2].map((n) => ({
      index: n - 1,
      account: `0x${`${n}`.repeat(40)}`,
      amount: BigInt(n),
      allocationHash: `0x${'ab'.repeat(32)}`,
    })),
    'genesis',
  )
  const declared = { root: toHex(epoch.tree.root), total: 3n }
  const good = { selfValidation: 'accepted', acceptedCount: 3, committeeSize: 3 }

  it('opens when every claim is backed and root and total agree', () => {
    expect(publishGate(epoch, [good, good], declared)).toEqual([])
  })

  it.each([
    ['not_self_validated', { ...good, selfValidation: 'rejected' }],
    ['too_few_accepted', { ...good, acceptedCount: 2 }],
    ['committee_too_small', { ...good, committeeSize: 2 }],
    ['no_backing', undefined],
  ])('stays shut: %s', (reason, backing) => {
    expect(publishGate(epoch, [good, backing], declared)).toEqual([{ reason, index: 1 }])
  })

  it('stays shut for another root or total', () => {
    const faults = publishGate(epoch, [good, good], { root: `0x${'00'.repeat(32)}`, total: 4n })
    expect(faults.map((fault) => fault.reason)).toEqual(['root_differs', 'total_differs'])
  })
})
