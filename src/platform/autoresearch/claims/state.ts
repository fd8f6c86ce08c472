import type { Hex } from '../../../log/envelope'
import type { Amounts, BuiltTree } from '../rules'

export interface ClaimEntry {
  readonly index: number
  readonly account: Hex
  readonly hotkey: string
  readonly recipient: string
  readonly cumulative: bigint
  readonly increment: bigint
}

export type EpochStatus = 'built' | 'discarded' | 'published' | 'challenged' | 'slashed'

export interface ClaimEpoch {
  readonly epoch: number
  readonly schemeId: string
  readonly laneId: string
  readonly root: Hex
  readonly total: bigint
  readonly budget: bigint
  readonly increments: bigint
  readonly carried: bigint
  readonly allocation: 'given' | 'best_results'
  readonly entries: readonly ClaimEntry[]
  readonly byHotkey: ReadonlyMap<string, ClaimEntry>
  /** Running totals of everybody, those without a leaf too. */
  readonly amounts: Amounts
  readonly claimsSha256: string
  readonly builtAtMs: number
  status: EpochStatus
  uri: string | null
  publishedAtBlock: number | null
  evidenceHash: string | null
  /** Rebuilt from the entries when a proof is first asked for. */
  tree: BuiltTree | undefined
}

export interface ClaimsState {
  /** By SS58 hotkey. */
  readonly recipients: Map<string, string>
  /** SS58 hotkey by recipient: a leaf list has no account twice. */
  readonly byRecipient: Map<string, string>
  readonly epochs: ClaimEpoch[]
  /** Paid running total by SS58 hotkey. */
  readonly paid: Map<string, bigint>
  readonly served: Set<string>
  /** Epochs that were vetoed and not released. */
  readonly vetoes: Set<number>
}

export const initialClaims = (): ClaimsState => ({
  recipients: new Map(),
  byRecipient: new Map(),
  epochs: [],
  paid: new Map(),
  served: new Set(),
  vetoes: new Set(),
})

/** Whether claims out of an epoch are paid: it is published and undisputed, and no veto is active. */
export const isClaimable = ({ vetoes }: ClaimsState, { status }: ClaimEpoch): boolean =>
  status === 'published' && vetoes.size === 0

/** The epoch that is told when none is asked for: the newest one that stands and was not vetoed; else the newest one that stands. */
export const defaultEpoch = (merkle: ClaimsState): ClaimEpoch | undefined =>
  merkle.epochs.findLast(({ status, epoch }) => status === 'published' && !merkle.vetoes.has(epoch)) ??
  latestPublished(merkle)

/** The epoch whose totals stand: the newest one that was published and not slashed. */
export const latestPublished = ({ epochs }: ClaimsState): ClaimEpoch | undefined =>
  epochs.findLast(({ status }) => status === 'published' || status === 'challenged')
