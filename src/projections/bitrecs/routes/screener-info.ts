import type { ReadServices } from '../../core/subnet-reads'
import type { BitrecsReader } from './reader'

const PERMILLE = 1_000

/** Successful evaluations of the contest by artifact; the block of an event names no milliseconds, the event does. */
const ENDED = `
  select e.agent_id, e.kind, e.score, (f.payload->>'at')::float8 as ended_ms, a.submitted_at::float8 as submitted_ms
  from bitrecs_evaluation e
  join log_event f on f.log = 'platform' and f.netuid = e.netuid and f.seq = e.to_seq
  join bitrecs_agent a on a.netuid = e.netuid and a.agent_id = e.agent_id
  where e.netuid = $1 and e.end_reason = 'success'
    and e.set_id = (select set_id from bitrecs_set where netuid = $1 and valid_to is null)
    and not exists (select from bitrecs_ban b where b.netuid = a.netuid and b.hotkey = a.hotkey and b.valid_to is null)
    and not exists (select from bitrecs_unapproval u where u.netuid = a.netuid and u.agent_id = a.agent_id)`

interface Ended {
  readonly agent_id: string
  readonly kind: 'screener_1' | 'screener_2' | 'validator'
  readonly score: string
  readonly ended_ms: number
  readonly submitted_ms: number
}

/** Waits are looked at over the last hours only. */
const WAITS_WITHIN_MS = 6 * 3_600_000

/**
 * Thresholds, and of each stage the mean score and the mean wait (s): from submission, from the end of the first screening, from the
 * end of the second one until the last of all wanted validators. Null: nobody got there.
 */
export async function screenerInfo(reader: BitrecsReader, settings: ReadServices['settings']) {
  const ended = await reader.rows<Ended>(ENDED)
  const scoreOf = (kind: Ended['kind']) =>
    mean(ended.filter((row) => row.kind === kind).map(({ score }) => Number(score)))
  const waits = waitsOf(ended, settings.bitrecsNumEvalsPerAgent, Date.now() - WAITS_WITHIN_MS)
  return {
    screener_1_threshold: settings.bitrecsScreener1Permille / PERMILLE,
    screener_2_threshold: settings.bitrecsScreener2Permille / PERMILLE,
    prune_threshold: settings.bitrecsPrunePermille / PERMILLE,
    screener_1_average_score: scoreOf('screener_1'),
    screener_2_average_score: scoreOf('screener_2'),
    validator_average_score: scoreOf('validator'),
    screener_1_average_wait_time: mean(waits.screener_1),
    screener_2_average_wait_time: mean(waits.screener_2),
    validator_average_wait_time: mean(waits.validator),
  }
}

function waitsOf(ended: readonly Ended[], validatorsWanted: number, sinceMs: number) {
  const waits: Record<Ended['kind'], number[]> = { screener_1: [], screener_2: [], validator: [] }
  const add = (kind: Ended['kind'], from: number | undefined, to: number | undefined) => {
    if (from !== undefined && to !== undefined && to >= sinceMs) waits[kind].push((to - from) / 1_000)
  }
  const byAgent = new Map<string, Ended[]>()
  for (const row of ended) byAgent.set(row.agent_id, [...(byAgent.get(row.agent_id) ?? []), row])
  for (const own of byAgent.values()) {
    const at = (kind: Ended['kind']) => own.filter((row) => row.kind === kind).map((row) => row.ended_ms)
    const [first, second, validators] = [at('screener_1').at(-1), at('screener_2').at(-1), at('validator')]
    add('screener_1', own[0]!.submitted_ms, first)
    add('screener_2', first, second)
    if (validators.length >= validatorsWanted) add('validator', second, Math.max(...validators))
  }
  return waits
}

const mean = (values: readonly number[]): number | null =>
  values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length
