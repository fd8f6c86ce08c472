import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { readBlob } from '../../../platform/core/blobs'
import { type AgentRow, addressOf, agentSummary, type BitrecsReader, bytesOf, isoTime } from './reader'

const TOP_AGENTS = 50
const DAY_MS = 86_400_000
const Detail = Type.Object({ detail: Type.Unknown() })

/** Lists of artifacts and their evaluations (spec bitrecs §6). */
export const retrievalRoutes =
  (reader: BitrecsReader): FastifyPluginAsyncTypebox =>
  async (app) => {
    const response = { 200: Type.Unknown(), 404: Detail, 501: Detail }
    const answer = { schema: { response } }
    const ById = Type.Object({ agent_id: Type.String({ maxLength: 64 }) })
    const ByHotkey = Type.Object({ miner_hotkey: Type.String({ maxLength: 64 }) })

    app.get('/retrieval/miner-blocks', answer, async () =>
      Object.fromEntries((await reader.agents()).map((row) => [addressOf(row.hotkey), row.reveal_height])),
    )
    const Stage = Type.Object({
      stage: Type.Union([Type.Literal('screener_1'), Type.Literal('screener_2'), Type.Literal('validator')]),
    })
    app.get('/retrieval/queue', { schema: { querystring: Stage, response } }, async ({ query }) =>
      (
        await reader.agents('and s.status = $2 order by a.submitted_at, a.ordinal', STATUS_OF[query.stage])
      ).map(agentSummary),
    )
    app.get('/retrieval/top-agents', answer, async () => {
      const scores = await reader.finalScores()
      const rows = (await reader.agents()).filter((row) => scores.has(row.agent_id))
      rows.sort((a, b) => scores.get(b.agent_id)!.score - scores.get(a.agent_id)!.score)
      return rows.slice(0, TOP_AGENTS).map((row) => scored(row, scores.get(row.agent_id)!))
    })
    app.get('/retrieval/current-agents', answer, async () => {
      const set = await reader.setId()
      const since = set?.created_ms ?? '0'
      return (await reader.agents('and a.submitted_at >= $2 order by a.ordinal', since)).map(agentSummary)
    })
    app.get('/retrieval/benchmark-agents', answer, async () => [])
    app.get(
      '/retrieval/agent-by-id',
      { schema: { querystring: ById, response } },
      async ({ query }, reply) => {
        const [row] = await reader.anyAgents('and a.agent_id = $2', query.agent_id.toLowerCase())
        return row ? agentSummary(row) : reply.status(404).send({ detail: 'Agent not found' })
      },
    )
    const byHotkey = async (hotkey: string) => {
      const account = bytesOf(hotkey)
      return account ? reader.anyAgents('and a.hotkey = $2 order by a.ordinal desc', account) : []
    }
    app.get(
      '/retrieval/agent-by-hotkey',
      { schema: { querystring: ByHotkey, response } },
      async ({ query }, reply) => {
        const [row] = await byHotkey(query.miner_hotkey)
        return row ? agentSummary(row) : reply.status(404).send({ detail: 'Agent not found' })
      },
    )
    app.get(
      '/retrieval/all-agents-by-hotkey',
      { schema: { querystring: ByHotkey, response } },
      async ({ query }) => (await byHotkey(query.miner_hotkey)).map(agentSummary),
    )
    app.get('/retrieval/evaluations-for-agent', { schema: { querystring: ById, response } }, ({ query }) =>
      evaluationsOf(reader, query.agent_id.toLowerCase()),
    )
    app.get('/retrieval/agent-code', answer, (_, reply) =>
      reply.status(501).send({ detail: 'agent-code download not implemented' }),
    )
    app.get('/retrieval/top-scores-over-time', answer, () => topScoresOverTime(reader))
    app.get('/retrieval/network-statistics', answer, () => networkStatistics(reader))
    app.get('/agent/get-gist-info', { schema: { querystring: ById, response } }, async ({ query }, reply) => {
      const [row] = await reader.anyAgents('and a.agent_id = $2', query.agent_id.toLowerCase())
      if (!row) return reply.status(404).send({ detail: 'Agent not found' })
      return {
        created_at: isoTime(row.submitted_at),
        gist_id: row.gist_id,
        github_account: row.account,
        hotkey: addressOf(row.hotkey),
        block: row.reveal_height,
      }
    })
    await app.register(runRoutes(reader))
  }

