import { type TProperties, type TSchema, Type } from '@sinclair/typebox'
import type { FastifyReply } from 'fastify'

/** Shapes of the existing API (spec bitrecs §6). Clients pass over what else stands there. */
export const Open = <P extends TProperties>(properties: P) =>
  Type.Object(properties, { additionalProperties: true })

const OrNull = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()])
const Text = Type.String()
const Time = Type.String({ description: 'ISO 8601, UTC' })
const Whole = Type.Integer()
const Real = Type.Number()
const ByUid = <T extends TSchema>(value: T) => Type.Record(Type.String(), value)

/** Refusals of these routes: under `detail`, or under `error` where the reference has it there. */
export const Detail = Open({ detail: Type.Optional(Type.Unknown()), error: Type.Optional(Type.Unknown()) })
export const refuse = (reply: FastifyReply, status: number, detail: string) =>
  reply.status(status).send({ detail }) as never
const refusals = Object.fromEntries([400, 401, 404, 422, 429, 500, 503].map((status) => [status, Detail]))

const agent = {
  agent_id: Text,
  miner_hotkey: Text,
  name: Text,
  version_num: Whole,
  status: Text,
  created_at: Time,
  ip_address: Type.Null(),
  miner_uid: Text,
  provider: Text,
  model: Text,
  system_prompt_template: Text,
  user_prompt_template: Text,
  sampling_params: Type.Unknown(),
  fewshot_examples: Type.Unknown(),
  eval_scores: Type.Unknown(),
}
export const Agent = Open(agent)
export const PossiblyBenchmarkAgent = Open({
  ...agent,
  is_benchmark_agent: Type.Boolean(),
  benchmark_description: Type.Null(),
})
export const AgentScored = Open({
  ...agent,
  set_id: Whole,
  approved: Type.Boolean(),
  validator_count: Whole,
  final_score: Real,
})

export const EvaluationRun = Open({
  evaluation_run_id: Text,
  evaluation_id: Text,
  problem_name: Text,
  status: Text,
  patch: OrNull(Text),
  test_results: Type.Unknown(),
  error_code: OrNull(Whole),
  error_message: OrNull(Text),
  created_at: Time,
  started_initializing_agent_at: OrNull(Time),
  started_running_agent_at: OrNull(Time),
  started_initializing_eval_at: OrNull(Time),
  started_running_eval_at: OrNull(Time),
  finished_or_errored_at: OrNull(Time),
})

const evaluation = {
  evaluation_id: Text,
  agent_id: Text,
  validator_hotkey: Text,
  set_id: Whole,
  created_at: Time,
  finished_at: OrNull(Time),
  evaluation_set_group: Text,
  status: Text,
  score: Real,
}
export const Evaluation = Open(evaluation)
export const EvaluationWithRuns = Open({ ...evaluation, runs: Type.Array(EvaluationRun) })

export const ConnectedNode = Open({
  name: Text,
  hotkey: Text,
  time_connected: Time,
  time_last_heartbeat: OrNull(Time),
  system_metrics: Type.Unknown(),
  evaluation: OrNull(Evaluation),
  agent: OrNull(Agent),
})

export const Health = Open({
  status: Text,
  db_status: Text,
  total_requests: Whole,
  exceptions: Whole,
  agent_count: Whole,
  validators: Open({
    total_connected_validators: Whole,
    connected_screeners: Whole,
    connected_validators: Whole,
    hotkeys: Type.Array(Text),
  }),
  similarity_threshold: Real,
  screener_1_threshold: Real,
  screener_2_threshold: Real,
  prune_threshold: Real,
  submissions_enabled: Type.Boolean(),
  threads: Whole,
  memory_current_mb: Real,
  memory_peak_mb: Real,
  version: Text,
  miner_emissions: OrNull(Real),
})

