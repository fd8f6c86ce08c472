/** One payment right. Amounts are integers of the smallest unit; cumulative totals where the scheme says so. */
export interface Claim {
  readonly index: number
  /** EVM address, 20 bytes of hex in any case. */
  readonly account: string
  readonly amount: bigint
  /** Emission leaves only. */
  readonly epoch?: bigint
  readonly offchainLaneId?: string
  readonly rewardHash?: string
  /** Genesis leaves only. */
  readonly allocationHash?: string
}
