import { between, callsOf, eventsOf, onBranch, since, storageOf, twox } from './item'
import { accountId, bytes, compact, h256, sequence, struct, tuple, u8, u16, u64 } from './shape'

const event = eventsOf('pallets/subtensor/src/macros/events.rs')
const call = callsOf('pallets/subtensor/src/macros/dispatches.rs')
const storage = storageOf('pallets/subtensor/src/lib.rs')
const pallet = 'SubtensorModule'

const whoIndexHash = tuple(accountId, u16, h256)

/** Commits and reveals had no events between 151 and 204: there, calls and their success say it. */
export const FIRST_SPEC_WITH_COMMIT_EVENTS = 205

/** (who, storage index, hash of the vector and its salt) */
export const weightsCommitted = event(
  pallet,
  'WeightsCommitted',
  { 205: 79, 381: 83, 424: 85 },
  since(205, whoIndexHash),
  onBranch('devnet-ready', 218, whoIndexHash, 80),
)

/** (who, storage index, hash); its WeightsSet comes just before. */
export const weightsRevealed = event(
  pallet,
  'WeightsRevealed',
  { 205: 80, 381: 84, 424: 86 },
  since(205, whoIndexHash),
  onBranch('devnet-ready', 218, whoIndexHash, 81),
)

/** (who, plain netuid, hashes) */
export const weightsBatchRevealed = event(
  pallet,
  'WeightsBatchRevealed',
  { 205: 81, 381: 85, 424: 87 },
  since(205, tuple(accountId, u16, sequence(h256))),
  onBranch('devnet-ready', 218, tuple(accountId, u16, sequence(h256)), 82),
)

/** (who, storage index, blake2-256 of the ciphertext) */
export const crv3WeightsCommitted = event(
  pallet,
  'CRV3WeightsCommitted',
  { 216: 78, 381: 82, 424: 84 },
  since(216, whoIndexHash),
)

/** (plain netuid, who) */
export const crv3WeightsRevealed = event(
  pallet,
  'CRV3WeightsRevealed',
  { 261: 93, 381: 97, 424: 99 },
  since(261, tuple(u16, accountId)),
)

/** (who, storage index, blake2-256 of the ciphertext, drand round) */
export const timelockedWeightsCommitted = event(
  pallet,
  'TimelockedWeightsCommitted',
  { 306: 101, 381: 105, 424: 107 },
  since(306, tuple(accountId, u16, h256, u64)),
)

/** (storage index, who), in Initialization, just after its WeightsSet */
export const timelockedWeightsRevealed = event(
  pallet,
  'TimelockedWeightsRevealed',
  { 306: 102, 381: 106, 424: 108 },
  since(306, tuple(u16, accountId)),
)

export const commitWeights = call(
  pallet,
  'commit_weights',
  96,
  since(165, struct({ netuid: u16, commitHash: h256 })),
)

export const commitMechanismWeights = call(
  pallet,
  'commit_mechanism_weights',
  115,
  since(320, struct({ netuid: u16, mecid: u8, commitHash: h256 })),
)

export const batchCommitWeights = call(
  pallet,
  'batch_commit_weights',
  100,
  since(216, struct({ netuids: sequence(compact(u16)), commitHashes: sequence(h256) })),
)

const revealed = { uids: sequence(u16), values: sequence(u16), salt: sequence(u16), versionKey: u64 }

export const revealWeights = call(
  pallet,
  'reveal_weights',
  97,
  since(165, struct({ netuid: u16, ...revealed })),
)

export const revealMechanismWeights = call(
  pallet,
  'reveal_mechanism_weights',
  116,
  since(320, struct({ netuid: u16, mecid: u8, ...revealed })),
)

const batchReveal = struct({
  netuid: u16,
  uidsList: sequence(sequence(u16)),
  valuesList: sequence(sequence(u16)),
  saltsList: sequence(sequence(u16)),
  versionKeys: sequence(u64),
})

export const batchRevealWeights = call(pallet, 'batch_reveal_weights', 98, since(205, batchReveal))

export const commitCrv3Weights = call(
  pallet,
  'commit_crv3_weights',
  99,
  between(216, 300, struct({ netuid: u16, commit: bytes, revealRound: u64 })),
)

export const commitCrv3MechanismWeights = call(
  pallet,
  'commit_crv3_mechanism_weights',
  117,
  since(320, struct({ netuid: u16, mecid: u8, commit: bytes, revealRound: u64 })),
)

export const commitTimelockedWeights = call(
  pallet,
  'commit_timelocked_weights',
  113,
  since(301, struct({ netuid: u16, commit: bytes, revealRound: u64, commitRevealVersion: u16 })),
)

export const commitTimelockedMechanismWeights = call(
  pallet,
  'commit_timelocked_mechanism_weights',
  118,
  since(320, struct({ netuid: u16, mecid: u8, commit: bytes, revealRound: u64, commitRevealVersion: u16 })),
)

/** (storage index, hotkey) → pending hash commits: (hash, block, first reveal block, last reveal block) */
export const weightCommits = storage(
  pallet,
  'WeightCommits',
  'Optional',
  [twox(u16), twox(accountId)],
  [between(165, 204, tuple(h256, u64)), since(205, sequence(tuple(h256, u64, u64, u64)))],
)

/** (storage index, epoch) → (who, block, ciphertext, round) */
export const timelockedWeightCommits = storage(
  pallet,
  'TimelockedWeightCommits',
  'Default',
  [twox(u16), twox(u64)],
  [since(306, sequence(tuple(accountId, u64, bytes, u64)))],
)
