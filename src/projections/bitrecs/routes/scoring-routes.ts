import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { ReadServices } from '../../core/subnet-reads'
import { addressOf, type BitrecsReader, float4, isoTime } from './reader'
import { pareto, type Tables, winnerTakesAll } from './scoring-tables'
import { screenerInfo } from './screener-info'
import { answers, Constants, LatestScores, LatestSet, Pareto, ScreenerInfo, WinnerTakesAll } from './shapes'

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
    const tables = () => inspect('tables') as Promise<Tables>

    app.get('/scoring/screener-info', answers('Thresholds, mean scores and waits', ScreenerInfo), () =>
      screenerInfo(reader, settings),
    )
    app.get('/scoring/latest-set-info', answers('The evaluation set of the contest', LatestSet), async () => {
      const set = await reader.setId()
      return {
        latest_set_id: set?.set_id ?? null,
        latest_set_created_at: set ? isoTime(set.created_ms) : null,
      }
    })
    app.get('/scoring/latest', answers('Scores that count for weights', LatestScores), async () => ({
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
    app.get('/scoring/pareto', answers('Who dominates whom', Pareto), async () => pareto(await tables()))
    app.get('/scoring/wta', answers('Points and weights of all miners', WinnerTakesAll), async () =>
      winnerTakesAll(await tables()),
    )
    app.get('/scoring/constants', answers('Constants of the policy that holds', Constants), async () =>
      constants((await inspect('policy')) as Policy),
    )
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
