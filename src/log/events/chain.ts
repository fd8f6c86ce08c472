import { Type } from '@sinclair/typebox'
import { Account, BigUint, event, Hash, Height, Hex, Nullable, OneOf, U16, Uid } from './define'

/**
 * Points at an earlier event of the same log: (height, event index) is unique and known before `seq` is.
 * The index is null where the chain had calls but no events (weight commits of specs 151–204): there `who` and
 * the commit hash beside it name the one meant.
 */
const EventRef = Type.Object(
  { height: Height, eventIndex: Nullable(Type.Integer({ minimum: 0 })) },
  { additionalProperties: false },
)

const Mechanism = Type.Integer({ minimum: 0, maximum: 15, description: 'storage index div 4096' })

/** One field of a commitment, exactly as on chain: kind is the variant's name (Raw17, BlakeTwo256, BigRaw, …). */
const CommitmentField = Type.Object(
  { kind: Type.String(), bytes: Nullable(Hex), revealRound: Nullable(BigUint) },
  { additionalProperties: false },
)

const commitment = {
  who: Account,
  /** uid held by `who` at this event, null when none. */
  uid: Nullable(Uid),
  /** Oldest hotkey of `who`'s swap chain in this subnet instance; `who` itself when never swapped. */
  lineage: Account,
  /** null: committed, but the content is in no reachable call and storage no longer (or not) held it. */
  fields: Nullable(Type.Array(CommitmentField)),
  /** SHA-256 over the concatenated bytes of all readable (not timelocked) fields. */
  contentHash: Nullable(Hash),
  source: OneOf('call', 'storage', 'unavailable'),
}

