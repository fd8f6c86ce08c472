import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { readBlob } from '../../core/blobs'
import { addressOf } from '../../core/signatures'
import type { BitrecsServices } from '../services'
import type { Agent, BitrecsState } from '../state'
import { parseArtifact } from '../submission/artifact'
import { agentShape } from './agent-shape'

const Detail = Type.Object({ detail: Type.Unknown(), code: Type.Optional(Type.String()) })

/** The artifact as nodes get it: what the miner wrote, with what the platform added (spec bitrecs §2.5, §4). */
async function wholeAgent({ pool }: BitrecsServices, agent: Agent) {
  const content = await readBlob(pool, agent.contentSha256)
  const artifact = content && parseArtifact(content.toString('utf8'))
  if (!artifact?.ok) return null
  const { agentId, hotkey, uid, status, submittedAtMs } = agent
  return agentShape(artifact.value, { agentId, hotkey: addressOf(hotkey), uid, status, submittedAtMs })
}

function agentOfRun(state: Readonly<BitrecsState>, runId: string): Agent | undefined {
  const run = state.evaluation.runs.get(runId.toLowerCase())
  const evaluation = run && state.evaluation.evaluations.get(run.evaluationId)
  return evaluation && state.agents.get(evaluation.agentId)
}

/** What a node needs for a run: the artifact with its prompts. */
export const agentRoutes =
  (services: BitrecsServices): FastifyPluginAsyncTypebox =>
  async (app) => {
    const { commands } = services
    const ByRun = Type.Object({ evaluation_run_id: Type.String({ maxLength: 64 }) })
    const response = { 200: Type.Unknown(), 404: Detail }
    app.get(
      '/agent/get-by-evaluation-run-id',
      { schema: { querystring: ByRun, response } },
      async ({ query }, reply) => {
        const agent = agentOfRun(commands.state, query.evaluation_run_id)
        const whole = agent && (await wholeAgent(services, agent))
        return whole ?? reply.status(404).send({ detail: 'There is no such run', code: 'unknown_run' })
      },
    )
  }
