import { type Static, type TSchema, Type } from '@sinclair/typebox'
import { TypeCompiler } from '@sinclair/typebox/compiler'

const UUID = '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
const TOOL_RESULTS_MAX = 1_000
const RECEIPTS_MAX = 10_000

const nullable = <S extends TSchema>(schema: S) => Type.Union([schema, Type.Null()])
const Uuid = Type.String({ pattern: UUID })
const Hash = Type.String({ pattern: '^[0-9a-f]{64}$' })
/** Integer micro-USD; 18 digits are more than anybody has. */
const Micro = Type.String({ pattern: '^(0|[1-9][0-9]{0,17})$' })
const Name = Type.String({ minLength: 1, maxLength: 200 })
const Time = Type.String({ minLength: 20, maxLength: 40 })
const Millis = Type.Integer({ minimum: 0, maximum: 1_000_000_000_000 })
const Half = Type.Union([Type.Literal(0), Type.Literal(0.5)])

const ToolResult = Type.Object({
  result_id: Name,
  url: nullable(Type.String()),
  note: nullable(Type.String()),
  title: Type.Optional(nullable(Type.String())),
})

const ReceiptShape = Type.Object({
  receipt_id: Uuid,
  session_id: Uuid,
  uid: Type.Integer({ minimum: 0 }),
  tool: Type.String({ pattern: '^[a-z][a-z0-9_]{0,63}$' }),
  issued_at: Time,
  outcome: Type.Union(
    ['ok', 'provider_error', 'budget_exceeded', 'timeout'].map((outcome) => Type.Literal(outcome)),
  ),
  metadata: Type.Object({
    request_hash: Hash,
    response_hash: Hash,
    results: Type.Array(ToolResult, { maxItems: TOOL_RESULTS_MAX }),
    result_policy: Type.Union([Type.Literal('referenceable'), Type.Literal('log_only')]),
    cost_micro_usd: Micro,
  }),
})

/** A result as validators report it. What a miner's script wrote is looked at apart: it may be anything without being the validator's fault. */
const ResultShape = Type.Object({
  batch_id: Uuid,
  artifact_id: Uuid,
  claim_id: Type.String({ minLength: 1, maxLength: 100 }),
  uid: Type.Integer({ minimum: 0 }),
  status: Type.Union([Type.Literal('answered'), Type.Literal('failed')]),
  error_code: nullable(Type.String({ pattern: '^[a-z][a-z0-9_]{0,63}$' })),
  response: Type.Unknown(),
  citations: Type.Array(
    Type.Object({
      receipt_id: Type.String(),
      result_id: Type.String(),
      url: nullable(Type.String()),
      note: nullable(Type.String()),
    }),
  ),
  score: Type.Object({
    verdict_score: Half,
    support_score: Half,
    total: Type.Union([Type.Literal(0), Type.Literal(0.5), Type.Literal(1)]),
    grader_model: nullable(Name),
    grader_rationale: nullable(Type.String()),
  }),
  session: nullable(
    Type.Object({
      session_id: Uuid,
      budget_micro_usd: Micro,
      used_micro_usd: Micro,
      opened_at: Time,
      closed_at: Time,
    }),
  ),
  elapsed_ms: Millis,
  receipts: Type.Array(ReceiptShape, { maxItems: RECEIPTS_MAX }),
})
export type Result = Static<typeof ResultShape>
export type WireReceipt = Result['receipts'][number]

const ProgressShape = Type.Object({
  batch_id: Uuid,
  status: Type.Union(['queued', 'running', 'completed', 'failed'].map((status) => Type.Literal(status))),
  error: Type.Optional(nullable(Type.String())),
  total: Type.Integer({ minimum: 0 }),
  completed: Type.Integer({ minimum: 0 }),
  remaining: Type.Integer({ minimum: 0 }),
  miner_task_results: Type.Array(Type.Unknown()),
})
export type Progress = Static<typeof ProgressShape>

export const progressCheck = TypeCompiler.Compile(ProgressShape)
export const resultCheck = TypeCompiler.Compile(ResultShape)
