import type { PayloadOf } from '../../log/catalogue'

export type Cause = PayloadOf<'DivergenceFound'>['cause']
export type Vector = PayloadOf<'DivergenceFound'>['recommended']

/** A decision as far as a comparison needs it. */
export interface Recommended {
  readonly seq: number
  readonly height: number
  readonly epoch: number | null
  readonly u16: Vector
  /** Who held each uid when it was decided; accounts as hex. */
  readonly holders: readonly { readonly uid: number; readonly hotkey: string | null }[]
  readonly burnUid: number
}

/** Weights of one validator as the chain log has them. */
export interface Submitted {
  /** Number of the WeightsSet event in the chain log. */
  readonly seq: number
  readonly height: number
  /** Block in which the validator acted: of revealed weights that of the commit. */
  readonly actedAt: number
  /** As submitted; zeros left out. */
  readonly vector: Vector
  /** As the chain's storage has them after masking; zeros left out. */
  readonly effective: Vector
  /** Holder of each uid of the vector when it was set. */
  readonly holders: Readonly<Record<number, string | null>>
}

export interface Comparison {
  readonly recommended: Recommended
  /** Decisions before it, newest first: whoever still has one of them is stale. */
  readonly earlier: readonly Recommended[]
  readonly submitted: Submitted | null
  /** Block of its newest commit that ran out unrevealed. */
  readonly expiredCommitAt: number | null
  /** Block of its newest commit that is still hidden: what it holds is not known yet. */
  readonly pendingCommitAt: number | null
  /** The chain refuses weights until this block; null: not known or no limit. */
  readonly limitedUntil: number | null
  /** Block at which they are compared. */
  readonly height: number
}

export interface Difference {
  readonly cause: Cause
  /** For the person who reads it: what differs, in numbers. */
  readonly detail: string
}

/** Why a validator's weights are not the recommended ones; null: they agree. A decision that makes no call is agreed with by anyone. */
export function differenceOf(comparison: Comparison): Difference | null {
  const { recommended, submitted } = comparison
  if (recommended.u16.length === 0 || isAwaited(comparison)) return null
  if (!submitted) return missing(comparison)
  if (!isSame(submitted.vector, recommended.u16)) return otherVector(comparison, submitted)
  const swapped = reassigned(recommended, submitted)
  if (swapped) return swapped
  if (isSame(submitted.effective, recommended.u16)) return null
  return { cause: 'masked', detail: `the chain holds ${shown(submitted.effective)} of what was submitted` }
}

/**
 * The validator has answered the decision, but nobody can read it yet. Weights that it has shown since the decision are its
 * answer, whatever is hidden behind them: else one commit after the other would hide every divergence.
 */
export function isAwaited({ recommended, submitted, pendingCommitAt }: Comparison): boolean {
  if (pendingCommitAt === null || pendingCommitAt < recommended.height) return false
  return submitted === null || submitted.actedAt < recommended.height
}

function missing({ expiredCommitAt, height }: Comparison): Difference {
  if (expiredCommitAt !== null) return expired(expiredCommitAt)
  return { cause: 'none_set', detail: `no weights stand at block ${height}` }
}

const expired = (at: number): Difference => ({
  cause: 'commit_expired',
  detail: `the commit of block ${at} was never revealed`,
})

function otherVector(comparison: Comparison, submitted: Submitted): Difference {
  const { recommended, earlier, expiredCommitAt, limitedUntil, height } = comparison
  if (submitted.actedAt < recommended.height) {
    if (expiredCommitAt !== null && expiredCommitAt >= recommended.height) return expired(expiredCommitAt)
    if (limitedUntil !== null && limitedUntil > height) {
      const detail = `set at block ${submitted.actedAt}; the chain takes new weights from block ${limitedUntil}`
      return { cause: 'rate_limited', detail }
    }
    const detail = `set at block ${submitted.actedAt}, before the decision of block ${recommended.height}`
    return { cause: 'stale', detail }
  }
  const swapped = reassigned(recommended, submitted)
  if (swapped) return swapped
  const old = earlier.find(({ u16 }) => isSame(submitted.vector, u16))
  if (old) return { cause: 'stale', detail: `they are those of the decision of block ${old.height}` }
  return otherContent(recommended, submitted)
}

function otherContent({ u16, burnUid }: Recommended, { vector }: Submitted): Difference {
  const burnsAll = (weights: Vector) => weights.every(({ uid }) => uid === burnUid)
  const [wanted, given] = [winnerOf(u16, burnUid), winnerOf(vector, burnUid)]
  if (burnsAll(u16) !== burnsAll(vector)) {
    const detail = burnsAll(vector)
      ? `everything is burned, uid ${wanted} was recommended`
      : `uid ${given} gets weight, everything should be burned`
    return { cause: 'burn', detail }
  }
  if (wanted !== given) return { cause: 'other_winner', detail: `uid ${given} instead of ${wanted}` }
  return { cause: 'other_shares', detail: `${shown(vector)} instead of ${shown(u16)}` }
}

/** A uid that changed hands between decision and call pays a stranger. */
function reassigned(recommended: Recommended, submitted: Submitted): Difference | null {
  const given = new Set(submitted.vector.map(({ uid }) => uid))
  for (const { uid, hotkey } of recommended.holders) {
    if (uid === recommended.burnUid || !given.has(uid)) continue
    const holder = submitted.holders[uid] ?? null
    if (holder === hotkey) continue
    const detail = `uid ${uid} was held by ${hotkey ?? 'nobody'} at the decision and by ${holder ?? 'nobody'} when the weights were set`
    return { cause: 'uid_reassigned', detail }
  }
  return null
}

function winnerOf(vector: Vector, burnUid: number): number | undefined {
  const others = vector.filter(({ uid }) => uid !== burnUid)
  return others.reduce<Vector[number] | undefined>(
    (best, w) => (best && best.value >= w.value ? best : w),
    undefined,
  )?.uid
}

/** Weights without zeros, in the order of uids. */
export const normalized = (vector: Vector): Vector =>
  vector.filter(({ value }) => value > 0).sort((a, b) => a.uid - b.uid)

function isSame(a: Vector, b: Vector): boolean {
  const [left, right] = [normalized(a), normalized(b)]
  if (left.length !== right.length) return false
  return left.every(({ uid, value }, i) => uid === right[i]!.uid && value === right[i]!.value)
}

const SHOWN_MAX_WEIGHTS = 8

function shown(vector: Vector): string {
  const weights = normalized(vector).map(({ uid, value }) => `${uid}:${value}`)
  const more = weights.length > SHOWN_MAX_WEIGHTS ? `, … (${weights.length} weights)` : ''
  return `[${weights.slice(0, SHOWN_MAX_WEIGHTS).join(', ')}${more}]`
}
