import { codec } from '@subsquid/ss58'
import type { ClientBase } from 'pg'
import type { PayloadOf } from '../log/catalogue'
import type { Hex } from '../log/envelope'
import { rootOf } from '../log/merkle/stored-tree'
import type { Decision } from '../mechanisms/mechanism'
import type { Versioned } from '../mechanisms/policy-history'
import type { Blob } from '../platform/core/blobs'
import type { PlatformDraft } from '../platform/core/platform-event'
import type { RowSource } from '../projections/core/row-source'
import { plain } from './digest'
import { contentOf } from './evidence'
import type { Computed, SubnetSystem } from './system'

type DecisionMade = PayloadOf<'DecisionMade'>

/** What a decision is for; its inputs follow from the source's point alone. */
export interface Occasion {
  readonly epoch: number | null
  readonly epochEndsAt: number | null
  /** Number in the platform log of the event that asked for it. */
  readonly trigger: number | null
}

export interface Decided {
  readonly payload: DecisionMade
  readonly follow: readonly PlatformDraft[]
  readonly evidence: Blob
}

const SS58_PREFIX = 42
const ss58 = codec(SS58_PREFIX)

/** The only mechanism of a subnet that a system decides for. */
export const MAIN_MECHANISM = 0

/** A decision computed from the rows at the source's point; undefined while no policy holds. */
export async function decideAt(
  system: SubnetSystem,
  source: RowSource,
  occasion: Occasion,
  rootAt: RootAt,
): Promise<Decided | undefined> {
  const policy = await policyOf(system, source)
  if (!policy) return undefined
  const computed = await system.compute(source, policy)
  const evidence = contentOf(computed.decision.evidence)
  return {
    payload: await payloadOf(system, source, { policy, computed, occasion, evidence }, rootAt),
    follow: computed.follow,
    evidence,
  }
}

/** Root of the first `size` events of a log of the point's subnet. */
export type RootAt = (log: 'chain' | 'platform' | 'engine', size: number) => Promise<Hex>

export const storedRoots =
  (client: Pick<ClientBase, 'query'>, netuid: number): RootAt =>
  async (log, size) =>
    `0x${await rootOf(client, { log, netuid }, size)}`

/** The policy that holds at the source's point, out of the platform log. */
export async function policyOf(system: SubnetSystem, source: RowSource): Promise<Versioned | undefined> {
  const history = await source.rows('policy', { system: system.name })
  return system.policyAt(
    history.map((row) => row.policy),
    source.point.height,
  )
}

interface Parts {
  readonly policy: Versioned
  readonly computed: Computed
  readonly occasion: Occasion
  readonly evidence: Blob
}

async function payloadOf(
  system: SubnetSystem,
  source: RowSource,
  { policy, computed, occasion, evidence }: Parts,
  rootAt: RootAt,
): Promise<DecisionMade> {
  const { decision, viewDigest } = computed
  const { sizes } = source.point
  const logs = ['chain', 'platform', 'engine'] as const
  return {
    system: system.name,
    mechanism: MAIN_MECHANISM,
    ...occasion,
    policyId: policy.id,
    policy: plain(policy),
    read: await Promise.all(
      logs.map(async (log) => ({ log, size: sizes[log], root: await rootAt(log, sizes[log]) })),
    ),
    viewDigest,
    outcome: decision.outcome,
    shares: decision.weights.map(({ hotkey, uid, share }) => ({ hotkey: accountOf(hotkey), uid, share })),
    burn: decision.burn,
    burnUid: burnUidOf(policy),
    u16: vectorOf(decision),
    holders: await holdersOf(source, decision.u16.uids),
    evidence: { sha256: evidence.sha256, bytes: evidence.bytes.length },
  }
}

export const vectorOf = ({ u16 }: Decision) => u16.uids.map((uid, i) => ({ uid, value: u16.values[i]! }))

/** The uid that burns, as policies name it; the owner's uid 0 otherwise. */
function burnUidOf(policy: object): number {
  const named = policy as {
    readonly burnUid?: unknown
    readonly enforcement?: { readonly burnUid?: unknown }
  }
  const uid = named.burnUid ?? named.enforcement?.burnUid
  return typeof uid === 'number' ? uid : 0
}

const accountOf = (hotkey: string): Hex => (hotkey.startsWith('0x') ? hotkey : ss58.decode(hotkey))

async function holdersOf(source: RowSource, uids: readonly number[]): Promise<DecisionMade['holders']> {
  const tenures = await source.rows('tenure')
  const holders = new Map(tenures.map((row) => [row.uid as number, `0x${String(row.hotkey).slice(2)}`]))
  return uids.map((uid) => ({ uid, hotkey: holders.get(uid) ?? null }))
}
