import type { PayloadOf } from '../../log/catalogue'
import type { Hex } from '../../log/envelope'
import type { SubnetFacts } from './subnet-facts'

/** What a decision says to set. */
export interface Recommended {
  readonly netuid: number
  readonly mechanism: number
  /** Block that it was decided on. */
  readonly height: number
  readonly u16: PayloadOf<'DecisionMade'>['u16']
  /** Who held each uid when it was decided. */
  readonly holders: readonly { readonly uid: number; readonly hotkey: Hex | null }[]
  readonly burnUid: number
  /** Of the subnet's own rules: more blocks than this have to lie between two calls. */
  readonly moreThanBlocks?: number
}

export type Refusal =
  | 'nothing_to_set'
  | 'not_registered'
  | 'no_permit'
  | 'uid_reassigned'
  | 'hotkey_missing'
  | 'rate_limited'
  | 'version_key'

export type Plan =
  | { readonly kind: 'set' }
  | { readonly kind: 'commit'; readonly revealRound: bigint; readonly revealBlock: number }
  | { readonly kind: 'refuse'; readonly code: Refusal; readonly reason: string }

/** Rounds of the beacon in a block: one each 3 s, a block each 12 s. */
const ROUNDS_PER_BLOCK = 4n
/** Blocks after the epoch's first one at which a commit opens: its round is surely stored then. */
const SAFETY_BLOCKS = 3

/** What to do about a decision, from facts at one finalized block. Nothing is sent that the chain would refuse. */
export function planWeights(recommended: Recommended, facts: SubnetFacts, versionKey: bigint): Plan {
  const refusal = refusalOf(recommended, facts, versionKey)
  if (refusal) return { kind: 'refuse', ...refusal }
  if (!facts.commitReveal) return { kind: 'set' }
  const { revealBlock, blocks } = revealOf(recommended.netuid, facts)
  return { kind: 'commit', revealBlock, revealRound: facts.lastRound + BigInt(blocks) * ROUNDS_PER_BLOCK }
}

function refusalOf(
  { u16, holders, burnUid, height, moreThanBlocks }: Recommended,
  facts: SubnetFacts,
  versionKey: bigint,
): { code: Refusal; reason: string } | undefined {
  const no = (code: Refusal, reason: string) => ({ code, reason })
  if (u16.length === 0) return no('nothing_to_set', 'The decision is to make no call.')
  if (facts.uid === null) return no('not_registered', 'The validator’s hotkey holds no uid on this subnet.')
  if (!facts.hasPermit) return no('no_permit', `Uid ${facts.uid} has no validator permit.`)
  for (const { uid, hotkey } of holders) {
    const now = facts.holders.get(uid) ?? null
    if (now === null) return no('hotkey_missing', `Nobody holds uid ${uid} at block ${facts.height}.`)
    // The burn uid is paid as a uid, whoever holds it.
    if (uid === burnUid || now === hotkey) continue
    return no(
      'uid_reassigned',
      `Uid ${uid} was held by ${hotkey ?? 'nobody'} at block ${height} and is held by ${now} at block ${facts.height}.`,
    )
  }
  if (versionKey < facts.versionKey)
    return no('version_key', `The chain wants version key ${facts.versionKey}, ours is ${versionKey}.`)
  const left = leastBlocks(facts, moreThanBlocks) - (facts.height - facts.lastUpdate)
  if (facts.lastUpdate > 0 && left > 0)
    return no('rate_limited', `${left} blocks are left until weights may be set again.`)
  return undefined
}

/** The chain takes weights when its limit has passed; a subnet's own rule wants more than the larger of both (spec autoresearch §9.2). */
const leastBlocks = ({ rateLimit }: SubnetFacts, moreThan: number | undefined): number =>
  moreThan === undefined ? rateLimit : Math.max(moreThan, rateLimit) + 1

/** First block of the epoch in which a commit made now is opened (pallets/subtensor, `get_first_block_of_epoch`). */
function revealOf(netuid: number, { height, tempo, revealPeriodEpochs }: SubnetFacts) {
  const epoch = Math.floor((height + 1 + netuid + 1) / (tempo + 1))
  const firstBlock = (epoch + revealPeriodEpochs) * (tempo + 1) - (netuid + 1)
  const revealBlock = firstBlock + Math.min(SAFETY_BLOCKS, Math.floor(tempo / 4))
  return { revealBlock, blocks: Math.max(1, revealBlock - height) }
}
