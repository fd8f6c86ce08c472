import { between, callsOf, eventsOf, identity, since, storageOf, twox } from './item'
import {
  accountId,
  bytes,
  fixedBytes,
  sequence,
  struct,
  tuple,
  u16,
  u32,
  u64,
  type VariantDefinition,
  variant,
} from './shape'

const source = 'pallets/commitments/src/lib.rs'
const event = eventsOf(source)
const call = callsOf(source)
const storage = storageOf(source)

/** One field of a commitment: byte 0 None, 1–129 Raw of n−1 bytes, 130–133 hashes (pallets/commitments/src/types.rs). */
export type Data =
  | { readonly __kind: 'None' }
  | { readonly __kind: 'ResetBondsFlag' }
  | { readonly __kind: 'TimelockEncrypted'; readonly encrypted: string; readonly revealRound: bigint }
  | { readonly __kind: string; readonly value: string }

const RAW_MAX_BYTES = 128
const path = ['pallet_commitments', 'types', 'Data']

const plainKinds: Record<string, VariantDefinition> = { None: { index: 0 } }
for (let length = 0; length <= RAW_MAX_BYTES; length++) {
  plainKinds[`Raw${length}`] = { index: length + 1, shape: fixedBytes(length) }
}
for (const [i, name] of ['BlakeTwo256', 'Sha256', 'Keccak256', 'ShaThree256'].entries()) {
  plainKinds[name] = { index: 130 + i, shape: fixedBytes(32) }
}

const timelockKind: Record<string, VariantDefinition> = {
  TimelockEncrypted: { index: 134, shape: struct({ encrypted: bytes, revealRound: u64 }) },
}

const dataV165 = variant<Data>(path, plainKinds)
const dataV257 = variant<Data>(path, { ...plainKinds, ...timelockKind })
const dataV273 = variant<Data>(path, {
  ...plainKinds,
  ...timelockKind,
  ResetBondsFlag: { index: 135 },
  BigRaw: { index: 136, shape: bytes },
})

const info = (data: typeof dataV165) =>
  struct({ fields: sequence(data) }, ['pallet_commitments', 'types', 'CommitmentInfo'])
const registration = (data: typeof dataV165) =>
  struct({ deposit: u64, block: u32, info: info(data) }, ['pallet_commitments', 'types', 'Registration'])

export const commitment = event(
  'Commitments',
  'Commitment',
  0,
  since(165, struct({ netuid: u16, who: accountId })),
)

export const timelockCommitment = event(
  'Commitments',
  'TimelockCommitment',
  1,
  since(257, struct({ netuid: u16, who: accountId, revealRound: u64 })),
)

export const commitmentRevealed = event(
  'Commitments',
  'CommitmentRevealed',
  2,
  since(257, struct({ netuid: u16, who: accountId })),
)

export const setCommitment = call(
  'Commitments',
  'set_commitment',
  0,
  between(165, 256, struct({ netuid: u16, info: info(dataV165) })),
  between(257, 272, struct({ netuid: u16, info: info(dataV257) })),
  since(273, struct({ netuid: u16, info: info(dataV273) })),
)

/** Blocks between two commitments; the byte quota per epoch replaced it at 257. */
export const setRateLimit = call(
  'Commitments',
  'set_rate_limit',
  1,
  between(224, 256, struct({ rateLimitBlocks: u32 })),
)

export const setMaxSpace = call('Commitments', 'set_max_space', 2, since(257, struct({ newLimit: u32 })))

const byHotkey = [identity(u16), twox(accountId)] as const

export const commitmentOf = storage('Commitments', 'CommitmentOf', 'Optional', byHotkey, [
  between(165, 256, registration(dataV165)),
  between(257, 272, registration(dataV257)),
  since(273, registration(dataV273)),
])

export const lastCommitment = storage('Commitments', 'LastCommitment', 'Optional', byHotkey, [
  since(165, u32),
])

/** The last ten reveals: (plaintext, block of the reveal). Re-typed and emptied by the migration of 261. */
export const revealedCommitments = storage('Commitments', 'RevealedCommitments', 'Optional', byHotkey, [
  since(261, sequence(tuple(bytes, u64))),
])

export const usedSpaceOf = storage('Commitments', 'UsedSpaceOf', 'Optional', byHotkey, [
  since(257, struct({ lastEpoch: u64, usedSpace: u64 }, ['pallet_commitments', 'types', 'UsageTracker'])),
])

/** Bytes a hotkey may commit in one tempo. */
export const maxSpace = storage('Commitments', 'MaxSpace', 'Default', [], [since(257, u32)], '0x1c0c0000')

/** Commitments with a field still waiting for its round. */
export const timelockedIndex = storage(
  'Commitments',
  'TimelockedIndex',
  'Default',
  [],
  [since(257, sequence(tuple(u16, accountId)))],
)
