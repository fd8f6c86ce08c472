import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import type { ReadServices } from '../../core/subnet-reads'
import { addressOf, type BitrecsReader, float4, isoTime } from './reader'

const PAGE_ROWS = 10
const PERMILLE = 1_000

interface Frontier {
  readonly members: readonly string[]
  readonly dominated: readonly { readonly key: string; readonly by: readonly string[] }[]
}
interface Standing {
  readonly key: string
  readonly hotkey: string
  readonly uid: number
  readonly points: number
  readonly weight: number | null
  readonly onFrontier: boolean
  readonly isWinner: boolean
  readonly firstBlock: number | null
  readonly rank: number
  readonly scores: Readonly<Record<string, number>>
}

const SCORES = `
  select s.run_id, s.uid, s.hotkey, s.task, s.score, s.success, s.duration_seconds, s.at_ms, s.set_id, s.sample_size
  from bitrecs_score s
  where s.netuid = $1 and s.set_id = (select set_id from bitrecs_set where netuid = $1 and valid_to is null)
    and not exists (select from bitrecs_ban b where b.netuid = s.netuid and b.hotkey = s.hotkey and b.valid_to is null)
    and not exists (select from bitrecs_unapproval u where u.netuid = s.netuid and u.agent_id = s.agent_id)
  order by s.from_seq`

interface ScoreRow {
  readonly run_id: string
  readonly uid: number | null
  readonly hotkey: Buffer
  readonly task: string
  readonly score: string
  readonly success: boolean
  readonly duration_seconds: string
  readonly at_ms: string
  readonly set_id: number
  readonly sample_size: number
}

/** What every validator's engine reads (spec bitrecs §5.1, §6). */
export const scoringRoutes =
  (reader: BitrecsReader, { settings, inspect }: ReadServices): FastifyPluginAsyncTypebox =>
  async (app) => {
    const answer = { schema: { response: { 200: Type.Unknown() } } }
    const standings = () => inspect('leaderboard') as Promise<readonly Standing[]>

    app.get('/scoring/screener-info', answer, () => screenerInfo(reader, settings))
    app.get('/scoring/latest-set-info', answer, async () => {
      const set = await reader.setId()
      return {
        latest_set_id: set?.set_id ?? null,
        latest_set_created_at: set ? isoTime(set.created_ms) : null,
      }
    })
    app.get('/scoring/latest', answer, async () => ({
      scores: (await reader.rows<ScoreRow>(SCORES)).map((row) => ({
        run_id: row.run_id,
        uid: row.uid,
        hotkey: addressOf(row.hotkey),
        task_name: row.task,
        score: float4(row.score),
        success: row.success,
        duration: float4(row.duration_seconds),
        created_at: isoTime(row.at_ms),
        evaluation_set_id: row.set_id,
        sample_size: row.sample_size,
      })),
    }))
    app.get('/scoring/pareto', answer, async () => {
      const [rows, frontier] = await Promise.all([standings(), inspect('frontier') as Promise<Frontier>])
      return pareto(rows, frontier)
    })
    app.get('/scoring/wta', answer, async () => {
      const page = { first: PAGE_ROWS, after: 0 }
      const [rows, winners] = await Promise.all([
        standings(),
        inspect('subsetWinners', page) as Promise<{
          rows: readonly { tasks: readonly string[]; winner: string | null }[]
        }>,
      ])
      return winnerTakesAll(rows, winners.rows)
    })
    app.get('/scoring/constants', answer, async () => constants((await inspect('policy')) as Policy))
  }

interface Policy {
  readonly threshold: { readonly z: number; readonly minGap: number; readonly maxGap: number }
  readonly epsilon: { readonly min: number; readonly max: number; readonly defaultSamples: number }
  readonly emissionPortion: number
  readonly decay: { readonly graceDays: number; readonly perDay: number; readonly floor: number }
}

