import { describe, expect, it } from 'vitest'
import { proveClaims } from '../prove-claims'
import { toHex } from './hex'
import { keccak256 } from './keccak'

const hash = (text: string) => toHex(keccak256(new TextEncoder().encode(text)))
/** Rows as bundles of the EVM track have them. */
const rows = Array.from({ length: 3 }, (_, index) => ({
  index,
  reward_address: `0x${hash(`account ${index}`).slice(-40)}`,
  amount_units: String((index + 1) * 1_000),
  reward_hash: hash(`reward ${index}`),
  submission_id: `submission-${index}`,
}))
const bundle = { epoch: 42, offchain_lane_id: hash('lane'), claims: rows }
const { root } = proveClaims(bundle, 'emission')
const declared = {
  root,
  leaf_count: 3,
  total_amount_units: '6000',
  sort_pairs: true,
  odd_strategy: 'promote',
  hash: 'keccak256',
}

describe('a published bundle', () => {
  it('is taken when root, count and total are those of its claims', () => {
    const proven = proveClaims({ ...bundle, merkle: declared }, 'emission')
    expect(proven).toMatchObject({ root, total_amount: '6000' })
    expect((proven.claims as object[])[1]).toMatchObject({ submission_id: 'submission-1', index: 1 })
  })

  it.each([
    ['root', { root: hash('other') }],
    ['leaf_count', { leaf_count: 4 }],
    ['total_amount_units', { total_amount_units: '6001' }],
  ])('is refused when another %s is declared', (field, over) => {
    expect(() => proveClaims({ ...bundle, merkle: { ...declared, ...over } }, 'emission')).toThrow(
      expect.objectContaining({
        code: 'SL-CLAIMS-DECLARED-DIFFERS',
        facts: expect.objectContaining({ field }),
      }),
    )
  })

  it.each([{ sort_pairs: false }, { odd_strategy: 'duplicate' }, { hash: 'sha256' }])(
    'is not read as one when its tree is of another kind: %j',
    (over) => {
      expect(() => proveClaims({ ...bundle, merkle: { ...declared, ...over } }, 'emission')).toThrow(
        expect.objectContaining({ code: 'SL-CLAIMS-INPUT' }),
      )
    },
  )
})
