import { addressOf, type BitrecsReader, isoTime } from './reader'

/** A run passed: it has results and every one of them passed (spec bitrecs §3.2). */
export const SOLVED = `(r.status = 'finished' and jsonb_array_length(r.test_results) > 0 and not exists (
  select from jsonb_array_elements(r.test_results) t where t->>'status' is distinct from 'pass'))`

/** The present state of runs, with when each earlier one began. */
const RUNS = `
  select r.run_id, r.evaluation_id, r.problem, r.status, r.test_results, r.error_code, r.error_message, h.*,
    b.bytes as patch
  from bitrecs_run r
  cross join lateral (
    select max(patch_sha256) as patch_sha256,
      min(at_ms) filter (where status = 'pending') as created_ms,
      min(at_ms) filter (where status = 'initializing_agent') as initializing_agent_ms,
      min(at_ms) filter (where status = 'running_agent') as running_agent_ms,
      min(at_ms) filter (where status = 'initializing_eval') as initializing_eval_ms,
      min(at_ms) filter (where status = 'running_eval') as running_eval_ms,
      min(at_ms) filter (where status in ('finished', 'error')) as ended_ms
    from bitrecs_run where netuid = r.netuid and run_id = r.run_id) h
  left join platform_blob b on b.sha256 = decode(h.patch_sha256, 'hex')
  where r.netuid = $1 and r.valid_to is null`

export interface RunRow {
  readonly run_id: string
  readonly evaluation_id: string
  readonly problem: string
  readonly status: string
  readonly patch: Buffer | null
  readonly test_results: unknown
  readonly error_code: number | null
  readonly error_message: string | null
  readonly created_ms: string
  readonly initializing_agent_ms: string | null
  readonly running_agent_ms: string | null
  readonly initializing_eval_ms: string | null
  readonly running_eval_ms: string | null
  readonly ended_ms: string | null
}

const timeOrNull = (ms: string | null) => (ms === null ? null : isoTime(ms))

export const shownRun = (row: RunRow) => ({
  evaluation_run_id: row.run_id,
  evaluation_id: row.evaluation_id,
  problem_name: row.problem,
  status: row.status,
  patch: row.patch?.toString('utf8') ?? null,
  test_results: row.test_results,
  error_code: row.error_code,
  error_message: row.error_message,
  created_at: isoTime(row.created_ms),
  started_initializing_agent_at: timeOrNull(row.initializing_agent_ms),
  started_running_agent_at: timeOrNull(row.running_agent_ms),
  started_initializing_eval_at: timeOrNull(row.initializing_eval_ms),
  started_running_eval_at: timeOrNull(row.running_eval_ms),
  finished_or_errored_at: timeOrNull(row.ended_ms),
})

export const runById = (reader: BitrecsReader, runId: string): Promise<RunRow | undefined> =>
  reader.one<RunRow>(`${RUNS} and r.run_id = $2`, runId.toLowerCase())

/** Of a running evaluation the score is that of the runs that passed so far. */
const EVALUATIONS = `
  select v.evaluation_id, v.agent_id, v.validator, v.set_id, v.kind, v.started_ms, v.end_reason,
    (f.payload->>'at') as ended_ms, coalesce(v.score, (
      select count(*) from bitrecs_run r where r.netuid = v.netuid and r.evaluation_id = v.evaluation_id
        and r.valid_to is null and ${SOLVED})::numeric / nullif(v.runs, 0), 0) as score
  from bitrecs_evaluation v
  left join log_event f on f.log = 'platform' and f.netuid = v.netuid and f.seq = v.to_seq
  where v.netuid = $1`

interface EvaluationRow {
  readonly evaluation_id: string
  readonly agent_id: string
  readonly validator: string
  readonly set_id: number
  readonly kind: string
  readonly started_ms: string
  readonly ended_ms: string | null
  readonly score: string
  readonly end_reason: string | null
}

/** Hotkey of a validator as an address; the name of a screener as it is. */
export const nodeName = (validator: string): string =>
  validator.startsWith('0x') ? addressOf(Buffer.from(validator.slice(2), 'hex')) : validator

const shownEvaluation = (row: EvaluationRow) => ({
  evaluation_id: row.evaluation_id,
  agent_id: row.agent_id,
  validator_hotkey: nodeName(row.validator),
  set_id: row.set_id,
  created_at: isoTime(row.started_ms),
  finished_at: timeOrNull(row.ended_ms),
  evaluation_set_group: row.kind,
  status: row.end_reason ?? 'running',
  score: Number(row.score),
})

export async function evaluationById(reader: BitrecsReader, evaluationId: string) {
  const row = await reader.one<EvaluationRow>(`${EVALUATIONS} and v.evaluation_id = $2`, evaluationId)
  return row && shownEvaluation(row)
}

/** All evaluations of an artifact, oldest first, each with its runs. */
export async function evaluationsOf(reader: BitrecsReader, agentId: string) {
  const [evaluations, runs] = await Promise.all([
    reader.rows<EvaluationRow>(`${EVALUATIONS} and v.agent_id = $2 order by v.from_seq`, agentId),
    reader.rows<RunRow>(`${RUNS} and r.agent_id = $2 order by h.created_ms, r.ordinal`, agentId),
  ])
  return evaluations.map((row) => ({
    ...shownEvaluation(row),
    runs: runs.filter((run) => run.evaluation_id === row.evaluation_id).map(shownRun),
  }))
}