const STATUS_OF = { screener_1: 'screening_1', screener_2: 'screening_2', validator: 'evaluating' } as const

const scored = (row: AgentRow, { score, validators }: { score: number; validators: number }) => ({
  ...agentSummary(row),
  set_id: row.set_id,
  approved: true,
  validator_count: validators,
  final_score: score,
})

const RUNS = `
  select run_id, evaluation_id, problem, status, at_ms, test_results, error_code, error_message, agent_logs_sha256, eval_logs_sha256
  from bitrecs_run where netuid = $1 and valid_to is null`

interface RunRow {
  readonly run_id: string
  readonly evaluation_id: string
  readonly problem: string
  readonly status: string
  readonly at_ms: string
  readonly test_results: unknown
  readonly error_code: number | null
  readonly error_message: string | null
}

const shownRun = (row: RunRow) => ({
  evaluation_run_id: row.run_id,
  evaluation_id: row.evaluation_id,
  problem_name: row.problem,
  status: row.status,
  updated_at: isoTime(row.at_ms),
  test_results: row.test_results,
  error_code: row.error_code,
  error_message: row.error_message,
})

const EVALUATIONS = `
  select evaluation_id, agent_id, validator, set_id, kind, started_ms, score, end_reason from bitrecs_evaluation where netuid = $1`

interface EvaluationRow {
  readonly evaluation_id: string
  readonly agent_id: string
  readonly validator: string
  readonly set_id: number
  readonly kind: string
  readonly started_ms: string
  readonly score: string | null
  readonly end_reason: string | null
}

const shownEvaluation = (row: EvaluationRow) => ({
  evaluation_id: row.evaluation_id,
  agent_id: row.agent_id,
  validator_hotkey: row.validator.startsWith('0x')
    ? addressOf(Buffer.from(row.validator.slice(2), 'hex'))
    : row.validator,
  set_id: row.set_id,
  evaluation_set_group: row.kind,
  created_at: isoTime(row.started_ms),
  status: row.end_reason ?? 'running',
  score: row.score === null ? null : Number(row.score),
})

async function evaluationsOf(reader: BitrecsReader, agentId: string) {
  const evaluations = await reader.rows<EvaluationRow>(
    `${EVALUATIONS} and agent_id = $2 order by from_seq`,
    agentId,
  )
  const runs = await reader.rows<RunRow>(`${RUNS} and agent_id = $2 order by ordinal`, agentId)
  return evaluations.map((row) => ({
    evaluation: shownEvaluation(row),
    runs: runs.filter((run) => run.evaluation_id === row.evaluation_id).map(shownRun),
  }))
}

