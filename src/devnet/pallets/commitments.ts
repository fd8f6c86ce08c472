import { hexToU8a, u8aToHex } from '@polkadot/util'
import type { Data } from '../../../abi/commitments'
import { unlock } from '../../timelock/timelock'
import type { Storage } from '../storage'
import type { BlockContext, DispatchContext, Pallet } from './dispatch'
import { DispatchFailure, ensureRoot, ensureSigned } from './dispatch'
import { epochAt } from './subtensor/epoch-index'
import { uidOf } from './subtensor/neurons'

/** Timelocked fields, and space instead of a rate limit, since this spec (spec chain.md §1.3). */
const TIMELOCK_SPEC = 257
const SPACE_SPEC = 257
const MIN_CHARGED_BYTES = 100
const RATE_LIMIT_BLOCKS = 100
const MAX_REVEALS_KEPT = 10
const MAX_FIELDS = 3

interface Registration {
  readonly deposit: bigint
  readonly block: number
  readonly info: { readonly fields: readonly Data[] }
}
type TimelockData = Extract<Data, { readonly encrypted: string }>

const C = (item: string) => `Commitments.${item}`
const isTimelocked = (field: Data): field is TimelockData => field.__kind === 'TimelockEncrypted'

/** What a hotkey says about itself, one value at a time. Public source: `pallets/commitments/src/lib.rs`; spec bitrecs.md §1.2. */
export const commitmentsPallet: Pallet = {
  name: 'Commitments',
  freeCalls: ['set_commitment'],
  onInitialize: revealDue,
  calls: {
    set_commitment: (context, { netuid, info }) => {
      setCommitment(context, netuid, info.fields)
    },
    set_max_space(context, { newLimit }) {
      ensureRoot(context)
      context.storage.put(C('MaxSpace'), [], newLimit)
    },
    set_rate_limit: (context) => ensureRoot(context),
  },
}

function setCommitment(context: DispatchContext, netuid: number, fields: readonly Data[]): void {
  const who = ensureSigned(context)
  const { storage, height } = context
  if (uidOf(storage, netuid, who) === undefined) fail('AccountNotAllowedCommit')
  if (fields.length > MAX_FIELDS) fail('TooManyFieldsInCommitmentInfo')
  if (context.specVersion >= SPACE_SPEC) chargeSpace(context, netuid, who, fields)
  else checkRate(context, netuid, who)
  storage.put(C('CommitmentOf'), [netuid, who], { deposit: 0n, block: height, info: { fields } })
  storage.put(C('LastCommitment'), [netuid, who], height)
  const timelocked = fields.find(isTimelocked)
  setIndexed(storage, netuid, who, timelocked !== undefined)
  if (timelocked && context.specVersion >= TIMELOCK_SPEC) {
    context.deposit(C('TimelockCommitment'), { netuid, who, revealRound: timelocked.revealRound })
  } else context.deposit(C('Commitment'), { netuid, who })
}

function fail(reason: string): never {
  throw new DispatchFailure('Commitments', reason)
}

/** At least 100 bytes a call, at most MaxSpace in one epoch of the subnet. */
function chargeSpace(context: DispatchContext, netuid: number, who: string, fields: readonly Data[]): void {
  const { storage, height } = context
  const epoch = BigInt(epochAt(storage, netuid, height))
  const charged = Math.max(
    MIN_CHARGED_BYTES,
    fields.reduce((sum, field) => sum + bytesOf(field), 0),
  )
  const usage = storage.get<{ lastEpoch: bigint; usedSpace: bigint } | undefined>(
    C('UsedSpaceOf'),
    netuid,
    who,
  )
  const used = (usage?.lastEpoch === epoch ? usage.usedSpace : 0n) + BigInt(charged)
  if (used > BigInt(storage.get<number>(C('MaxSpace')))) fail('SpaceLimitExceeded')
  storage.put(C('UsedSpaceOf'), [netuid, who], { lastEpoch: epoch, usedSpace: used })
}

function checkRate({ storage, height }: DispatchContext, netuid: number, who: string): void {
  const last = storage.get<number | undefined>(C('LastCommitment'), netuid, who)
  if (last !== undefined && height < last + RATE_LIMIT_BLOCKS) fail('CommitmentSetRateLimitExceeded')
}

function bytesOf(field: Data): number {
  if (isTimelocked(field)) return (field.encrypted.length - 2) / 2
  return 'value' in field && field.value ? (field.value.length - 2) / 2 : 0
}

function setIndexed(storage: Storage, netuid: number, who: string, is: boolean): void {
  if (!storage.knows(C('TimelockedIndex'))) return
  const index = storage.get<[number, string][]>(C('TimelockedIndex'))
  const others = index.filter(([n, w]) => n !== netuid || w !== who)
  if (is || others.length < index.length) {
    const all: [number, string][] = is ? [...others, [netuid, who]] : others
    storage.put(C('TimelockedIndex'), [], all.sort(bySubnetAndAccount))
  }
}

/** The chain keeps a sorted set, so that reveals of one block come in this order. */
const bySubnetAndAccount = ([n, w]: [number, string], [m, v]: [number, string]) => n - m || (w < v ? -1 : 1)

/** Rounds that a commitment waits for, so that the beacon stores them. */
export function awaitedByCommitments({ storage }: BlockContext): bigint[] {
  if (!storage.knows(C('TimelockedIndex'))) return []
  return storage.get<[number, string][]>(C('TimelockedIndex')).flatMap(([netuid, who]) => {
    const found = storage.get<Registration | undefined>(C('CommitmentOf'), netuid, who)
    return found?.info.fields.filter(isTimelocked).map((f) => f.revealRound) ?? []
  })
}

/** Opens every field whose round is stored. What does not open vanishes without an event. */
function revealDue(context: BlockContext): void {
  const { storage } = context
  // From 257 to 260 reveals were kept in another shape, and wiped by the next migration.
  if (!storage.knows(C('TimelockedIndex')) || !storage.knows(C('RevealedCommitments'))) return
  for (const [netuid, who] of storage.get<[number, string][]>(C('TimelockedIndex'))) {
    const found = storage.get<Registration | undefined>(C('CommitmentOf'), netuid, who)
    if (!found) {
      setIndexed(storage, netuid, who, false)
      continue
    }
    const due = found.info.fields
      .filter(isTimelocked)
      .filter((f) => storage.has('Drand.Pulses', f.revealRound))
    if (due.length > 0) reveal(context, netuid, who, found, due)
  }
}

function reveal(
  context: BlockContext,
  netuid: number,
  who: string,
  found: Registration,
  due: readonly TimelockData[],
): void {
  const { storage, height } = context
  for (const field of due) {
    const { signature } = storage.get<{ signature: string }>('Drand.Pulses', field.revealRound)
    const plaintext = unlock(hexToU8a(field.encrypted), hexToU8a(signature))
    if (!plaintext || plaintext.length === 0) continue
    const reveals = storage.get<[string, bigint][] | undefined>(C('RevealedCommitments'), netuid, who) ?? []
    const kept = [...reveals, [u8aToHex(plaintext), BigInt(height)]].slice(-MAX_REVEALS_KEPT)
    storage.put(C('RevealedCommitments'), [netuid, who], kept)
    context.deposit(C('CommitmentRevealed'), { netuid, who })
  }
  const fields = found.info.fields.filter((field) => !due.includes(field as TimelockData))
  if (fields.length > 0) storage.put(C('CommitmentOf'), [netuid, who], { ...found, info: { fields } })
  else storage.remove(C('CommitmentOf'), netuid, who)
  setIndexed(storage, netuid, who, fields.some(isTimelocked))
}
