import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { readBlob } from '../../../platform/core/blobs'
import { problemStatistics } from './problem-statistics'
import { type BitrecsReader, isoTime } from './reader'
import { evaluationById, runById, shownRun } from './runs'
import { answers, Evaluation, EvaluationRun, ProblemStatistics, refuse, SetProblem } from './shapes'

const Id = Type.String({ maxLength: 64 })
const LogType = Type.Union([Type.Literal('agent'), Type.Literal('eval')])

/** Single runs, their evaluation and their logs; problems of the sets (spec bitrecs §6). */
export const evaluationRoutes =
  (reader: BitrecsReader): FastifyPluginAsyncTypebox =>
  async (app) => {
    const byRun = { querystring: Type.Object({ evaluation_run_id: Id }) }
    const idOf = ({ query }: { query: unknown }) =>
      (query as { evaluation_run_id: string }).evaluation_run_id.toLowerCase()
    app.get('/evaluation-run/get-by-id', answers('One run', EvaluationRun, byRun), async (request, reply) => {
      const run = await runById(reader, idOf(request))
      return run ? shownRun(run) : refuse(reply, 404, 'Evaluation run not found')
    })
    app.get(
      '/evaluation/get-by-evaluation-run-id',
      answers('The evaluation that a run belongs to', Evaluation, byRun),
      async (request, reply) => {
        const run = await runById(reader, idOf(request))
        const found = run && (await evaluationById(reader, run.evaluation_id))
        return found ?? refuse(reply, 404, 'Evaluation not found')
      },
    )
    const logs = { querystring: Type.Object({ evaluation_run_id: Id, type: LogType }) }
    app.get(
      '/evaluation-run/get-logs-by-id',
      answers('Logs of a run, as one JSON text', Type.String(), logs),
      async (request, reply) => {
        const column = `${(request.query as { type: 'agent' | 'eval' }).type}_logs_sha256`
        const row = await reader.one<{ sha256: string }>(
          `select ${column} as sha256 from bitrecs_run where netuid = $1 and run_id = $2 and ${column} is not null limit 1`,
          idOf(request),
        )
        const text = row && (await readBlob(reader.pool, row.sha256))
        if (!text) return refuse(reply, 404, 'Logs not found')
        // A text would be sent as text: existing clients read JSON.
        return reply.type('application/json').send(JSON.stringify(text.toString('utf8')))
      },
    )
    app.get(
      '/evaluation-sets/all-latest-set-problems',
      answers('Problems of the contest', Type.Array(SetProblem)),
      async () => {
        const set = await reader.setId()
        return Object.entries(set?.problems ?? {}).flatMap(([group, names]) =>
          names.map((problem) => ({
            set_id: set!.set_id,
            set_group: group,
            problem_name: problem,
            created_at: isoTime(set!.created_ms),
          })),
        )
      },
    )
    const bySet = { querystring: Type.Object({ set_id: Type.Integer() }) }
    app.get(
      '/statistics/problem-statistics',
      answers('How runs of each problem ended', ProblemStatistics, bySet),
      async ({ query }, reply) => {
        const { set_id: setId } = query as { set_id: number }
        const found = await problemStatistics(reader, setId)
        return found ?? refuse(reply, 400, `There is no set ${setId}`)
      },
    )
  }
