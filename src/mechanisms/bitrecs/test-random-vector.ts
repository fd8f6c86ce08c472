import type { PipelineVector } from './decide-vector'

/** mulberry32: 32 bits of state, one seed repeats a run. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

const SAMPLES = [0, 1, 2, 5, 5, 50, 50, 100, 1000]
/** Offsets that make ties and near-ties of the flat gap, of both ε floors, and of the last bit. */
const NEAR = [0, 0, 0.02, -0.02, 0.005, 0.01, 0.02 + 1e-12, 2 ** -53, -(2 ** -53), 1e-9]

/** A pipeline vector that is rich in copies, permutations, near-ties, zeros, gaps, shared uids and invalid scores. */
export function randomVector(random: () => number, maxMiners: number, maxTasks: number): PipelineVector {
  const int = (n: number) => Math.floor(random() * n)
  const pick = <T>(list: readonly T[]) => list[int(list.length)]!
  const tasks = Array.from({ length: 1 + int(maxTasks) }, (_, i) => `t${i}`)
  const miners = 1 + int(maxMiners)
  const drawScore = pick([() => int(21) / 20, () => int(101) / 100, random, () => 0.7 + int(10) / 100])
  const table: number[][] = []
  // Level rows put geometric means exactly at a gap from one another, where only correct rounding decides.
  const isLevel = random() < 0.15
  for (let i = 0; i < miners; i++) {
    const like = table.length > 0 && random() < 0.6 ? pick(table) : undefined
    if (!like) table.push(isLevel ? new Array(tasks.length).fill(drawScore()) : tasks.map(drawScore))
    else if (random() < 0.3) table.push([...like].sort(() => random() - 0.5))
    else {
      const shift = pick(NEAR)
      table.push(like.map((score) => (isLevel || random() < 0.8 ? score + shift : drawScore())))
    }
  }
  const wild = random() < 0.15
  const sizes = tasks.map(() => pick(SAMPLES))
  const rows: PipelineVector['rows'][number][] = []
  const names = Array.from({ length: miners }, (_, i) => `hk${String.fromCharCode(65 + int(26))}${i}`)
  for (const [i, scores] of table.entries()) {
    const uid = wild && random() < 0.3 ? int(miners) : i + 1
    for (const [j, value] of scores.entries()) {
      if (random() < (wild ? 0.2 : 0.03)) continue
      const score = random() < 0.03 ? 0 : wild && random() < 0.05 ? pick(['NaN' as const, 1.4, -0.1]) : value
      const row = {
        hotkey: names[i]!,
        uid,
        task_name: tasks[j]!,
        score,
        sample_size: sizes[j]!,
        tenure: wild && random() < 0.1 ? 'b' : 'a',
      }
      rows.push(row)
      if (random() < 0.1) rows.push({ ...row, score: wild ? 'NaN' : drawScore(), sample_size: pick(SAMPLES) })
    }
  }
  const blocks = Object.fromEntries(
    names.filter(() => random() > 0.05).map((name) => [name, random() < 0.3 ? 1000 : 1 + int(5000)]),
  )
  return {
    rows: random() < 0.3 ? rows.reverse() : rows,
    miner_first_blocks_by_hotkey: blocks,
    current_block: random() < 0.5 ? null : int(300_000),
    emission_portion: pick([0.1, 0.1, 0.85, 0.74, 1, 0, 0.5]),
    subset_scheme: pick(['exponential', 'exponential', 'linear', 'equal'] as const),
    set_weights: random() < 0.9,
  }
}
