import { Type } from '@sinclair/typebox'
import { Account, BigUint, event, Hash, Nullable, OneOf, Uid } from '../define'
import { RequestHash, Sha256 } from './autoresearch-work'
import { TimeMs } from './core'

const Epoch = Type.Integer({ minimum: 1 })
const Index = Type.Integer({ minimum: 0 })
/** A coldkey (SS58) or an EVM address (0x, 20 bytes): whatever the leaf scheme binds. */
const Recipient = Type.String({ minLength: 1, maxLength: 64 })
const closed = { additionalProperties: false }

const Entry = Type.Object(
  {
    index: Index,
    hotkey: Account,
    recipient: Recipient,
    /** Running total of the hotkey, smallest units. */
    cumulative: BigUint,
    increment: BigUint,
  },
  closed,
)

const Target = Type.Object(
  { uid: Type.Optional(Uid), hotkey: Type.Optional(Type.String()), weight: Type.Number() },
  closed,
)

/** Reward policy and Merkle claims (spec autoresearch.md §9, §10). */
export const autoresearchClaimEvents = {
  RewardPolicySet: event(1, {
    mode: OneOf('local', 'burn_uid0', 'targets'),
    targets: Type.Array(Target),
    transitionStatus: OneOf('blocked', 'ready', 'active'),
    origin: OneOf('default', 'operator'),
    at: TimeMs,
  }),
  /** A hotkey says where its claims go; it holds for epochs built later. */
  ClaimRecipientSet: event(1, {
    hotkey: Account,
    recipient: Recipient,
    requestHash: RequestHash,
    at: TimeMs,
  }),
  EpochBuilt: event(1, {
    epoch: Epoch,
    schemeId: Type.String(),
    leafCount: Type.Integer({ minimum: 1 }),
    /** Sum of the leaves, smallest units. */
    total: BigUint,
    budget: BigUint,
    /** Sum of what was earned since the epoch before. */
    increments: BigUint,
    /** What rounding and tasks without a best result left of the budget. */
    carried: BigUint,
    root: Hash,
    laneId: Hash,
    /** How the budget became amounts: given by the operator, or the stated default. */
    allocation: OneOf('given', 'best_results'),
    entries: Type.Array(Entry),
    /** Earned, but without a recipient that the scheme takes: no leaf yet, nothing lost. */
    held: Type.Array(Type.Object({ hotkey: Account, cumulative: BigUint }, closed)),
    claimsSha256: Sha256,
    at: TimeMs,
  }),
  EpochDiscarded: event(1, { epoch: Epoch, reason: Type.String(), at: TimeMs }),
  EpochPublished: event(1, {
    epoch: Epoch,
    root: Hash,
    uri: Type.String(),
    /** Block of the publishing call. */
    block: Index,
    balances: Type.Array(Type.Object({ hotkey: Account, published: BigUint, paid: BigUint }, closed)),
    at: TimeMs,
  }),
  /** Served for the first time: that the hotkey could have claimed from then on. */
  ClaimProofServed: event(1, {
    epoch: Epoch,
    index: Index,
    hotkey: Account,
    recipient: Recipient,
    cumulative: BigUint,
    at: TimeMs,
  }),
  ClaimPaid: event(1, {
    epoch: Epoch,
    index: Index,
    hotkey: Account,
    recipient: Recipient,
    cumulative: BigUint,
    delta: BigUint,
    /** Latest published running total. */
    published: BigUint,
    extrinsicHash: Nullable(Hash),
    at: TimeMs,
  }),
  ClaimReverted: event(1, {
    epoch: Epoch,
    index: Index,
    hotkey: Account,
    recipient: Recipient,
    cumulative: BigUint,
    /** Negative for an older package. */
    delta: Type.String({ pattern: '^(0|-?[1-9][0-9]*)$' }),
    extrinsicHash: Nullable(Hash),
    reason: Type.String(),
    at: TimeMs,
  }),
  EpochChallenged: event(1, { epoch: Epoch, evidenceHash: Hash, challenger: Type.String(), at: TimeMs }),
  ChallengeResolved: event(1, {
    epoch: Epoch,
    slashed: Type.Boolean(),
    resolver: Type.String(),
    beneficiary: Nullable(Type.String()),
    at: TimeMs,
  }),
  /** A veto locks every claim, whichever epoch it names. */
  VetoChanged: event(1, {
    epoch: Epoch,
    active: Type.Boolean(),
    activeCount: Index,
    actor: Type.String(),
    reason: Type.String(),
    at: TimeMs,
  }),
}
