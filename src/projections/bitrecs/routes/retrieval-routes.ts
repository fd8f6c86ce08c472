import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import type { FastifyReply } from 'fastify'
import type { ReadServices } from '../../core/subnet-reads'
import { wholeAgents, withoutPrompts } from './agents'
import { networkStatistics, topScoresOverTime } from './network-statistics'
import { queueOf } from './queue'
import { type AgentRow, addressOf, type BitrecsReader, bytesOf, isoTime } from './reader'
import { evaluationsOf } from './runs'
import * as shape from './shapes'
import { answers, refuse } from './shapes'

const TOP_AGENTS = 50
const Id = Type.String({ maxLength: 64 })
const ById = { querystring: Type.Object({ agent_id: Id }) }
const ByHotkey = { querystring: Type.Object({ miner_hotkey: Id }) }
const Stage = Type.Union([Type.Literal('screener_1'), Type.Literal('screener_2'), Type.Literal('validator')])

/** Lists of artifacts and their evaluations (spec bitrecs §6). */
export const retrievalRoutes =
  (reader: BitrecsReader, services: ReadServices): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.get('/retrieval/miner-blocks', answers('First block by hotkey', shape.MinerBlocks), async () =>
      Object.fromEntries((await reader.agents()).map((row) => [addressOf(row.hotkey), row.reveal_height])),
    )
    const byStage = { querystring: Type.Object({ stage: Stage }) }
    app.get(
      '/retrieval/queue',
      answers('Artifacts that wait for a stage, next first', Type.Array(shape.Agent), byStage),
      async ({ query }) => {
        const { stage } = query as { stage: 'screener_1' | 'screener_2' | 'validator' }
        const rows = await queueOf(reader, stage, services.settings.bitrecsNumEvalsPerAgent)
        return wholeAgents(reader, rows)
      },
    )
    app.get('/retrieval/top-agents', answers('The best of the contest', Type.Array(shape.AgentScored)), () =>
      topAgents(reader),
    )
    app.get(
      '/retrieval/current-agents',
      answers('Artifacts of the contest, without prompts', Type.Array(shape.Agent)),
      async () => {
        const since = (await reader.setId())?.created_ms ?? '0'
        const rows = await reader.agents('and a.submitted_at >= $2 order by a.ordinal', since)
        return (await wholeAgents(reader, rows)).map(withoutPrompts)
      },
    )
    app.get(
      '/retrieval/benchmark-agents',
      answers('None: this platform has no benchmark artifacts', Type.Array(shape.AgentScored)),
      async () => [],
    )
    app.get(
      '/retrieval/top-scores-over-time',
      answers('Best score by hour', Type.Array(shape.TopScore)),
      () => topScoresOverTime(reader),
    )
    app.get('/retrieval/network-statistics', answers('The last 24 hours', shape.NetworkStatistics), () =>
      networkStatistics(reader),
    )
    await app.register(singleAgentRoutes(reader))
  }

async function topAgents(reader: BitrecsReader) {
  const [scores, set] = await Promise.all([reader.finalScores(), reader.setId()])
  const rows = (await reader.agents('order by a.ordinal')).filter((row) => scores.has(row.agent_id))
  // Scores that differ by less than a millionth count as equal: the older one comes first.
  const rounded = (row: AgentRow) => Math.round(scores.get(row.agent_id)!.score * 1e6)
  rows.sort((a, b) => rounded(b) - rounded(a) || Number(a.submitted_at) - Number(b.submitted_at))
  return (await wholeAgents(reader, rows.slice(0, TOP_AGENTS))).map((agent) => ({
    ...agent,
    set_id: set!.set_id,
    approved: true,
    validator_count: scores.get(agent.agent_id)!.validators,
    final_score: scores.get(agent.agent_id)!.score,
  }))
}

const IN_EVALUATION = new Set(['screening_1', 'screening_2', 'evaluating'])

/** Routes about one artifact, or the artifacts of one hotkey. */
const singleAgentRoutes =
  (reader: BitrecsReader): FastifyPluginAsyncTypebox =>
  async (app) => {
    const byId = async ({ query }: { query: unknown }) => {
      const id = (query as { agent_id: string }).agent_id.toLowerCase()
      return (await reader.anyAgents('and a.agent_id = $2', id))[0]
    }
    const missing = (reply: FastifyReply) => refuse(reply, 404, 'Agent not found')

    app.get(
      '/retrieval/agent-by-id',
      answers('One artifact', shape.PossiblyBenchmarkAgent, ById),
      async (request, reply) => {
        const row = await byId(request)
        const [agent] = row ? await wholeAgents(reader, [row]) : []
        return agent ? { ...agent, is_benchmark_agent: false, benchmark_description: null } : missing(reply)
      },
    )
    const byHotkey = async ({ query }: { query: unknown }) => {
      const account = bytesOf((query as { miner_hotkey: string }).miner_hotkey)
      return account && reader.anyAgents('and a.hotkey = $2 order by a.ordinal desc', account)
    }
    const noAddress = (reply: FastifyReply) => refuse(reply, 400, 'Miner hotkey is not a valid format')
    app.get(
      '/retrieval/agent-by-hotkey',
      answers('The newest artifact of a hotkey', shape.Agent, ByHotkey),
      async (request, reply) => {
        const rows = await byHotkey(request)
        if (!rows) return noAddress(reply)
        const [agent] = await wholeAgents(reader, rows.slice(0, 1))
        return agent ?? missing(reply)
      },
    )
    app.get(
      '/retrieval/all-agents-by-hotkey',
      answers('All artifacts of a hotkey', Type.Array(shape.Agent), ByHotkey),
      async (request, reply) => {
        const rows = await byHotkey(request)
        return rows ? wholeAgents(reader, rows) : noAddress(reply)
      },
    )
    app.get(
      '/retrieval/evaluations-for-agent',
      answers('Evaluations of an artifact with their runs', Type.Array(shape.EvaluationWithRuns), ById),
      ({ query }) => evaluationsOf(reader, (query as { agent_id: string }).agent_id.toLowerCase()),
    )
    app.get(
      '/retrieval/agent-code',
      { schema: { summary: 'Not there: artifacts are texts', ...ById, response: REFUSED } },
      async (request, reply) => {
        const row = await byId(request)
        if (!row) return missing(reply)
        if (IN_EVALUATION.has(row.status)) return refuse(reply, 403, 'Agent is still being evaluated')
        return refuse(reply, 501, 'Downloading agent code is not implemented')
      },
    )
    app.get(
      '/agent/get-gist-info',
      answers('Gist of an artifact', shape.GistInfo, ById),
      async (request, reply) => {
        const row = await byId(request)
        if (!row) return missing(reply)
        return {
          created_at: isoTime(row.submitted_at),
          gist_id: row.gist_id,
          github_account: row.account,
          hotkey: addressOf(row.hotkey),
          block: row.reveal_height,
        }
      },
    )
  }

const REFUSED = { 403: shape.Detail, 404: shape.Detail, 501: shape.Detail }
