export interface CompetitionShare {
  readonly slug: string
  /** Relative, not negative. Decimal fractions are read as exact decimals. */
  readonly weight: number
}

export interface BudgetSplit {
  /** Smallest units by slug. */
  readonly amounts: ReadonlyMap<string, bigint>
  /** What rounding left; carried over to the next epoch's budget. */
  readonly dust: bigint
}

/** Decimal places of a weight that count. */
const WEIGHT_DECIMALS = 12
/** Above it a weight has no exact decimals left. */
export const MAX_COMPETITION_WEIGHT = 1e9

/**
 * The publishable budget by relative weights, each share rounded down and the rest carried over (spec autoresearch §9; rounding
 * inferred). Integer arithmetic: 1.0 + 1.0 is exactly half each.
 */
export function splitBudget(budget: bigint, competitions: readonly CompetitionShare[]): BudgetSplit {
  const scaled = competitions.map(({ slug, weight }) => {
    if (!(weight >= 0 && weight <= MAX_COMPETITION_WEIGHT))
      throw new RangeError(`weight of ${slug} is not a share: ${weight}`)
    return { slug, weight: BigInt(weight.toFixed(WEIGHT_DECIMALS).replace('.', '')) }
  })
  const total = scaled.reduce((sum, { weight }) => sum + weight, 0n)
  if (total === 0n) return { amounts: new Map(competitions.map(({ slug }) => [slug, 0n])), dust: budget }
  const amounts = new Map(scaled.map(({ slug, weight }) => [slug, (budget * weight) / total]))
  const spent = [...amounts.values()].reduce((sum, amount) => sum + amount, 0n)
  return { amounts, dust: budget - spent }
}
