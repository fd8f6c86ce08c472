/** One imported score: what a validator reported for one run of one task (spec bitrecs §4, `miner_scores`). */
export interface ScoreRow {
  readonly hotkey: string
  /** Uid the reporting node wrote into the row; null when it knew none. */
  readonly uid: number | null
  readonly taskName: string
  readonly score: number
  readonly sampleSize: number
  /** Tenure under which the score was earned, e.g. the block of registration; used by the `tenure` identity only. */
  readonly tenure?: string
}

/** Blocks at which a hotkey's commitment was included and first revealed. */
export interface FirstBlocks {
  readonly reveal?: number
  readonly commit?: number
}

export interface UidHolder {
  readonly hotkey: string
  readonly tenure?: string
}

/** Everything a decision may look at: a plain value read from projections at one finalized block. */
export interface BitrecsView {
  /** Height of the finalized block at which the view was read. */
  readonly height: number
  readonly rows: readonly ScoreRow[]
  /** By hotkey. Its order matters to the reference when two hotkeys share a uid (spec §5.2, item 4). */
  readonly firstBlocks: Readonly<Record<string, FirstBlocks>>
  /** Who holds each uid at `height`; absent when the caller does not know, as in the vectors. */
  readonly holders?: Readonly<Record<number, UidHolder>>
  /** Tasks of the current evaluation set; absent: the tasks that have rows. */
  readonly tasks?: readonly string[]
  /** False: a dry run, which computes scores even when nothing is to be emitted (spec §5.1). */
  readonly setWeights: boolean
}
