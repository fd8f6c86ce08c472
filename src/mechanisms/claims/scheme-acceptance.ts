import { LedgerError } from '../../errors/ledger-error'
import type { Claim } from './claim'
import { buildEpoch } from './epoch'
import { toHex } from './hex'
import type { LeafScheme } from './leaf-schemes'

/** A root that a contract published, with all the claims behind it. */
export interface PublishedRoot {
  readonly claims: readonly Claim[]
  readonly root: string
}

/**
 * A scheme that somebody worked out, as for the ink! contract, whose leaf is unpublished: returned only if it reproduces every given
 * root, and at least one (spec autoresearch §10.1).
 * @throws LedgerError SL-CLAIMS-SCHEME-UNPROVEN
 */
export function acceptScheme(candidate: LeafScheme, published: readonly PublishedRoot[]): LeafScheme {
  const differing = published.findIndex(
    ({ claims, root }) => toHex(buildEpoch(claims, candidate).tree.root) !== root.toLowerCase(),
  )
  if (published.length > 0 && differing < 0) return candidate
  throw new LedgerError(
    'SL-CLAIMS-SCHEME-UNPROVEN',
    'user',
    published.length === 0
      ? `Nothing shows that ${candidate.id} is right.`
      : `${candidate.id} does not reproduce root ${differing}.`,
    {
      remedy: 'Give at least one published root with all its claims; every one must be reproduced.',
      facts: { scheme: candidate.id },
    },
  )
}