/** Single runs, their evaluation and their logs; problems of the sets. */
const runRoutes =
  (reader: BitrecsReader): FastifyPluginAsyncTypebox =>
  async (app) => {
    const ByRun = Type.Object({ evaluation_run_id: Type.String({ maxLength: 64 }) })
    const response = { 200: Type.Unknown(), 404: Detail }
    const find = (id: string) =>
      reader.one<RunRow & Record<string, string | null>>(`${RUNS} and run_id = $2`, id.toLowerCase())
    app.get(
      '/evaluation-run/get-by-id',
      { schema: { querystring: ByRun, response } },
      async ({ query }, reply) => {
        const run = await find(query.evaluation_run_id)
        return run ? shownRun(run) : reply.status(404).send({ detail: 'Evaluation run not found' })
      },
    )
    app.get(
      '/evaluation/get-by-evaluation-run-id',
      { schema: { querystring: ByRun, response } },
      async ({ query }, reply) => {
        const run = await find(query.evaluation_run_id)
        const row =
          run && (await reader.one<EvaluationRow>(`${EVALUATIONS} and evaluation_id = $2`, run.evaluation_id))
        return row ? shownEvaluation(row) : reply.status(404).send({ detail: 'Evaluation not found' })
      },
    )
    const Logs = Type.Object({
      evaluation_run_id: Type.String({ maxLength: 64 }),
      type: Type.Union([Type.Literal('agent'), Type.Literal('eval')]),
    })
    app.get(
      '/evaluation-run/get-logs-by-id',
      { schema: { querystring: Logs, response } },
      async ({ query }, reply) => {
        const column = `${query.type}_logs_sha256`
        const [row] = await reader.rows<{ sha256: string }>(
          `select ${column} as sha256 from bitrecs_run where netuid = $1 and run_id = $2 and ${column} is not null limit 1`,
          query.evaluation_run_id.toLowerCase(),
        )
        const logs = row && (await readBlob(reader.pool, row.sha256))
        return logs ? logs.toString('utf8') : reply.status(404).send({ detail: 'Logs not found' })
      },
    )
    app.get('/evaluation-sets/all-latest-set-problems', { schema: { response } }, async () => {
      const set = await reader.setId()
      return Object.entries(set?.problems ?? {}).flatMap(([group, names]) =>
        names.map((problem) => ({
          set_id: set!.set_id,
          set_group: group,
          problem_name: problem,
          created_at: isoTime(set!.created_ms),
        })),
      )
    })
    const BySet = Type.Object({ set_id: Type.Optional(Type.Integer({ minimum: 0 })) })
    app.get('/statistics/problem-statistics', { schema: { querystring: BySet, response } }, ({ query }) =>
      reader.rows(
        `select r.problem as problem_name, e.kind as set_group, count(*)::int as total_num_evaluation_runs,
           count(*) filter (where r.status = 'finished')::int as num_finished_evaluation_runs,
           count(*) filter (where r.status = 'error')::int as num_errored_evaluation_runs
         from bitrecs_run r join bitrecs_evaluation e on e.netuid = r.netuid and e.evaluation_id = r.evaluation_id
         where r.netuid = $1 and r.valid_to is null
           and e.set_id = coalesce($2::int, (select set_id from bitrecs_set where netuid = $1 and valid_to is null))
         group by r.problem, e.kind order by e.kind, r.problem`,
        query.set_id ?? null,
      ),
    )
  }

async function topScoresOverTime(reader: BitrecsReader) {
  const rows = await reader.rows<{ hour: string; top: string }>(
    `select (floor(started_ms / 3600000) * 3600000)::bigint as hour, max(score) as top from bitrecs_evaluation
     where netuid = $1 and kind = 'validator' and end_reason = 'success'
       and set_id = (select set_id from bitrecs_set where netuid = $1 and valid_to is null)
     group by 1 order by 1`,
  )
  let best = 0
  return rows.map((row) => {
    best = Math.max(best, Number(row.top))
    return { hour: isoTime(row.hour), top_score: best }
  })
}

async function networkStatistics(reader: BitrecsReader) {
  const scores = await reader.finalScores()
  const dayAgo = Date.now() - DAY_MS
  const agents = await reader.agents()
  const top = (rows: readonly AgentRow[]) =>
    Math.max(0, ...rows.map((row) => scores.get(row.agent_id)?.score ?? 0))
  const older = agents.filter((row) => Number(row.submitted_at) < dayAgo)
  return {
    score_improvement_24_hrs: top(agents) - top(older),
    agents_created_24_hrs: agents.length - older.length,
    top_score: top(agents),
  }
}