export const ScreenerInfo = Open({
  screener_1_threshold: Real,
  screener_2_threshold: Real,
  prune_threshold: Real,
  screener_1_average_score: OrNull(Real),
  screener_2_average_score: OrNull(Real),
  validator_average_score: OrNull(Real),
  screener_1_average_wait_time: OrNull(Real),
  screener_2_average_wait_time: OrNull(Real),
  validator_average_wait_time: OrNull(Real),
})

export const LatestSet = Open({ latest_set_id: OrNull(Whole), latest_set_created_at: OrNull(Time) })

export const LatestScores = Open({
  scores: Type.Array(
    Open({
      run_id: Text,
      uid: OrNull(Whole),
      hotkey: Text,
      task_name: Text,
      score: Real,
      success: Type.Boolean(),
      duration: Real,
      created_at: Time,
      evaluation_set_id: Whole,
      sample_size: Whole,
    }),
  ),
})

/** Instead of the tables when nobody has a score. */
const NoMiners = Type.Object({ error: Text })

export const Pareto = Type.Union([
  Open({
    frontier_uids: Type.Array(Whole),
    dominance_matrix: Type.Array(Type.Array(Type.Boolean())),
    score_matrix: Type.Array(Type.Array(Real)),
    uid_mapping: Type.Array(Whole),
    miner_scores: ByUid(Type.Record(Type.String(), Real)),
    samples: Type.Record(Type.String(), Whole),
    dominance_explanation: ByUid(Text),
    stats: Type.Array(
      Open({ uid: Whole, on_frontier: Type.Boolean(), dominated_count: Whole, score_avg: Real }),
    ),
  }),
  NoMiners,
])

export const WinnerTakesAll = Type.Union([
  Open({
    weights: ByUid(Real),
    subset_scores: ByUid(Real),
    miner_thresholds: ByUid(Type.Record(Type.String(), Real)),
    miner_blocks: ByUid(Whole),
    subset_winners: Type.Record(Type.String(), OrNull(Whole)),
    stats: Type.Array(Open({ winner_uid: Whole, subsets_won: Whole, weight: Real, rank: Whole })),
  }),
  NoMiners,
])

export const Constants = Type.Record(Type.String(), Real)
export const MinerBlocks = Type.Record(Type.String(), Whole)
export const TopScore = Open({ hour: Time, top_score: Real })
export const NetworkStatistics = Open({
  score_improvement_24_hrs: Real,
  agents_created_24_hrs: Whole,
  top_score: OrNull(Real),
})
export const GistInfo = Open({
  created_at: Time,
  gist_id: Text,
  github_account: Text,
  hotkey: Text,
  block: Whole,
})
export const SetProblem = Open({ set_id: Whole, set_group: Text, problem_name: Text, created_at: Time })
export const Metagraph = Open({ nodes: Type.Record(Type.String(), Type.Unknown()) })

const list = Type.Array(Type.Unknown())
export const ProblemStatistics = Open({
  problem_stats: Type.Array(
    Open({
      problem_name: Text,
      total_num_evaluation_runs: Whole,
      num_finished_evaluation_runs: Whole,
      num_finished_passed_evaluation_runs: Whole,
      num_finished_failed_evaluation_runs: Whole,
      num_errored_evaluation_runs: Whole,
      pass_rate: OrNull(Real),
      average_time: OrNull(Real),
      average_cost_usd: OrNull(Real),
      in_screener_1_set_group: Type.Boolean(),
      in_screener_2_set_group: Type.Boolean(),
      in_validator_set_group: Type.Boolean(),
      tests: list,
      error_code_distribution: list,
      token_distribution: list,
      fastest_agents: list,
    }),
  ),
  problem_set_id: Whole,
  problem_set_created_at: Time,
})

/** What a route of this file answers, in a line, and in which shape. */
export const answers = (summary: string, shape: TSchema, more: Record<string, unknown> = {}) => ({
  schema: { summary, response: { ...refusals, 200: shape }, ...more },
})
