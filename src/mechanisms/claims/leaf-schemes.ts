import { LedgerError } from '../../errors/ledger-error'
import type { Claim } from './claim'
import { HASH_BYTES, keccakInto } from './keccak'
import { taggedTemplate, type Word, writeWord } from './leaf-encoder'

/** Which claims a leaf binds, and how leaves become a tree (spec autoresearch §10.3, §10.4). */
export interface LeafScheme {
  /** Recorded with every epoch; a proof verifies against exactly one scheme (invariant 12). */
  readonly id: string
  /** `list`: claim order, odd node promoted. `sorted`: by leaf hash, odd node promoted. `heap`: by leaf hash, complete array heap. */
  readonly layout: 'list' | 'sorted' | 'heap'
  /** Writes the 32-byte leaf of a claim. Always from typed fields: a raw 64-byte "leaf" would be an inner node. */
  readonly leaf: (claim: Claim, out: Uint8Array, at: number) => void
  /** The bytes that are hashed (once). */
  readonly preimage: (claim: Claim) => Uint8Array
}

export const SCHEME_IDS = [
  'emission',
  'genesis',
  'openzeppelin',
  'openzeppelin-untagged',
  'openzeppelin-airdrop',
  'uniswap',
  'uniswap-list-order',
  'ink',
] as const
export type SchemeId = (typeof SCHEME_IDS)[number]

const EMISSION_TYPES = ['uint64', 'bytes32', 'address', 'uint256', 'bytes32'] as const
const GENESIS_TYPES = ['address', 'uint256', 'bytes32'] as const

function emissionWords(claim: Claim): Word[] {
  return [
    { kind: 'uint', bits: 64, value: required(claim, 'epoch') },
    { kind: 'bytes32', value: required(claim, 'offchainLaneId') },
    { kind: 'address', value: claim.account },
    { kind: 'uint', bits: 256, value: claim.amount },
    { kind: 'bytes32', value: required(claim, 'rewardHash') },
  ]
}

function genesisWords(claim: Claim): Word[] {
  return [
    { kind: 'address', value: claim.account },
    { kind: 'uint', bits: 256, value: claim.amount },
    { kind: 'bytes32', value: required(claim, 'allocationHash') },
  ]
}

/** Words after the head word that points at the tag. */
const AFTER_TAG = 1

const EMISSION_FIELDS = ['epoch', 'offchainLaneId', 'account', 'amount', 'rewardHash']
const GENESIS_FIELDS = ['account', 'amount', 'allocationHash']

function templated(
  template: Uint8Array,
  wordsOf: (claim: Claim) => Word[],
  fields: readonly string[],
  first: number,
) {
  // One buffer a scheme: the address word's leading zeros and the tag never change.
  return (claim: Claim): Uint8Array => {
    for (const [index, word] of wordsOf(claim).entries())
      writeWord(template, first + index, word, fields[index]!)
    return template
  }
}

const emission = templated(
  taggedTemplate('SOTA_EMISSION_CLAIM', EMISSION_TYPES),
  emissionWords,
  EMISSION_FIELDS,
  AFTER_TAG,
)
const genesis = templated(
  taggedTemplate('SOTA_GENESIS_CLAIM', GENESIS_TYPES),
  genesisWords,
  GENESIS_FIELDS,
  AFTER_TAG,
)
const untagged = templated(new Uint8Array(5 * HASH_BYTES), emissionWords, EMISSION_FIELDS, 0)
const airdrop = templated(new Uint8Array(2 * HASH_BYTES), airdropWords, ['account', 'amount'], 0)

function airdropWords(claim: Claim): Word[] {
  return [
    { kind: 'address', value: claim.account },
    { kind: 'uint', bits: 256, value: claim.amount },
  ]
}

const UNISWAP_BYTES = 32 + 20 + 32
const uniswapIndex = new Uint8Array(3 * HASH_BYTES)
const uniswapPacked = new Uint8Array(UNISWAP_BYTES)

