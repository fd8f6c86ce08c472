import { type Static, type TSchema, Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import { MAX_TASKS } from './subsets'

const open = { additionalProperties: true }
/** Without it a record checks only the keys that its pattern matches. */
const closed = { additionalProperties: false }
const Real = Type.Union([Type.Number(), Type.Literal('NaN')])
const Uid = Type.Integer({ minimum: 0, maximum: 65_535 })
const Block = Type.Integer({ minimum: 0 })
/** One row a run; a season of 256 miners and 16 tasks with retries stays far below. */
const MAX_ROWS = 200_000

const Pipeline = Type.Object(
  {
    rows: Type.Array(
      Type.Object(
        {
          hotkey: Type.String({ minLength: 1 }),
          uid: Type.Union([Uid, Type.Null()]),
          task_name: Type.String({ minLength: 1 }),
          score: Real,
          sample_size: Type.Integer(),
          tenure: Type.Optional(Type.String()),
        },
        open,
      ),
      { maxItems: MAX_ROWS },
    ),
    miner_first_blocks_by_hotkey: Type.Record(Type.String(), Block, closed),
    current_block: Type.Union([Block, Type.Null()]),
    emission_portion: Type.Number(),
    subset_scheme: Type.Union([Type.Literal('linear'), Type.Literal('exponential'), Type.Literal('equal')]),
    set_weights: Type.Boolean(),
  },
  open,
)

const Scores = Type.Record(Type.String(), Type.Number(), closed)

/** Input of every vector group; names of fields are those of the vectors. */
export const VECTOR_INPUTS = {
  pipeline: Pipeline,
  subset_winner: Type.Object(
    {
      scores: Type.Record(
        Type.String({ pattern: '^\\d+$' }),
        Type.Record(Type.String(), Real, closed),
        closed,
      ),
      first_blocks: Type.Record(Type.String(), Block, closed),
      subset: Type.Array(Type.String(), { minItems: 1, maxItems: MAX_TASKS }),
      samples: Type.Integer(),
    },
    open,
  ),
  final_weights: Type.Object(
    { portion: Type.Number(), first_block: Type.Integer(), current_block: Block, winner_uid: Uid },
    open,
  ),
  epsilon: Type.Object({ scores: Type.Array(Real, { minItems: 1 }), n_samples: Type.Integer() }, open),
  dominance: Type.Object({ a: Type.Array(Real), b: Type.Array(Real), eps: Type.Array(Real) }, open),
  threshold: Type.Object({ prior_score: Type.Number(), sample_count: Type.Integer() }, open),
  decay: Type.Object({ first_block: Type.Integer(), current_block: Block }, open),
  subset_totals: Type.Object({ n_envs: Type.Integer({ minimum: 1, maximum: 30 }) }, open),
  softmax: Type.Object(
    {
      scores: Scores,
      args: Type.Optional(
        Type.Object(
          { temperature: Type.Optional(Type.Number()), min_weight: Type.Optional(Type.Number()) },
          open,
        ),
      ),
    },
    open,
  ),
} as const satisfies Record<string, TSchema>

export type VectorGroup = keyof typeof VECTOR_INPUTS
export type VectorInput<G extends VectorGroup> = Static<(typeof VECTOR_INPUTS)[G]>

/** A field that only this group has; asked in this order, so that the more specific comes first. */
const TELLING_FIELD: readonly (readonly [VectorGroup, string])[] = [
  ['pipeline', 'rows'],
  ['subset_winner', 'subset'],
  ['final_weights', 'portion'],
  ['epsilon', 'n_samples'],
  ['dominance', 'eps'],
  ['threshold', 'prior_score'],
  ['decay', 'first_block'],
  ['subset_totals', 'n_envs'],
  ['softmax', 'scores'],
]

/** The group a single vector belongs to, told by its fields. */
export function groupOf(vector: object): VectorGroup | undefined {
  return TELLING_FIELD.find(([, field]) => field in vector)?.[0]
}

/** The first thing that is wrong with a vector, as `path: message`; undefined when nothing is. */
export function faultOf(group: VectorGroup, vector: unknown): string | undefined {
  const schema: TSchema = VECTOR_INPUTS[group]
  if (Value.Check(schema, vector)) return undefined
  const [fault] = Value.Errors(schema, vector)
  return fault ? `${fault.path || '/'}: ${fault.message}` : 'unreadable'
}
