import { StandardMerkleTree } from '@openzeppelin/merkle-tree'
import { describe, expect, it } from 'vitest'
import type { LedgerError } from '../../errors/ledger-error'
import { proveClaims } from '../prove-claims'
import type { Claim } from './claim'
import { buildEpoch, type ProofPackage, packageFor, verifyAgainstRoot, verifyPackage } from './epoch'
import { toHex } from './hex'
import { keccak256 } from './keccak'
import { type LeafScheme, leafScheme, SCHEME_IDS } from './leaf-schemes'
import { acceptScheme } from './scheme-acceptance'

const SCHEMES = SCHEME_IDS.filter((id) => id !== 'ink')
const hash = (text: string) => toHex(keccak256(new TextEncoder().encode(text)))

function claimsOf(count: number): Claim[] {
  return Array.from({ length: count }, (_, index) => ({
    index,
    account: `0x${hash(`account ${index}`).slice(-40)}`,
    amount: BigInt(index + 1) * 10n ** 15n,
    epoch: 42n,
    offchainLaneId: hash('lane'),
    rewardHash: hash(`reward ${index}`),
    allocationHash: hash(`allocation ${index}`),
  }))
}

function flipBit(hex: string, bit: number): string {
  const bytes = Buffer.from(hex.slice(2), 'hex')
  bytes[bit >> 3]! ^= 1 << (bit & 7)
  return `0x${bytes.toString('hex')}`
}

/** Every package that differs from a good one in a single bit of a field that the scheme binds, the index or a sibling. */
function* tampered(good: ProofPackage, fields: readonly (keyof Claim)[]): Generator<[string, ProofPackage]> {
  const { claim, proof } = good
  for (const field of fields) {
    const value = claim[field]
    if (typeof value === 'bigint') {
      for (let bit = 0; bit < (field === 'epoch' ? 64 : 256); bit++) {
        yield [`${field} bit ${bit}`, { ...good, claim: { ...claim, [field]: value ^ (1n << BigInt(bit)) } }]
      }
    } else if (typeof value === 'string') {
      for (let bit = 0; bit < (value.length - 2) * 4; bit++) {
        yield [`${field} bit ${bit}`, { ...good, claim: { ...claim, [field]: flipBit(value, bit) } }]
      }
    }
  }
  for (let bit = 0; bit < 32; bit++) {
    yield [`index bit ${bit}`, { ...good, claim: { ...claim, index: (claim.index ^ (1 << bit)) >>> 0 } }]
  }
  for (const [at, sibling] of proof.entries()) {
    for (let bit = 0; bit < 256; bit++) {
      const changed = sibling.slice()
      changed[bit >> 3]! ^= 1 << (bit & 7)
      yield [`sibling ${at} bit ${bit}`, { ...good, proof: proof.with(at, changed) }]
    }
  }
}

const BOUND: Record<string, readonly (keyof Claim)[]> = {
  emission: ['epoch', 'offchainLaneId', 'account', 'amount', 'rewardHash'],
  genesis: ['account', 'amount', 'allocationHash'],
  openzeppelin: ['epoch', 'offchainLaneId', 'account', 'amount', 'rewardHash'],
  'openzeppelin-untagged': ['epoch', 'offchainLaneId', 'account', 'amount', 'rewardHash'],
  'openzeppelin-airdrop': ['account', 'amount'],
  uniswap: ['account', 'amount'],
  'uniswap-list-order': ['account', 'amount'],
}

describe.each(SCHEMES)('proofs of scheme %s', (scheme) => {
  it.each([1, 2, 3, 5, 8, 13])('verify for each of %i claims', (count) => {
    const epoch = buildEpoch(claimsOf(count), scheme)
    for (let index = 0; index < count; index++)
      expect(verifyPackage(packageFor(epoch, index), epoch)).toBeUndefined()
  })

  it('are refused after any single-bit change of a bound field, the index or a sibling', () => {
    const epoch = buildEpoch(claimsOf(5), scheme)
    let tried = 0
    for (const index of [0, 3, 4]) {
      const good = packageFor(epoch, index)
      for (const [what, bad] of tampered(good, BOUND[scheme]!)) {
        expect(verifyPackage(bad, epoch), `claim ${index}, ${what}`).toBeDefined()
        tried++
      }
    }
    expect(tried).toBeGreaterThan(3000)
  })

  it('are refused under another scheme, with a sibling more, less or swapped', () => {
    const epoch = buildEpoch(claimsOf(8), scheme)
    const good = packageFor(epoch, 2)
    const other = SCHEMES.find((id) => id !== scheme)!
    expect(verifyPackage({ ...good, schemeId: other }, epoch)).toBe('wrong_scheme')
    expect(verifyPackage({ ...good, proof: good.proof.slice(1) }, epoch)).toBeDefined()
    expect(verifyPackage({ ...good, proof: [...good.proof, new Uint8Array(32)] }, epoch)).toBeDefined()
    expect(verifyPackage({ ...good, proof: good.proof.toReversed() }, epoch)).toBeDefined()
  })
})