const constants = ({ threshold, epsilon, emissionPortion, decay }: Policy) => ({
  MIN_THRESHOLD_GAP: threshold.minGap,
  MAX_THRESHOLD_GAP: threshold.maxGap,
  DEFAULT_Z_SCORE: threshold.z,
  DEFAULT_EPISODES_PER_ENV: epsilon.defaultSamples,
  MIN_EPSILON: epsilon.min,
  MAX_EPSILON: epsilon.max,
  MINER_EMISSION_PORTION: emissionPortion,
  GRACE_PERIOD_DAYS: decay.graceDays,
  DECAY_FACTOR: decay.perDay,
  DECAY_FLOOR: decay.floor,
})

async function screenerInfo(reader: BitrecsReader, settings: ReadServices['settings']) {
  const rows = await reader.rows<{ kind: string; score: string | null; wait: string | null }>(
    `select e.kind, avg(e.score) as score, avg(e.started_ms - s.at_ms) / 1000 as wait
     from bitrecs_evaluation e
     left join bitrecs_agent_status s on s.netuid = e.netuid and s.agent_id = e.agent_id
       and s.status = case e.kind when 'validator' then 'evaluating' else replace(e.kind, 'screener', 'screening') end
     where e.netuid = $1 and e.end_reason = 'success' group by e.kind`,
  )
  const of = (kind: string) => rows.find((row) => row.kind === kind)
  const number = (value: string | null | undefined) => (value == null ? 0 : Number(value))
  return {
    screener_1_threshold: settings.bitrecsScreener1Permille / PERMILLE,
    screener_2_threshold: settings.bitrecsScreener2Permille / PERMILLE,
    prune_threshold: settings.bitrecsPrunePermille / PERMILLE,
    screener_1_average_score: number(of('screener_1')?.score),
    screener_2_average_score: number(of('screener_2')?.score),
    validator_average_score: number(of('validator')?.score),
    screener_1_average_wait_time: number(of('screener_1')?.wait),
    screener_2_average_wait_time: number(of('screener_2')?.wait),
    validator_average_wait_time: number(of('validator')?.wait),
  }
}

function pareto(rows: readonly Standing[], { members, dominated }: Frontier) {
  const tasks = [...new Set(rows.flatMap((row) => Object.keys(row.scores)))].sort()
  const mean = ({ scores }: Standing) =>
    tasks.reduce((sum, task) => sum + (scores[task] ?? 0), 0) / (tasks.length || 1)
  const by = new Map(dominated.map(({ key, by }) => [key, by]))
  const beats = (a: Standing, b: Standing) => by.get(b.key)?.includes(a.key) === true
  return {
    frontier_uids: rows.filter((row) => members.includes(row.key)).map((row) => row.uid),
    dominance_matrix: rows.slice(0, PAGE_ROWS).map((a) => rows.map((b) => beats(a, b))),
    score_matrix: rows.slice(0, PAGE_ROWS).map((row) => tasks.map((task) => row.scores[task] ?? 0)),
    uid_mapping: Object.fromEntries(rows.map((row) => [row.uid, row.hotkey])),
    miner_scores: Object.fromEntries(rows.map((row) => [row.uid, row.scores])),
    samples: tasks,
    dominance_explanation: dominated.map(
      ({ key, by: winners }) => `${key} is dominated by ${winners.join(', ')}`,
    ),
    stats: rows.map((row) => ({
      uid: row.uid,
      on_frontier: row.onFrontier,
      dominated_count: rows.filter((other) => beats(row, other)).length,
      score_avg: mean(row),
    })),
  }
}

function winnerTakesAll(
  rows: readonly Standing[],
  winners: readonly { readonly tasks: readonly string[]; readonly winner: string | null }[],
) {
  const byUid = <T>(value: (row: Standing) => T) =>
    Object.fromEntries(rows.map((row) => [row.uid, value(row)]))
  return {
    weights: byUid((row) => row.weight ?? 0),
    subset_scores: byUid((row) => row.points),
    miner_thresholds: byUid((row) => row.scores),
    miner_blocks: byUid((row) => row.firstBlock),
    subset_winners: winners.map(({ tasks, winner }) => ({ subset: tasks, winner })),
    stats: rows.map((row) => ({
      winner_uid: row.uid,
      subsets_won: winners.filter(({ winner }) => winner === row.key).length,
      weight: row.weight ?? 0,
      rank: row.rank,
    })),
  }
}