/** encodePacked(uint256 index, address account, uint256 amount): the address takes 20 bytes only. */
function uniswap(claim: Claim): Uint8Array {
  writeWord(uniswapIndex, 0, { kind: 'uint', bits: 256, value: BigInt(claim.index) }, 'index')
  writeWord(uniswapIndex, 1, { kind: 'address', value: claim.account }, 'account')
  writeWord(uniswapIndex, 2, { kind: 'uint', bits: 256, value: claim.amount }, 'amount')
  uniswapPacked.set(uniswapIndex.subarray(0, 32), 0)
  uniswapPacked.set(uniswapIndex.subarray(44, 64), 32)
  uniswapPacked.set(uniswapIndex.subarray(64, 96), 52)
  return uniswapPacked
}

function once(preimage: (claim: Claim) => Uint8Array) {
  return (claim: Claim, out: Uint8Array, at: number) => {
    const bytes = preimage(claim)
    keccakInto(bytes, 0, bytes.length, out, at)
  }
}

/** OpenZeppelin hashes twice, so that no inner node can pass as a leaf. */
function twice(preimage: (claim: Claim) => Uint8Array) {
  const single = once(preimage)
  return (claim: Claim, out: Uint8Array, at: number) => {
    single(claim, out, at)
    keccakInto(out, at, at + HASH_BYTES, out, at)
  }
}

const copying = (preimage: (claim: Claim) => Uint8Array) => (claim: Claim) => preimage(claim).slice()

const SCHEMES: Record<Exclude<SchemeId, 'ink'>, Omit<LeafScheme, 'id'>> = {
  emission: { layout: 'list', leaf: once(emission), preimage: copying(emission) },
  genesis: { layout: 'list', leaf: once(genesis), preimage: copying(genesis) },
  // The tagged emission values, their values without the tag, and the common (address, amount) list.
  openzeppelin: { layout: 'heap', leaf: twice(emission), preimage: copying(emission) },
  'openzeppelin-untagged': { layout: 'heap', leaf: twice(untagged), preimage: copying(untagged) },
  'openzeppelin-airdrop': { layout: 'heap', leaf: twice(airdrop), preimage: copying(airdrop) },
  uniswap: { layout: 'sorted', leaf: once(uniswap), preimage: copying(uniswap) },
  'uniswap-list-order': { layout: 'list', leaf: once(uniswap), preimage: copying(uniswap) },
}

/**
 * The scheme of a name.
 * @throws LedgerError SL-CLAIMS-SCHEME for an unknown name, SL-CLAIMS-INK-UNCONFIGURED for the ink! contract's leaf, whose encoding is unpublished
 */
export function leafScheme(id: string): LeafScheme {
  if (id === 'ink') {
    throw new LedgerError(
      'SL-CLAIMS-INK-UNCONFIGURED',
      'user',
      'The leaf of the ink! claim contract has never been published.',
      {
        remedy:
          'Register an encoder once it reproduces a published root from published claim packages; it is never guessed.',
      },
    )
  }
  const scheme = Object.hasOwn(SCHEMES, id) ? SCHEMES[id as Exclude<SchemeId, 'ink'>] : undefined
  if (scheme) return { id, ...scheme }
  throw new LedgerError('SL-CLAIMS-SCHEME', 'user', `There is no leaf scheme "${id}".`, {
    remedy: `Use one of: ${SCHEME_IDS.filter((known) => known !== 'ink').join(', ')}.`,
    facts: { scheme: id },
  })
}

function required<K extends 'epoch' | 'offchainLaneId' | 'rewardHash' | 'allocationHash'>(
  claim: Claim,
  field: K,
): NonNullable<Claim[K]> {
  const value = claim[field]
  if (value !== undefined) return value
  throw new LedgerError(
    'SL-CLAIMS-FIELD',
    'user',
    `Claim ${claim.index} has no ${field}, which this leaf scheme binds.`,
    {
      remedy: `Give every claim its ${field}, or choose another scheme.`,
      facts: { index: claim.index, field },
    },
  )
}
