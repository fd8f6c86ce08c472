import { Type } from '@sinclair/typebox'
import { type Case, type CaseRule, NonNegative, open, rule, Text } from '../../case-rule'
import { dryRunClaim } from '../../claims/cumulative'
import { fromHex, toHex } from '../../claims/hex'
import { HASH_BYTES } from '../../claims/keccak'
import { foldProof } from '../../claims/tree'
import { MAX_COMPETITION_WEIGHT, splitBudget } from '../competition-split'

const Decimal = Type.String({ pattern: '^-?\\d{1,78}$' })

/** A Merkle proof against the root of its tree (spec autoresearch §10.3). */
export const proof = rule(
  'Merkle proof',
  ['leaf', 'proof'],
  Type.Object({ leaf: Text, proof: Type.Array(Text), root: Text }, open),
  (entry) => {
    const siblings = entry.proof.map((node: string) => fromHex(node, HASH_BYTES, 'proof'))
    const root = toHex(foldProof(fromHex(entry.leaf, HASH_BYTES, 'leaf'), siblings))
    return { verifies: root === entry.root.toLowerCase() }
  },
)

const RESULT_TEXT = {
  paid: (delta: bigint) => `paid ${delta}`,
  nothing_new: () => 'revert or no-op (nothing new)',
  below_minimum: () => 'revert ContractReverted (below live minimum)',
}

/** Claims against the pool, where a leaf holds the running total (spec autoresearch §10.1); smallest units. */
export const cumulative: CaseRule = {
  ...rule(
    'cumulative claims',
    ['sequence'],
    Type.Object(
      {
        sequence: Type.Array(
          Type.Object({ epoch: NonNegative, hotkey: Text, amount: Decimal, min_transfer: Decimal }, open),
        ),
      },
      open,
    ),
    (entry) => {
      const claimed = new Map<string, bigint>()
      const sequence = entry.sequence.map((step: Case) => {
        const { epoch, hotkey, amount, min_transfer } = step
        const claim = { hotkey, epoch, amount: BigInt(amount), minTransfer: BigInt(min_transfer) }
        const run = dryRunClaim(claim, claimed.get(hotkey) ?? 0n)
        claimed.set(hotkey, run.claimedAfter)
        return {
          epoch,
          hotkey,
          amount,
          min_transfer,
          delta: String(run.delta),
          result: RESULT_TEXT[run.verdict](run.delta),
          claimed_after: String(run.claimedAfter),
        }
      })
      return { sequence }
    },
  ),
  tells: (entry) => 'sequence' in entry && !('min' in entry),
}

/** One epoch's budget split between competitions (spec autoresearch §9); smallest units. */
export const split = rule(
  'competition split',
  ['budget', 'competitions'],
  Type.Object(
    {
      budget: Type.Union([Decimal, NonNegative]),
      competitions: Type.Array(
        Type.Object(
          { slug: Text, weight: Type.Number({ minimum: 0, maximum: MAX_COMPETITION_WEIGHT }) },
          open,
        ),
      ),
    },
    open,
  ),
  (entry) => {
    const { amounts, dust } = splitBudget(BigInt(entry.budget), entry.competitions)
    return {
      amounts: Object.fromEntries([...amounts].map(([slug, amount]) => [slug, String(amount)])),
      dust: String(dust),
    }
  },
)
