/** One graded answer at one validator. */
export interface GradedCell {
  readonly validator: string
  readonly claimId: string
  readonly verdict: number | null
  readonly errorCode: string | null
  readonly verdictScore: number
  readonly supportScore: number
}

export interface ClaimDifference {
  readonly claimId: string
  /** Medians over the counted validators. */
  readonly own: number
  readonly incumbent: number
  readonly difference: number
}

export interface ClaimDiff {
  /** Largest loss first; with the counted validators' grades of the own answer. */
  readonly lost: readonly (ClaimDifference & { readonly grades: readonly GradedCell[] })[]
  readonly won: readonly ClaimDifference[]
  readonly equal: number
}

/** Claim by claim against the incumbent: where what was lost, and whether by the verdict or by its support. */
export function claimDiff(
  claimIds: readonly string[],
  own: ArrayLike<number>,
  incumbent: ArrayLike<number>,
  cells: readonly GradedCell[],
  counted: readonly string[],
): ClaimDiff {
  const all = claimIds.map((claimId, task) => ({
    claimId,
    own: own[task]!,
    incumbent: incumbent[task]!,
    difference: own[task]! - incumbent[task]!,
  }))
  const lost = all.filter(({ difference }) => difference < 0).sort((a, b) => a.difference - b.difference)
  const won = all.filter(({ difference }) => difference > 0).sort((a, b) => b.difference - a.difference)
  const isCounted = new Set(counted)
  return {
    lost: lost.map((entry) => ({
      ...entry,
      grades: cells.filter((cell) => cell.claimId === entry.claimId && isCounted.has(cell.validator)),
    })),
    won,
    equal: all.length - lost.length - won.length,
  }
}
