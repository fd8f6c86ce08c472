import { type TSchema, Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import { LedgerError } from '../errors/ledger-error'
import type { Claim } from './claims/claim'
import { buildEpoch, type ClaimEpoch } from './claims/epoch'
import { toHex } from './claims/hex'
import { hexProofs } from './claims/hex-proofs'
import { HASH_BYTES } from './claims/keccak'

const open = { additionalProperties: true }
const Amount = Type.Union([
  Type.String({ pattern: '^\\d{1,78}$' }),
  Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
])
const Text = Type.Optional(Type.String())
const Epoch = Type.Optional(
  Type.Union([Type.Integer({ minimum: 0 }), Type.String({ pattern: '^\\d{1,20}$' })]),
)

const Row = Type.Object(
  {
    index: Type.Optional(Type.Integer({ minimum: 0 })),
    account: Text,
    reward_address: Text,
    amount: Type.Optional(Amount),
    amount_units: Type.Optional(Amount),
    epoch: Epoch,
    offchain_lane_id: Text,
    reward_hash: Text,
    allocation_hash: Text,
  },
  open,
)
/** What a published bundle (`sota-emission-root-v1`) says of its tree; what is stated has to be so. */
const Declared = Type.Object(
  {
    root: Text,
    leaf_count: Type.Optional(Type.Integer({ minimum: 0 })),
    total_amount_units: Type.Optional(Amount),
    sort_pairs: Type.Optional(Type.Literal(true)),
    odd_strategy: Type.Optional(Type.Literal('promote')),
    hash: Type.Optional(Type.Literal('keccak256')),
  },
  open,
)
const Input: TSchema = Type.Object(
  { epoch: Epoch, offchain_lane_id: Text, claims: Type.Array(Row), merkle: Type.Optional(Declared) },
  open,
)

/** Above this many leaves the layers are counted but not printed. */
const MAX_LEAVES_WITH_LAYERS = 1024

/**
 * The command `subledger claims`: a list of claims in, root, layers and every proof out, in the shape of the vectors.
 * @throws LedgerError SL-CLAIMS-INPUT, SL-CLAIMS-DECLARED-DIFFERS and those of the schemes
 */
export function proveClaims(input: unknown, scheme: string): Record<string, unknown> {
  const list = Array.isArray(input) ? { claims: input } : unwrap(input)
  if (!Value.Check(Input, list)) {
    const [fault] = Value.Errors(Input, list)
    throw inputFault(`${fault?.path || '/'}: ${fault?.message ?? 'unreadable'}`)
  }
  const { epoch, offchain_lane_id, claims, merkle } = list as RawInput
  const rows = claims.map((row, position) => claimOf({ epoch, offchain_lane_id, ...row }, position))
  const built = buildEpoch(rows, scheme)
  if (merkle) checkDeclared(built, merkle)
  return shapeOf(built, claims)
}

interface Declared {
  readonly root?: string
  readonly leaf_count?: number
  readonly total_amount_units?: string | number
}

/** A bundle is refused when root, count or total are not those of its claims (spec autoresearch §10.3). */
function checkDeclared({ tree, total }: ClaimEpoch, declared: Declared): void {
  const computed = {
    root: toHex(tree.root),
    leaf_count: String(tree.leafCount),
    total_amount_units: String(total),
  }
  for (const [field, value] of Object.entries(computed)) {
    const stated = declared[field as keyof Declared]
    if (stated === undefined || String(stated).toLowerCase() === value) continue
    throw new LedgerError(
      'SL-CLAIMS-DECLARED-DIFFERS',
      'contradiction',
      `The bundle declares another ${field} than its claims have.`,
      {
        remedy: 'Do not publish or claim from it: the list, the scheme or the declaration is another one.',
        facts: { field, declared: String(stated), computed: value },
      },
    )
  }
}

interface RawRow {
  readonly index?: number
  readonly account?: string
  readonly reward_address?: string
  readonly amount?: string | number
  readonly amount_units?: string | number
  readonly epoch?: string | number | undefined
  readonly offchain_lane_id?: string | undefined
  readonly reward_hash?: string
  readonly allocation_hash?: string
}

interface RawInput {
  readonly epoch?: string | number
  readonly offchain_lane_id?: string
  readonly claims: readonly RawRow[]
  readonly merkle?: Declared
}

/** The genesis vector keeps its claims one level down. */
function unwrap(input: unknown): unknown {
  const genesis = (input as { genesis?: unknown } | null)?.genesis
  return genesis !== undefined && !(input as { claims?: unknown }).claims ? genesis : input
}

function claimOf(row: RawRow, position: number): Claim {
  const account = row.account ?? row.reward_address
  const amount = row.amount ?? row.amount_units
  if (account === undefined) throw inputFault(`/claims/${position}: no account`)
  if (amount === undefined) throw inputFault(`/claims/${position}: no amount`)
  return {
    index: row.index ?? position,
    account,
    amount: BigInt(amount),
    ...(row.epoch === undefined ? {} : { epoch: BigInt(row.epoch) }),
    ...(row.offchain_lane_id === undefined ? {} : { offchainLaneId: row.offchain_lane_id }),
    ...(row.reward_hash === undefined ? {} : { rewardHash: row.reward_hash }),
    ...(row.allocation_hash === undefined ? {} : { allocationHash: row.allocation_hash }),
  }
}

function shapeOf(epoch: ClaimEpoch, rows: readonly RawRow[]): Record<string, unknown> {
  const { tree, scheme, leaves } = epoch
  const proofOf = hexProofs(tree)
  const leafOf = (index: number) => toHex(leaves.subarray(index * HASH_BYTES, (index + 1) * HASH_BYTES))
  const proofs = rows.map((_, index) => proofOf(index))
  const depth = proofs.reduce((longest, proof) => Math.max(longest, proof.length), 0) + 1
  const isLayered = scheme.layout !== 'heap'
  return {
    scheme: scheme.id,
    leaf_count: tree.leafCount,
    total_amount: String(epoch.total),
    layers_count: isLayered ? tree.layers.length : depth,
    ...(isLayered && tree.leafCount <= MAX_LEAVES_WITH_LAYERS ? { layers: tree.layers.map(nodesOf) } : {}),
    root: toHex(tree.root),
    claims: rows.map((row, index) => ({
      ...row,
      index,
      amount: String(epoch.claims[index]!.amount),
      leaf: leafOf(index),
      proof: proofs[index],
    })),
  }
}

function nodesOf(layer: Uint8Array): string[] {
  return Array.from({ length: layer.length / HASH_BYTES }, (_, i) =>
    toHex(layer.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES)),
  )
}

function inputFault(what: string): LedgerError {
  return new LedgerError('SL-CLAIMS-INPUT', 'user', `The claims cannot be read: ${what}.`, {
    remedy:
      'Give {"claims": [{"account", "amount", …}]} with the fields that the scheme binds; amounts as decimal strings.',
  })
}
