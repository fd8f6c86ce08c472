import type { Entity, EntityField } from '../core/entity'
import { endReason, f, filter, microUsd, ms, nullable } from '../core/entity-fields'

const cell: Readonly<Record<string, EntityField>> = {
  batchId: f('batch_id', 'String', filter),
  validator: f('validator', 'Account'),
  artifactId: f('artifact_id', 'String', filter),
  claimId: f('claim_id', 'String'),
}
const runtimeMs = f('runtime_ms', 'BigInt', { describe: 'ms.' })

/** Lists of what validators reported, cell by cell; all of it is told when the batch is closed. */
export const resultEntities: readonly Entity[] = [
  {
    type: 'CasterSession',
    query: 'casterSessions',
    table: 'caster_session',
    describe: 'Tool budgets: one for a script on a claim at a validator.',
    fields: {
      sessionId: f('session_id', 'String', filter),
      ...cell,
      validator: f('validator', 'Account', filter),
      budgetMicroUsd: microUsd('budget_micro_usd'),
      usedMicroUsd: f('used_micro_usd', 'BigInt', { ...nullable, endsWith: true, describe: 'Micro-USD.' }),
      openedAtMs: ms('opened_at'),
      closedAtMs: f('closed_at', 'BigInt', {
        ...nullable,
        endsWith: true,
        describe: 'ms since the Unix epoch.',
      }),
      endReason: endReason('closed.'),
    },
  },
  {
    type: 'CasterToolCall',
    query: 'casterToolCalls',
    table: 'caster_tool_call',
    describe: 'Receipts and what each cost.',
    fields: {
      receiptId: f('receipt_id', 'String', filter),
      sessionId: f('session_id', 'String', filter),
      ...cell,
      tool: f('tool', 'String'),
      outcome: f('outcome', 'String', { describe: 'ok, provider_error, budget_exceeded, timeout.' }),
      requestHash: f('request_hash', 'String'),
      responseHash: f('response_hash', 'String'),
      resultPolicy: f('result_policy', 'String', { describe: 'referenceable, log_only.' }),
      costMicroUsd: microUsd('cost_micro_usd'),
      resultIds: f('result_ids', 'JSON'),
      issuedAtMs: ms('issued_at'),
    },
  },
  {
    type: 'CasterAnswer',
    query: 'casterAnswers',
    table: 'caster_answer',
    describe: 'Verdicts of scripts; a failed run has a code and no verdict.',
    fields: {
      ...cell,
      validator: f('validator', 'Account', filter),
      status: f('status', 'String', { describe: 'answered, failed.' }),
      sessionId: f('session_id', 'String', nullable),
      verdict: f('verdict', 'Int', nullable),
      justificationSha256: f('justification_sha256', 'String', { ...nullable, describe: 'At /content/.' }),
      citations: f('citations', 'Int', nullable),
      errorCode: f('error_code', 'String', nullable),
      runtimeMs,
      answeredAtMs: ms('answered_at'),
    },
  },
  {
    type: 'CasterCitation',
    query: 'casterCitations',
    table: 'caster_citation',
    describe: 'Citations with the url and note of their receipt, or why they were dropped.',
    fields: {
      ...cell,
      position: f('position', 'Int'),
      receiptId: f('receipt_id', 'String', filter),
      resultId: f('result_id', 'String'),
      status: f('status', 'String', { describe: 'hydrated, dropped.' }),
      url: f('url', 'String', nullable),
      note: f('note', 'String', nullable),
      reason: f('reason', 'String', nullable),
      citedAtMs: ms('cited_at'),
    },
  },
  {
    type: 'CasterGrade',
    query: 'casterGrades',
    table: 'caster_grade',
    describe: 'Scores in 0, 0.5, 1: half for the verdict, half for its support.',
    fields: {
      ...cell,
      validator: f('validator', 'Account', filter),
      claimId: f('claim_id', 'String', filter),
      status: f('status', 'String', { describe: 'answered, failed.' }),
      verdictScore: f('verdict_score', 'Float'),
      supportScore: f('support_score', 'Float'),
      total: f('total', 'Float'),
      graderModel: f('grader_model', 'String', { ...nullable, describe: 'null: the grader was not asked.' }),
      rationaleSha256: f('rationale_sha256', 'String', { ...nullable, describe: 'At /content/.' }),
      costMicroUsd: microUsd('cost_micro_usd'),
      runtimeMs,
      gradedAtMs: ms('graded_at'),
    },
  },
]
