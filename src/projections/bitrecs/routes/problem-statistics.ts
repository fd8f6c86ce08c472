import { type BitrecsReader, isoTime } from './reader'
import { nodeName, SOLVED } from './runs'

/** Artifacts shown of each error code, and fastest ones of each problem. */
const SHOWN_AGENTS = 5

const SET = 'select set_id, created_ms, problems from bitrecs_set where netuid = $1 and set_id = $2'

/** Runs of a set with what they cost; without those of banned hotkeys and unapproved artifacts. */
const RUNS = `
  select r.run_id, r.problem, r.status, r.test_results, r.error_code, r.error_message, ${SOLVED} as solved,
    h.created_ms, h.begun_ms, h.ended_ms, e.evaluation_id, e.validator, a.agent_id, a.name, c.cost_usd, c.tokens
  from bitrecs_run r
  join bitrecs_evaluation e on e.netuid = r.netuid and e.evaluation_id = r.evaluation_id
  join bitrecs_agent a on a.netuid = r.netuid and a.agent_id = r.agent_id
  cross join lateral (
    select min(at_ms)::float8 as created_ms,
      min(at_ms) filter (where status = 'initializing_agent')::float8 as begun_ms,
      min(at_ms) filter (where status in ('finished', 'error'))::float8 as ended_ms
    from bitrecs_run where netuid = r.netuid and run_id = r.run_id) h
  cross join lateral (
    select sum(cost_usd)::float8 as cost_usd,
      coalesce(jsonb_agg(jsonb_build_array(model, input_tokens, output_tokens)), '[]') as tokens
    from bitrecs_inference where netuid = r.netuid and run_id = r.run_id) c
  where r.netuid = $1 and r.valid_to is null and e.set_id = $2
    and not exists (select from bitrecs_ban b where b.netuid = a.netuid and b.hotkey = a.hotkey and b.valid_to is null)
    and not exists (select from bitrecs_unapproval u where u.netuid = a.netuid and u.agent_id = a.agent_id)
  order by h.ended_ms desc nulls last, r.ordinal`

interface Run {
  readonly run_id: string
  readonly problem: string
  readonly status: string
  readonly test_results: readonly { name?: unknown; category?: unknown; status?: unknown }[] | null
  readonly error_code: number | null
  readonly error_message: string | null
  readonly solved: boolean | null
  readonly created_ms: number
  readonly begun_ms: number | null
  readonly ended_ms: number | null
  readonly evaluation_id: string
  readonly validator: string
  readonly agent_id: string
  readonly name: string
  readonly cost_usd: number | null
  readonly tokens: readonly (readonly [model: string, input: number, output: number])[]
}

/** How the runs of each problem of a set went; undefined when there is no such set. */
export async function problemStatistics(reader: BitrecsReader, setId: number) {
  const set = await reader.one<{ created_ms: string; problems: Record<string, string[]> }>(SET, setId)
  if (!set) return undefined
  const runs = await reader.rows<Run>(RUNS, setId)
  const names = new Set([...runs.map(({ problem }) => problem), ...Object.values(set.problems).flat()])
  return {
    problem_stats: [...names].map((name) =>
      statisticsOf(
        name,
        runs.filter(({ problem }) => problem === name),
        set.problems,
      ),
    ),
    problem_set_id: setId,
    problem_set_created_at: isoTime(set.created_ms),
  }
}

function statisticsOf(name: string, runs: readonly Run[], problems: Readonly<Record<string, string[]>>) {
  const finished = runs.filter(({ status }) => status === 'finished')
  const passed = finished.filter(({ solved }) => solved === true)
  const times = runs.flatMap(({ begun_ms: from, ended_ms: to }) =>
    from === null || to === null ? [] : [(to - from) / 1_000],
  )
  return {
    problem_name: name,
    problem_suite_name: null,
    problem_difficulty: null,
    total_num_evaluation_runs: runs.length,
    num_finished_evaluation_runs: finished.length,
    num_finished_passed_evaluation_runs: passed.length,
    num_finished_failed_evaluation_runs: finished.length - passed.length,
    num_errored_evaluation_runs: runs.filter(({ status }) => status === 'error').length,
    pass_rate: finished.length === 0 ? null : passed.length / finished.length,
    average_time: mean(times),
    average_cost_usd: mean(runs.flatMap(({ cost_usd }) => cost_usd ?? [])),
    in_screener_1_set_group: problems.screener_1?.includes(name) ?? false,
    in_screener_2_set_group: problems.screener_2?.includes(name) ?? false,
    in_validator_set_group: problems.validator?.includes(name) ?? false,
    tests: testsOf(finished),
    error_code_distribution: errorsOf(runs),
    token_distribution: tokensOf(runs),
    fastest_agents: fastestOf(passed),
  }
}

function testsOf(finished: readonly Run[]) {
  const results = finished.flatMap(({ test_results }) => test_results ?? [])
  const byTest = grouped(results, ({ name, category }) => JSON.stringify([name, category]))
  return [...byTest.values()].map((own) => {
    const count = (wanted: string) => own.filter(({ status }) => status === wanted).length
    const { name, category = 'default' } = own[0]!
    const [passed, failed] = [count('pass'), count('fail')]
    const rate = passed / own.length
    return { name, category, num_runs: own.length, num_passed: passed, num_failed: failed, pass_rate: rate }
  })
}

function errorsOf(runs: readonly Run[]) {
  const byCode = grouped(
    runs.filter(({ error_code }) => error_code !== null),
    ({ error_code }) => error_code,
  )
  return [...byCode].map(([code, own]) => ({
    error_code: code,
    error_message: own[0]!.error_message,
    num_errors: own.length,
    recent_errored_agents: own.slice(0, SHOWN_AGENTS).map((run) => ({
      ...agentOf(run),
      evaluation_validator_hotkey: nodeName(run.validator),
      evaluation_run_errored_at: isoTime(run.ended_ms ?? run.created_ms),
      evaluation_run_error_message: run.error_message,
    })),
  }))
}

function tokensOf(runs: readonly Run[]) {
  const byModel = grouped(
    runs.flatMap(({ tokens }) => tokens),
    ([model]) => model,
  )
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
  return [...byModel].map(([model, own]) => ({
    model,
    num_input_tokens: sum(own.map(([, input]) => input)),
    num_output_tokens: sum(own.map(([, , output]) => output)),
  }))
}

/** The fastest run that passed of each artifact. */
function fastestOf(passed: readonly Run[]) {
  const timeOf = (run: Run) => run.ended_ms! - run.created_ms
  const inOrder = [...passed].sort((a, b) => timeOf(a) - timeOf(b))
  const best = [...grouped(inOrder, ({ agent_id }) => agent_id).values()].map(([first]) => first!)
  return best
    .slice(0, SHOWN_AGENTS)
    .map((run) => ({ ...agentOf(run), evaluation_run_finished_at: isoTime(run.ended_ms!) }))
}

const agentOf = (run: Run) => ({
  agent_id: run.agent_id,
  name: run.name,
  version_num: 1,
  evaluation_id: run.evaluation_id,
  evaluation_run_id: run.run_id,
  evaluation_run_started_at: isoTime(run.created_ms),
})

function grouped<T, K>(values: readonly T[], keyOf: (value: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>()
  for (const value of values) {
    const own = groups.get(keyOf(value))
    if (own) own.push(value)
    else groups.set(keyOf(value), [value])
  }
  return groups
}

const mean = (values: readonly number[]): number | null =>
  values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length
