import { type Static, Type } from '@sinclair/typebox'

export const SLUG_MAX_CHARS = 120
export const TITLE_MAX_CHARS = 255
export const BRIEF_MAX_CHARS = 20_000
export const ONBOARD_MAX_CHARS = 40_000
export const ALLOWED_PATHS_MAX = 64
export const TIME_BUDGET_MAX_SECONDS = 86_400
export const PATCH_DEFAULT_MAX_BYTES = 262_144
export const PEER_EVALUATIONS_MAX = 20
const TEXT_MAX_CHARS = 4_000
const ENV_MAX_NAMES = 64
const REPLAY_DEFAULT_SECONDS = 3_600
/** Bodies of requests end at 1 MiB, and a patch has to fit into one. */
const PATCH_LIMIT_MAX_BYTES = 786_432

const oneOf = <const V extends string[]>(...values: V) =>
  Type.Unsafe<V[number]>(Type.Union(values.map((value) => Type.Literal(value))))
const nullable = <S extends ReturnType<typeof Type.String>>(schema: S) =>
  Type.Union([schema, Type.Null()], { default: null })
const Text = Type.String({ minLength: 1, maxLength: TEXT_MAX_CHARS })
const Name = Type.String({ minLength: 1, maxLength: 200 })
const Direction = oneOf('minimize', 'maximize')

/** A task as its operator writes it: every field and limit of spec autoresearch §2, but its private environment. */
export const TaskRecordSchema = Type.Object(
  {
    slug: Type.String({ minLength: 3, maxLength: SLUG_MAX_CHARS, pattern: '^[a-z0-9][a-z0-9._-]*$' }),
    title: Type.String({ minLength: 3, maxLength: TITLE_MAX_CHARS }),
    brief: Type.String({ maxLength: BRIEF_MAX_CHARS, default: '' }),
    onboard_md: nullable(Type.String({ maxLength: ONBOARD_MAX_CHARS })),
    repository: Type.String({
      minLength: 8,
      maxLength: 500,
      pattern: '^(https://|ssh://|git@|git://|http://|file://)',
    }),
    base_ref: Name,
    setup_command: nullable(Text),
    benchmark_command: Text,
    result_path: nullable(Type.String({ minLength: 1, maxLength: 400 })),
    allowed_patch_paths: Type.Array(Type.String({ minLength: 1, maxLength: 400 }), {
      minItems: 1,
      maxItems: ALLOWED_PATHS_MAX,
    }),
    metric_name: Name,
    metric_direction: Direction,
    ranking_mode: Type.Unsafe<'scalar' | 'pareto'>({ ...oneOf('scalar', 'pareto'), default: 'scalar' }),
    secondary_metric_name: nullable(Name),
    secondary_metric_direction: Type.Union([Direction, Type.Null()], { default: null }),
    /** Improvement that the task wants, both or neither; null: that of the policy. */
    noise_unit: Type.Union([oneOf('nats', 'absolute'), Type.Null()], { default: null }),
    noise_band: Type.Unsafe<number | null>({ type: ['number', 'null'], minimum: 0, default: null }),
    competition_mode: Type.Unsafe<'centerless' | 'standard' | 'peer_evaluation'>({
      ...oneOf('centerless', 'standard', 'peer_evaluation'),
      default: 'centerless',
    }),
    min_peer_evaluations: Type.Integer({ minimum: 1, maximum: PEER_EVALUATIONS_MAX, default: 2 }),
    time_budget_seconds: Type.Integer({
      minimum: 1,
      maximum: TIME_BUDGET_MAX_SECONDS,
      default: REPLAY_DEFAULT_SECONDS,
    }),
    max_patch_bytes: Type.Integer({
      minimum: 1,
      maximum: PATCH_LIMIT_MAX_BYTES,
      default: PATCH_DEFAULT_MAX_BYTES,
    }),
    requires_artifact: Type.Boolean({ default: false }),
    is_active: Type.Boolean({ default: true }),
    /** Relative share of the publishable budget. */
    competition_weight: Type.Number({ minimum: 0, maximum: 1e9, default: 1 }),
    scoring_mode: Type.String({ minLength: 1, maxLength: 64, default: 'best_result' }),
    reward_scope: Type.String({ minLength: 1, maxLength: 64, default: 'task' }),
  },
  { additionalProperties: false },
)

export type TaskRecord = Static<typeof TaskRecordSchema>

/** Names and values for the benchmark that miners may not see. */
export const BenchmarkEnv = Type.Record(
  Type.String({ pattern: '^[A-Za-z_][A-Za-z0-9_]{0,127}$' }),
  Type.String({ maxLength: TEXT_MAX_CHARS }),
  { maxProperties: ENV_MAX_NAMES, default: {} },
)

/** Faults between fields, which a schema cannot say. */
export function taskFault(record: TaskRecord): string | undefined {
  const { ranking_mode, secondary_metric_name, secondary_metric_direction, result_path } = record
  const hasSecondary = secondary_metric_name !== null && secondary_metric_direction !== null
  if (ranking_mode === 'pareto' && !hasSecondary)
    return 'ranking_mode pareto needs secondary_metric_name and secondary_metric_direction'
  if (ranking_mode === 'scalar' && (secondary_metric_name ?? secondary_metric_direction) !== null)
    return 'a secondary metric needs ranking_mode pareto'
  if (secondary_metric_name === record.metric_name) return 'the secondary metric is the metric itself'
  if ((record.noise_unit === null) !== (record.noise_band === null))
    return 'noise_unit and noise_band belong together'
  if (result_path !== null && (result_path.startsWith('/') || result_path.split('/').includes('..')))
    return 'result_path is not a relative path inside the repository'
  return undefined
}
