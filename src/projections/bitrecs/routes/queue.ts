import type { AgentRow, BitrecsReader } from './reader'

export type Stage = 'screener_1' | 'screener_2' | 'validator'

const STATUS_OF = { screener_1: 'screening_1', screener_2: 'screening_2', validator: 'evaluating' } as const

/** Evaluations of a kind in the contest that succeeded or still run: those that failed give the artifact back to its queue. */
const counted = (kind: string) => `(
  select count(*) from bitrecs_evaluation e where e.netuid = a.netuid and e.agent_id = a.agent_id and e.kind = '${kind}'
    and (e.end_reason is null or e.end_reason = 'success')
    and e.set_id = (select set_id from bitrecs_set where netuid = a.netuid and valid_to is null))`

const BEST_SCREENING = `(
  select coalesce(max(e.score), 0) from bitrecs_evaluation e where e.netuid = a.netuid and e.agent_id = a.agent_id
    and e.kind = 'screener_2' and e.end_reason = 'success'
    and e.set_id = (select set_id from bitrecs_set where netuid = a.netuid and valid_to is null))`

/** Who waits for an evaluation, next one first: the platform's own order (spec bitrecs §3.4), out of the read models. */
export function queueOf(reader: BitrecsReader, stage: Stage, evalsPerAgent: number): Promise<AgentRow[]> {
  const wanted = stage === 'validator' ? evalsPerAgent : 1
  const first = stage === 'validator' ? `${BEST_SCREENING} desc, ` : ''
  return reader.agents(
    `and s.status = $2 and ${counted(stage)} < $3 order by ${first}a.submitted_at, a.ordinal`,
    STATUS_OF[stage],
    wanted,
  )
}
