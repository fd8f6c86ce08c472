export type Direction = 'minimize' | 'maximize'
export type CompetitionMode = 'centerless' | 'standard' | 'peer_evaluation'

/** The fields of a task that a decision depends on (spec autoresearch §2). */
export interface TaskRules {
  readonly metricName: string
  readonly metricDirection: Direction
  readonly rankingMode: 'scalar' | 'pareto'
  readonly secondaryMetricName?: string
  readonly secondaryMetricDirection?: Direction
  readonly competitionMode: CompetitionMode
  /** Quorum of peer evaluations, 1 to 20. */
  readonly minPeerEvaluations: number
}
