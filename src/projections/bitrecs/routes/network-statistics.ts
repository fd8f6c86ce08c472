import { type AgentRow, type BitrecsReader, isoTime } from './reader'

const DAY_MS = 86_400_000

/** The best score of one validator's evaluation up to each hour of the contest. */
export async function topScoresOverTime(reader: BitrecsReader) {
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

/** Null for the best score while nobody has a final one. */
export async function networkStatistics(reader: BitrecsReader) {
  const scores = await reader.finalScores()
  const dayAgo = Date.now() - DAY_MS
  const agents = await reader.agents()
  const top = (rows: readonly AgentRow[]) =>
    rows.reduce<number | null>((best, row) => {
      const score = scores.get(row.agent_id)?.score
      return score === undefined ? best : Math.max(best ?? score, score)
    }, null)
  const older = agents.filter((row) => Number(row.submitted_at) < dayAgo)
  const [now, then] = [top(agents), top(older)]
  return {
    score_improvement_24_hrs: now === null || then === null ? 0 : now - then,
    agents_created_24_hrs: agents.length - older.length,
    top_score: now,
  }
}
