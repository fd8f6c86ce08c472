import { LedgerError } from '../../errors/ledger-error'
import type { Claim } from './claim'
import { HASH_BYTES } from './keccak'
import { type LeafScheme, leafScheme } from './leaf-schemes'
import { buildTree, foldProof, type MerkleTree } from './tree'

/** More leaves than any subnet can have; a tree of them needs about 140 MB. */
export const MAX_LEAVES = 2_000_000

export interface ClaimEpoch {
  readonly scheme: LeafScheme
  readonly claims: readonly Claim[]
  /** Leaf hashes in claim order, 32 bytes each. */
  readonly leaves: Uint8Array
  readonly tree: MerkleTree
  readonly total: bigint
}

/**
 * The tree of a list of claims, by the name of a scheme or a scheme of one's own. Every claim is checked: indices count up from 0, amounts are positive, no account twice.
 * @throws LedgerError SL-CLAIMS-EMPTY, SL-CLAIMS-TOO-MANY, SL-CLAIMS-INDEX, SL-CLAIMS-AMOUNT, SL-CLAIMS-ACCOUNT-TWICE and those of the scheme
 */
export function buildEpoch(claims: readonly Claim[], chosen: string | LeafScheme): ClaimEpoch {
  const scheme = typeof chosen === 'string' ? leafScheme(chosen) : chosen
  const total = checkClaims(claims)
  const leaves = new Uint8Array(claims.length * HASH_BYTES)
  for (const claim of claims) scheme.leaf(claim, leaves, claim.index * HASH_BYTES)
  return { scheme, claims, leaves, tree: buildTree(leaves, scheme.layout), total }
}

function checkClaims(claims: readonly Claim[]): bigint {
  if (claims.length === 0) throw refusal('SL-CLAIMS-EMPTY', 'An epoch without claims has no root.', {})
  if (claims.length > MAX_LEAVES) {
    throw refusal('SL-CLAIMS-TOO-MANY', `${claims.length} claims are more than ${MAX_LEAVES}.`, {
      claims: claims.length,
    })
  }
  const accounts = new Set<string>()
  let total = 0n
  for (const [position, claim] of claims.entries()) {
    const facts = { index: claim.index, account: claim.account }
    if (claim.index !== position)
      throw refusal('SL-CLAIMS-INDEX', `Claim ${position} states index ${claim.index}.`, facts)
    if (claim.amount <= 0n)
      throw refusal('SL-CLAIMS-AMOUNT', `Claim ${position} is not a positive amount.`, facts)
    const account = claim.account.toLowerCase()
    if (accounts.has(account))
      throw refusal('SL-CLAIMS-ACCOUNT-TWICE', `${claim.account} has two claims.`, facts)
    accounts.add(account)
    total += claim.amount
  }
  return total
}

function refusal(code: `SL-${string}`, message: string, facts: Record<string, string | number>): LedgerError {
  return new LedgerError(code, 'user', message, {
    remedy: 'Give a list with one positive claim an account, in index order from 0.',
    facts,
  })
}

/** What somebody who asks for a payment presents: typed fields and siblings, never a leaf hash. */
export interface ProofPackage {
  readonly schemeId: string
  readonly claim: Claim
  readonly proof: readonly Uint8Array[]
}

export function packageFor(epoch: ClaimEpoch, index: number): ProofPackage {
  return { schemeId: epoch.scheme.id, claim: epoch.claims[index]!, proof: epoch.tree.proof(index) }
}

export type ProofFault =
  | 'wrong_scheme'
  | 'index_out_of_range'
  | 'wrong_length'
  | 'not_the_claim_of_the_index'
  | 'wrong_root'

/** Outline of an epoch as it is published; enough for everything but the index (see `verifyPackage`). */
export interface PublishedEpoch {
  readonly scheme: LeafScheme
  readonly root: Uint8Array
  readonly leafCount: number
}

/**
 * What a contract can check: the scheme, the range, the length of the path, and that the leaf built from the typed fields
 * folds to the root. Pairs are sorted, so a root alone does not bind a leaf to its index unless the scheme hashes the index.
 */
export function verifyAgainstRoot(
  { schemeId, claim, proof }: ProofPackage,
  published: PublishedEpoch,
): ProofFault | undefined {
  const { scheme } = published
  if (schemeId !== scheme.id) return 'wrong_scheme'
  if (!Number.isInteger(claim.index) || claim.index < 0 || claim.index >= published.leafCount)
    return 'index_out_of_range'
  if (scheme.layout === 'list' && proof.length !== pathLength(claim.index, published.leafCount))
    return 'wrong_length'
  const leaf = new Uint8Array(HASH_BYTES)
  scheme.leaf(claim, leaf, 0)
  return isEqual(foldProof(leaf, proof), published.root) ? undefined : 'wrong_root'
}

/** The whole check of one who holds the claim list: besides the root, that this leaf and this path are those of the index. */
export function verifyPackage(candidate: ProofPackage, epoch: ClaimEpoch): ProofFault | undefined {
  const { scheme, tree, leaves } = epoch
  const fault = verifyAgainstRoot(candidate, { scheme, root: tree.root, leafCount: tree.leafCount })
  if (fault) return fault
  const { index } = candidate.claim
  const leaf = new Uint8Array(HASH_BYTES)
  scheme.leaf(candidate.claim, leaf, 0)
  const own = leaves.subarray(index * HASH_BYTES, (index + 1) * HASH_BYTES)
  return isEqual(leaf, own) ? undefined : 'not_the_claim_of_the_index'
}

/** Siblings on the way up from `index` when an odd last node is promoted. */
function pathLength(index: number, leafCount: number): number {
  let length = 0
  for (let node = index, count = leafCount; count > 1; node >>= 1, count = Math.ceil(count / 2)) {
    if ((node ^ 1) < count) length++
  }
  return length
}

function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i])
}
