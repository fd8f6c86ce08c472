import { Type } from '@sinclair/typebox'
import { Account, event, Hash, Height, Nullable, OneOf, U16, Uid } from './define'

const Vector = Type.Array(Type.Object({ uid: Uid, value: U16 }, { additionalProperties: false }))
const LogState = Type.Object(
  { log: OneOf('chain', 'platform', 'engine'), size: Type.Integer({ minimum: 0 }), root: Hash },
  { additionalProperties: false },
)

/** Events derived from the chain and platform logs by a named rule version (design §2, §4). */
export const engineEvents = {
  /** A mechanism's answer at a block, with everything that is needed to compute it again. */
  DecisionMade: event(1, {
    system: Type.String(),
    /** Index of the mechanism within the subnet. */
    mechanism: Type.Integer({ minimum: 0, maximum: 15 }),
    /** Blocks since genesis divided by tempo + 1, as the chain counts epochs of this netuid; null: on demand. */
    epoch: Nullable(Type.Integer({ minimum: 0 })),
    /** Block in which the epoch runs that these weights are meant for. */
    epochEndsAt: Nullable(Height),
    /** Number in the platform log of the event that asked for it; null: the epoch did. */
    trigger: Nullable(Type.Integer({ minimum: 0 })),
    policyId: Type.String(),
    policy: Type.Unknown({ description: 'the policy itself, so that the decision can be replayed alone' }),
    /** The logs as they were read: their first `size` events and nothing else. */
    read: Type.Array(LogState),
    /** SHA-256 over the canonical JSON of the view. */
    viewDigest: Hash,
    outcome: Type.String(),
    shares: Type.Array(
      Type.Object(
        { hotkey: Account, uid: Uid, share: Type.Number({ minimum: 0, maximum: 1 }) },
        { additionalProperties: false },
      ),
    ),
    burn: Type.Number({ minimum: 0, maximum: 1 }),
    burnUid: Uid,
    /** What a validator has to put on chain; empty: make no call. */
    u16: Vector,
    /** Who holds each uid of `u16` at this block: a validator refuses when one changed hands. */
    holders: Type.Array(
      Type.Object({ uid: Uid, hotkey: Nullable(Account) }, { additionalProperties: false }),
    ),
    /** Why, in numbers: canonical JSON kept by its SHA-256 beside the log. */
    evidence: Type.Object(
      { sha256: Type.String({ pattern: '^[0-9a-f]{64}$' }), bytes: Type.Integer({ minimum: 0 }) },
      { additionalProperties: false },
    ),
  }),
  /** A validator's weights differ from the recommended ones, or agree again. */
  DivergenceFound: event(1, {
    mechanism: Type.Integer({ minimum: 0, maximum: 15 }),
    epoch: Nullable(Type.Integer({ minimum: 0 })),
    validator: Account,
    validatorUid: Nullable(Uid),
    cause: OneOf(
      'rate_limited',
      'other_winner',
      'other_shares',
      'stale',
      'burn',
      'uid_reassigned',
      'commit_expired',
      'masked',
      'none_set',
    ),
    detail: Type.String(),
    decisionSeq: Type.Integer({ minimum: 0 }),
    /** Number of the chain event whose weights are meant; null: none was ever set. */
    submittedSeq: Nullable(Type.Integer({ minimum: 0 })),
    recommended: Vector,
    submitted: Vector,
    effective: Vector,
  }),
  DivergenceEnded: event(1, {
    mechanism: Type.Integer({ minimum: 0, maximum: 15 }),
    epoch: Nullable(Type.Integer({ minimum: 0 })),
    validator: Account,
    decisionSeq: Type.Integer({ minimum: 0 }),
    /** Absent: they agree. no_weights: none of its weights stand any more, because it has lost its uid. */
    reason: Type.Optional(Type.Literal('no_weights')),
  }),
}