/** Facts derived from finalized blocks (design §2); every honest indexer gets the same bytes. */
export const chainEvents = {
  SubnetRegistered: event(1, {
    modality: Type.Integer(),
    ownerColdkey: Nullable(Account),
    ownerHotkey: Nullable(Account),
    /** `snapshot`: the subnet existed before the first indexed block. */
    source: OneOf('event', 'snapshot'),
  }),
  SubnetDissolved: event(1, { registeredAt: Height }),
  NeuronRegistered: event(1, {
    uid: Uid,
    hotkey: Account,
    coldkey: Nullable(Account),
    lineage: Account,
    registeredAt: Height,
    /** Hotkey that held the uid until now; its TenureEnded precedes this event. */
    replaced: Nullable(Account),
    source: OneOf('event', 'owner', 'snapshot'),
  }),
  TenureEnded: event(1, {
    uid: Uid,
    hotkey: Account,
    registeredAt: Height,
    reason: OneOf('replaced', 'trimmed', 'dissolved'),
    /** Whether the chain cleared the uid's own weights with it: a replacement does so since spec 233. */
    weightsCleared: Type.Boolean(),
  }),
  /** Ends the tenure of the old hotkey and begins that of the new one: same uid, same registeredAt. */
  HotkeySwapped: event(1, {
    /** null: the old hotkey held no uid here (only its commitments' lineage moves on). */
    uid: Nullable(Uid),
    oldHotkey: Account,
    newHotkey: Account,
    coldkey: Account,
    lineage: Account,
    registeredAt: Nullable(Height),
    scope: OneOf('all', 'subnet'),
  }),
  ColdkeySwapped: event(1, { oldColdkey: Account, newColdkey: Account, uids: Type.Array(Uid) }),
  /** Uids of everyone who stayed were compacted; TenureEnded for the removed precede this event. */
  UidsTrimmed: event(1, {
    maxUids: Type.Integer({ minimum: 0 }),
    moved: Type.Array(
      Type.Object(
        { from: Uid, to: Uid, hotkey: Account, registeredAt: Height },
        { additionalProperties: false },
      ),
    ),
  }),
  Committed: event(1, commitment),
  CommitmentTimelocked: event(1, { ...commitment, revealRound: BigUint }),
  CommitmentRevealed: event(1, {
    who: Account,
    uid: Nullable(Uid),
    lineage: Account,
    /** As the chain keeps it, mostly text with its SCALE length; null: the node no longer holds it. */
    plaintext: Nullable(Hex),
    /** SHA-256 of the plaintext without that length. */
    contentHash: Nullable(Hash),
    /** The CommitmentTimelocked event it opens; null when that lies before the first indexed block. */
    commitment: Nullable(EventRef),
    revealRound: Nullable(BigUint),
  }),
  WeightsSet: event(1, {
    mechanism: Mechanism,
    uid: Uid,
    hotkey: Nullable(Account),
    source: OneOf('set', 'batch', 'reveal', 'crv3', 'timelocked', 'unknown'),
    /** Where the vector was read: the call's arguments, or Weights(index, uid) at this block. */
    values: OneOf('call', 'storage', 'unavailable'),
    versionKey: Nullable(BigUint),
    uids: Type.Array(Uid),
    /** Holder of each uid at this very event; null when nobody holds it. */
    hotkeys: Type.Array(Nullable(Account)),
    /** As submitted (u16); null when only the stored vector is known. */
    raw: Nullable(Type.Array(U16)),
    /** Max-upscaled to 65535, as the chain stores it. Empty, as `uids`, when the values are unavailable. */
    u16: Type.Array(U16),
  }),
  WeightsCommitted: event(1, {
    mechanism: Mechanism,
    who: Account,
    uid: Nullable(Uid),
    kind: OneOf('hash', 'crv3', 'timelocked'),
    commitHash: Hash,
    revealRound: Nullable(BigUint),
  }),
  WeightsRevealed: event(1, {
    mechanism: Mechanism,
    who: Account,
    uid: Nullable(Uid),
    kind: OneOf('hash', 'crv3', 'timelocked'),
    commitHash: Nullable(Hash),
    commit: Nullable(EventRef),
  }),
  WeightsCommitExpired: event(1, {
    mechanism: Mechanism,
    who: Account,
    kind: OneOf('hash', 'crv3', 'timelocked'),
    commitHash: Hash,
    commit: EventRef,
    reason: OneOf('not-revealed-in-time', 'tenure-ended', 'hotkey-swapped', 'subnet-dissolved'),
  }),
  EpochEmitted: event(1, {
    mechanism: Mechanism,
    /** Alpha in rao, by uid at that moment; hotkeys has the same length. */
    emissions: Type.Array(BigUint),
    hotkeys: Type.Array(Nullable(Account)),
  }),
  /** Told when the set differs from what the log says already: an epoch that changes nothing is no event. */
  ValidatorPermitsChanged: event(1, {
    /** Uids that hold a validator permit after this block, ascending. */
    uids: Type.Array(Uid),
    /** Holder of each of them; null: not known. */
    hotkeys: Type.Array(Nullable(Account)),
    /** Those of `uids` that held none before. */
    gained: Type.Array(Uid),
    /** Uids that have none any more while their holders stay; a permit also ends with the tenure, which has its own event. */
    lost: Type.Array(Uid),
    /** `storage`: read again after a change of hands, a trim or an upgrade; `snapshot`: the first reading of a subnet. */
    source: OneOf('epoch', 'snapshot', 'storage'),
  }),
  HyperparameterChanged: event(1, {
    name: Type.String(),
    /** Integers as decimal strings, flags as booleans, anything else as canonical JSON text. */
    value: Type.Union([Type.String(), Type.Boolean()]),
    /** `call`: visible only as a successful AdminUtils call; `snapshot`: read from storage. */
    source: OneOf('event', 'call', 'snapshot'),
  }),
  RuntimeUpgraded: event(1, { from: Type.Integer(), to: Type.Integer() }),
  /** Seen, not understood: kept raw, never dropped, never guessed. */
  Undecoded: event(1, {
    what: OneOf('event', 'call', 'storage'),
    name: Type.String(),
    specVersion: Type.Integer(),
    reason: Type.String(),
    /** Canonical JSON of what the runtime's metadata made of it, or hex bytes. */
    raw: Type.String(),
  }),
}