describe('proofs', () => {
  it('need the claim list to bind an index when the scheme does not hash it', () => {
    const epoch = buildEpoch(claimsOf(8), 'emission')
    const good = packageFor(epoch, 2)
    const moved = { ...good, claim: { ...good.claim, index: 3 } }
    const published = { scheme: leafScheme('emission'), root: epoch.tree.root, leafCount: 8 }
    expect(verifyAgainstRoot(moved, published)).toBeUndefined()
    expect(verifyPackage(moved, epoch)).toBe('not_the_claim_of_the_index')
  })
})

describe('a scheme of one’s own', () => {
  const candidate: LeafScheme = { ...leafScheme('genesis'), id: 'ink/1' }
  const published = { claims: claimsOf(3), root: toHex(buildEpoch(claimsOf(3), 'genesis').tree.root) }

  it('is accepted once it reproduces a published root', () => {
    expect(acceptScheme(candidate, [published])).toBe(candidate)
    const epoch = buildEpoch(claimsOf(4), candidate)
    expect(verifyPackage(packageFor(epoch, 1), epoch)).toBeUndefined()
    expect(verifyPackage({ ...packageFor(epoch, 1), schemeId: 'genesis' }, epoch)).toBe('wrong_scheme')
  })

  it.each([
    ['nothing published', []],
    ['one root that differs', [published, { ...published, root: `0x${'11'.repeat(32)}` }]],
  ])('is refused with %s', (_, roots) => {
    expect(() => acceptScheme(candidate, roots)).toThrow(
      expect.objectContaining({ code: 'SL-CLAIMS-SCHEME-UNPROVEN' }),
    )
  })
})

describe('trees', () => {
  it.each([1, 2, 3, 7, 64, 100])('of %i claims equal those of the OpenZeppelin library', (count) => {
    const claims = claimsOf(count)
    const tagged = StandardMerkleTree.of(
      claims.map((c) => [
        'SOTA_EMISSION_CLAIM',
        c.epoch,
        c.offchainLaneId,
        c.account,
        c.amount,
        c.rewardHash,
      ]),
      ['string', 'uint64', 'bytes32', 'address', 'uint256', 'bytes32'],
    )
    const ours = proveClaims(
      {
        epoch: 42,
        offchain_lane_id: hash('lane'),
        claims: claims.map((c) => ({
          account: c.account,
          amount: String(c.amount),
          reward_hash: c.rewardHash,
        })),
      },
      'openzeppelin',
    )
    expect(ours.root).toBe(tagged.root)
    const proofs = (ours.claims as { proof: string[] }[]).map((claim) => claim.proof)
    expect(proofs).toEqual(claims.map((_, index) => tagged.getProof(index)))
    const airdrop = StandardMerkleTree.of(
      claims.map((c) => [c.account, c.amount]),
      ['address', 'uint256'],
    )
    expect(toHex(buildEpoch(claims, 'openzeppelin-airdrop').tree.root)).toBe(airdrop.root)
  })

  it('promote an odd last node unchanged', () => {
    const epoch = buildEpoch(claimsOf(5), 'emission')
    expect(epoch.tree.layers.map((layer) => layer.length / 32)).toEqual([5, 3, 2, 1])
    expect(epoch.tree.proof(4)).toHaveLength(1)
  })
})

function refusal(action: () => unknown): LedgerError {
  try {
    action()
  } catch (error) {
    return error as LedgerError
  }
  throw new Error('was accepted')
}

describe('refusals', () => {
  const claims = claimsOf(2)
  const [first, second] = claims as [Claim, Claim]

  it.each([
    ['SL-CLAIMS-EMPTY', () => buildEpoch([], 'emission')],
    ['SL-CLAIMS-INDEX', () => buildEpoch([second, first], 'emission')],
    ['SL-CLAIMS-AMOUNT', () => buildEpoch([{ ...first, amount: 0n }], 'emission')],
    ['SL-CLAIMS-RANGE', () => buildEpoch([{ ...first, amount: 1n << 256n }], 'emission')],
    ['SL-CLAIMS-RANGE', () => buildEpoch([{ ...first, epoch: 1n << 64n }], 'emission')],
    ['SL-CLAIMS-HEX', () => buildEpoch([{ ...first, account: '0x12' }], 'emission')],
    [
      'SL-CLAIMS-ACCOUNT-TWICE',
      () =>
        buildEpoch(
          [first, { ...second, account: first.account.toUpperCase().replace('0X', '0x') }],
          'emission',
        ),
    ],
    ['SL-CLAIMS-FIELD', () => buildEpoch([{ index: 0, account: first.account, amount: 1n }], 'genesis')],
    ['SL-CLAIMS-SCHEME', () => leafScheme('toString')],
    ['SL-CLAIMS-INK-UNCONFIGURED', () => buildEpoch(claims, 'ink')],
    ['SL-CLAIMS-INPUT', () => proveClaims({ claims: [{ account: first.account }] }, 'emission')],
    [
      'SL-CLAIMS-INPUT',
      () => proveClaims({ claims: [{ account: first.account, amount: '1.5' }] }, 'emission'),
    ],
    ['SL-CLAIMS-INPUT', () => proveClaims(5, 'emission')],
  ])('%s', (code, action) => {
    expect(refusal(action).code).toBe(code)
  })
})
