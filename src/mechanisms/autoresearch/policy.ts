import type { Unpublished } from '../mechanism'

/** How much better a candidate has to be, and what decides inside the noise band (spec autoresearch §8). */
export interface ComparatorPolicy {
  /** Recorded with every decision; a change of the comparison is a new version. */
  readonly version: string
  /** `nats`: difference of logarithms; `absolute`: of the values. */
  readonly noiseUnit: 'nats' | 'absolute'
  readonly band: number
  /** Asked in order inside the band; the first that both state and that differs decides. */
  readonly tieBreaks: readonly TieBreak[]
  /** Whether a candidate that is worse, but inside the band, may win by a tie-break. Unconfirmed for production. */
  readonly acceptsWorseInsideBand: boolean
}

export type TieBreak = 'artifact_bytes' | 'runtime_ms' | 'memory_bytes'

export interface WeightEnforcement {
  readonly contractHotkey: string
  readonly contractShare: number
  readonly burnUid: number
  readonly burnShare: number
  /** Allowed difference of a normalised weight. */
  readonly tolerance: number
}

export interface AutoresearchPolicy {
  readonly id: string
  readonly effectiveFromBlock: number
  readonly comparator: ComparatorPolicy
  /** Whether the first accepted replay decides (newer text) or the median over validators (older text). */
  readonly standardRule: 'first_result' | 'median'
  /** Results needed by `median`; unused by `first_result`. */
  readonly medianMinResults: number
  readonly claimMinutes: number
  /** Accepted difference between a request's timestamp and now, seconds; unpublished, as the pool has it. */
  readonly clockSkewSeconds: number
  readonly enforcement: WeightEnforcement
  readonly versionKey: number
  /** Blocks between weight calls in the production example; the chain's own rate limit applies when larger. */
  readonly epochLengthBlocks: number
}

export const SN94_POLICY: AutoresearchPolicy = {
  id: 'autoresearch/1',
  effectiveFromBlock: 0,
  comparator: {
    version: 'ln-band/1',
    noiseUnit: 'nats',
    band: 0.02,
    tieBreaks: ['artifact_bytes', 'runtime_ms', 'memory_bytes'],
    acceptsWorseInsideBand: true,
  },
  standardRule: 'first_result',
  medianMinResults: 3,
  claimMinutes: 45,
  clockSkewSeconds: 300,
  enforcement: {
    contractHotkey: '5F7MJ2fAyxBG7ci4xP7kQPJanoMdNurk1QBP1AQuFT2Jmzg2',
    contractShare: 0.1,
    burnUid: 0,
    burnShare: 0.9,
    tolerance: 1e-9,
  },
  versionKey: 1337,
  epochLengthBlocks: 100,
}

/** What the spec marks as unknown or contradictory (§3, §8). The amount of idea rewards is unknown too, and no field: there are links only. */
export const UNPUBLISHED: readonly Unpublished[] = [
  {
    path: '/comparator',
    note: 'How the backend compares (sign inside the band, floors) is not known; ln-band/1 is inferred.',
  },
  {
    path: '/clockSkewSeconds',
    note: 'The accepted clock difference of signatures is not known; the one of the pool is used.',
  },
  {
    path: '/standardRule',
    note: 'The public texts contradict each other: the first replay decides (newer), or the median over validators (older).',
  },
  {
    path: '/medianMinResults',
    note: 'How many validators the older rule waits for is not known; 3 is what claims want behind them.',
  },
]
