/** Amounts of one epoch: a running total for every hotkey, in smallest units. */
export interface EpochAmounts {
  readonly epoch: number
  readonly amounts: ReadonlyMap<string, bigint>
}

export type LedgerFault =
  | { readonly rule: 'epoch_order'; readonly epoch: number }
  | { readonly rule: 'cumulative_decreases'; readonly epoch: number; readonly hotkey: string }
  | { readonly rule: 'hotkey_vanishes'; readonly epoch: number; readonly hotkey: string }
  | {
      readonly rule: 'increments_exceed_budget'
      readonly epoch: number
      readonly increments: bigint
      readonly budget: bigint
    }
  | { readonly rule: 'paid_exceeds_published'; readonly hotkey: string }

/**
 * The next epoch from the previous totals and what was earned since: totals never fall, and a hotkey that earned nothing
 * keeps its total, so that it can still claim (spec autoresearch §12.1, item 11).
 */
export function nextEpoch(
  previous: EpochAmounts | undefined,
  earned: ReadonlyMap<string, bigint>,
): EpochAmounts {
  const amounts = new Map(previous?.amounts ?? [])
  for (const [hotkey, amount] of earned) {
    if (amount < 0n) throw new RangeError(`negative earnings of ${hotkey}`)
    if (amount > 0n) amounts.set(hotkey, (amounts.get(hotkey) ?? 0n) + amount)
  }
  return {
    epoch: (previous?.epoch ?? 0) + 1,
    amounts: new Map([...amounts].sort(([a], [b]) => (a < b ? -1 : 1))),
  }
}

/** Units by which the totals of an epoch exceed those of the one before. */
export function increments(previous: EpochAmounts | undefined, epoch: EpochAmounts): bigint {
  let sum = 0n
  for (const [hotkey, amount] of epoch.amounts) sum += amount - (previous?.amounts.get(hotkey) ?? 0n)
  return sum
}

/**
 * Invariants 10 and 11 over a history: epochs ascend, totals never decrease or vanish, the increments of each epoch stay
 * within its publishable budget, and nobody was paid more than was published.
 */
export function checkLedger(
  epochs: readonly EpochAmounts[],
  budgets: ReadonlyMap<number, bigint>,
  paid: ReadonlyMap<string, bigint>,
): LedgerFault[] {
  const faults: LedgerFault[] = []
  let previous: EpochAmounts | undefined
  for (const epoch of epochs) {
    if (previous) {
      if (epoch.epoch <= previous.epoch) faults.push({ rule: 'epoch_order', epoch: epoch.epoch })
      for (const [hotkey, before] of previous.amounts) {
        const now = epoch.amounts.get(hotkey)
        if (now === undefined) faults.push({ rule: 'hotkey_vanishes', epoch: epoch.epoch, hotkey })
        else if (now < before) faults.push({ rule: 'cumulative_decreases', epoch: epoch.epoch, hotkey })
      }
    }
    const budget = budgets.get(epoch.epoch)
    const sum = increments(previous, epoch)
    if (budget !== undefined && sum > budget) {
      faults.push({ rule: 'increments_exceed_budget', epoch: epoch.epoch, increments: sum, budget })
    }
    previous = epoch
  }
  for (const [hotkey, amount] of paid) {
    if (amount > (previous?.amounts.get(hotkey) ?? 0n))
      faults.push({ rule: 'paid_exceeds_published', hotkey })
  }
  return faults
}

/** Published but not yet claimed, smallest units (invariant 11). */
export function outstanding(latest: EpochAmounts, paid: ReadonlyMap<string, bigint>): bigint {
  let sum = 0n
  for (const [hotkey, amount] of latest.amounts) sum += amount - (paid.get(hotkey) ?? 0n)
  return sum
}
