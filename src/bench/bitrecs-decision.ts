import { decidePipeline, type PipelineVector, viewOf } from '../mechanisms/bitrecs/decide-vector'
import { BITRECS_PROFILES } from '../mechanisms/bitrecs/policy'
import { standings } from '../mechanisms/bitrecs/standings'
import { tasksOf } from '../mechanisms/bitrecs/subsets'
import { decideNaively, naiveSubsetJudge } from '../mechanisms/bitrecs/test-naive'
import { seededRandom } from '../mechanisms/bitrecs/test-random-vector'
import { figure, median } from './figure'

const MINERS = 256
const REPEATS = 15
const WARM_UPS = 3
const SAMPLED_SUBSETS = 1000
const SEED = 20_261_120

/**
 * A Bitrecs decision (rows to u16 vector) for 256 miners. With 12 tasks the whole decision is compared with the naive one; with
 * 16 tasks, where the naive one takes a quarter of an hour, a random sample of subsets is, unless BENCH_WHOLE is set.
 */
export async function run(): Promise<Record<string, unknown>[]> {
  const policy = BITRECS_PROFILES.eps_narrow
  return [12, 16].map((tasks) => {
    const vector = season(MINERS, tasks)
    const rounds = measure(() => decidePipeline(vector, policy))
    const isWhole = tasks === 12 || process.env.BENCH_WHOLE !== undefined
    const equalToNaive = isWhole ? equalsWhole(vector) : equalsSample(vector)
    const time = figure({
      bench: 'bitrecs-decision',
      metric: `decision, ${MINERS} miners × ${tasks} tasks (${2 ** tasks - 1} subsets), median`,
      value: median(rounds),
      unit: 'ms',
      target: { atMost: tasks === 12 ? 30 : 400 },
      rounds,
    })
    return { ...time, equalToNaive, pass: time.pass === true && equalToNaive !== false }
  })
}

/** Scores as five-sample tasks give them, with a fifth of the miners copying another: many exact and near ties. */
function season(miners: number, tasks: number): PipelineVector {
  const random = seededRandom(SEED)
  const table: number[][] = []
  for (let i = 0; i < miners; i++) {
    const copied = i > 0 && random() < 0.2 ? table[Math.floor(random() * i)]! : undefined
    table.push(
      Array.from(
        { length: tasks },
        (_, j) => copied?.[j] ?? Math.round((0.3 + 0.7 * random()) * 1000) / 1000,
      ),
    )
  }
  return {
    rows: table.flatMap((scores, i) =>
      scores.map((score, j) => ({
        hotkey: `hk${String(i).padStart(3, '0')}`,
        uid: i + 1,
        task_name: `task${String(j).padStart(2, '0')}`,
        score,
        sample_size: 5,
      })),
    ),
    miner_first_blocks_by_hotkey: Object.fromEntries(
      table.map((_, i) => [`hk${String(i).padStart(3, '0')}`, 1000 + Math.floor(random() * 5000)]),
    ),
    current_block: 100_000,
    emission_portion: 0.1,
    subset_scheme: 'exponential',
    set_weights: true,
  }
}

function measure(action: () => unknown): number[] {
  for (let i = 0; i < WARM_UPS; i++) action()
  return Array.from({ length: REPEATS }, () => {
    const start = process.hrtime.bigint()
    action()
    return Number(process.hrtime.bigint() - start) / 1e6
  })
}

function equalsWhole(vector: PipelineVector): boolean {
  const policy = BITRECS_PROFILES.eps_narrow
  return JSON.stringify(decidePipeline(vector, policy)) === JSON.stringify(decideNaively(vector, policy))
}

function equalsSample(vector: PipelineVector): string | false {
  const policy = BITRECS_PROFILES.eps_narrow
  const { aggregated, award } = standings(viewOf(vector), policy)
  const judge = naiveSubsetJudge(vector, policy)
  const random = seededRandom(SEED)
  for (let i = 0; i < SAMPLED_SUBSETS; i++) {
    const mask = 1 + Math.floor(random() * (award.winners.length - 1))
    const winner = aggregated.miners[award.winners[mask]!]?.uid ?? null
    if (winner !== judge(tasksOf(mask).map((task) => aggregated.tasks[task]!))) return false
  }
  return `sample of ${SAMPLED_SUBSETS} subsets`
}
