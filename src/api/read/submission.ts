import { policyOf } from '../../engine/decide-at'
import { readPointAt } from '../../projections/core/read-point'
import { SqlRows } from '../../projections/core/sql-rows'
import type { Row } from '../../projections/fold/projection'
import { toSs58 } from '../graphql/account'
import type { ApiContext } from '../graphql/context'
import { type AtInput, viewAt } from '../head/view'

interface SubmissionArgs {
  readonly netuid: number
  readonly agentId: string
  readonly at?: AtInput | null
}

/** A Bitrecs submission as of a block, with its states, evaluations and place; null when there is none. */
export async function submissionOf({ netuid, agentId, at }: SubmissionArgs, { api }: ApiContext) {
  const { height } = viewAt(api, at)
  const point = await readPointAt(api.pool, netuid, height)
  const source = new SqlRows(api.pool, point, api.systems.originOf)
  const same = { agent_id: agentId.toLowerCase() }
  const [agent] = await source.rows('bitrecs_agent', same)
  if (!agent) return null
  const [states, evaluations] = await Promise.all([
    source.history('bitrecs_agent_status', same),
    source.history('bitrecs_evaluation', same),
  ])
  const system = api.systems.of(netuid)
  const policy = await policyOf(system, source)
  const hotkey = `0x${String(agent.hotkey).slice(2)}`
  const isEnded = (row: Row) => row.to_seq !== null && (row.to_seq as number) < point.sizes.platform
  return {
    agentId: agent.agent_id,
    hotkey,
    name: agent.name,
    uid: agent.uid,
    revealHeight: agent.reveal_height,
    contentSha256: agent.content_sha256,
    status: states.at(-1)?.status ?? 'screening_1',
    history: states.map((row) => ({
      status: row.status,
      reason: row.reason,
      atMs: String(row.at_ms),
      height: row.valid_from,
      seq: row.from_seq,
    })),
    evaluations: evaluations.map((row) => ({
      evaluationId: row.evaluation_id,
      kind: row.kind,
      validator: row.validator,
      score: isEnded(row) ? row.score : null,
      outcome: isEnded(row) ? row.end_reason : null,
      height: row.valid_from,
    })),
    explain: policy ? await system.explain(source, policy, toSs58(hotkey)) : null,
  }
}
