/**
 * The whole mechanism a second time, as plainly as it can be written: dictionaries, every subset from its definition, roots by
 * integer arithmetic. It shares no code with the engine; tests and the benchmark compare the two. Never used in production.
 */
import type { PipelineVector } from './decide-vector'
import type { BitrecsPolicy } from './policy'

type Dict<T> = Map<string, T>
interface Player {
  key: string
  order: number
  uid: number
  block: number
  scores: Dict<number>
  samples: Dict<number>
}

export function decideNaively(vector: PipelineVector, profile: BitrecsPolicy): Record<string, unknown> {
  const policy = { ...profile, emissionPortion: vector.emission_portion, scheme: vector.subset_scheme }
  const burn = { outcome: 'burn_only', uids: [0], set_weights: [1], emit_u16: { uids: [0], values: [65535] } }
  if (vector.set_weights && vector.emission_portion <= 0) return burn
  if (vector.rows.length === 0)
    return policy.noScores === 'burn' ? burn : { outcome: 'no_data_no_weights_set' }
  const { players, tasks, samples } = read(vector, policy)
  const eps = tasks.map((t) => columnBand(players, t, samples.get(t)!, policy))
  const pairs: [Player, Player][] = []
  for (const a of players)
    for (const b of players) if (a !== b && beats(a, b, tasks, eps, policy)) pairs.push([a, b])
  const edge = players.filter((p) => !pairs.some(([, loser]) => loser === p))
  let standing = policy.frontierFilter === 'never' ? players : edge
  if (edge.length === 0 && policy.emptyFrontier === 'everyone') standing = players
  const points = new Map(players.map((p) => [p, 0]))
  const contestants = policy.frontierFilter === 'before' ? standing : players
  for (const subset of subsets(tasks)) {
    const winner = subsetWinner(contestants, subset, samples, policy)
    if (winner) points.set(winner, points.get(winner)! + worth(subset.length, policy))
  }
  const weights = normalise(standing.map((p) => points.get(p)!))
  const order = standing.map((p, i) => ({ p, i }))
  if (policy.pointsTie === 'seniority') {
    order.sort(
      (x, y) => points.get(y.p)! - points.get(x.p)! || blocks(x.p, y.p) || (x.p.key < y.p.key ? -1 : 1),
    )
  } else order.sort((x, y) => weights[y.i]! - weights[x.i]! || x.i - y.i)
  const winner = order[0]?.p
  const first = winner && Number.isFinite(winner.block) ? winner.block : 0
  const dict = <T>(list: Player[], f: (p: Player, i: number) => T) =>
    Object.fromEntries(list.map((p, i) => [p.uid, f(p, i)]))
  const shown = {
    uid_order: players.map((p) => p.uid),
    env_order: tasks,
    samples: Object.fromEntries(tasks.map((t) => [t, samples.get(t)])),
    miner_scores: dict(players, (p) => Object.fromEntries([...p.scores].map(([t, s]) => [t, nan(s)]))),
    first_blocks_by_uid: Object.fromEntries(
      players.filter((p) => Number.isFinite(p.block)).map((p) => [p.uid, p.block]),
    ),
    epsilons: policy.epsilon.source === 'spread' ? eps.map(nan) : [],
    frontier: edge.map((p) => p.uid),
    dominance_pairs: pairs.map(([a, b]) => [a.uid, b.uid]),
    subset_points_all: dict(players, (p) => points.get(p)),
    subset_points_frontier: dict(standing, (p) => points.get(p)),
    weights: dict(standing, (_, i) => nan(weights[i]!)),
    winner_uid: winner ? winner.uid : null,
    winner_first_block: first,
  }
  if (!winner) {
    if (players.length > 0) return { ...shown, outcome: 'error_empty_frontier_no_weights_set' }
    return { ...shown, ...(policy.noScores === 'burn' ? burn : { outcome: 'no_data_no_weights_set' }) }
  }
  if (first === 0)
    return {
      ...shown,
      ...(policy.unknownFirstBlock === 'burn' ? burn : { outcome: 'no_first_block_no_weights_set' }),
    }
  return { ...shown, ...emission(winner, first, vector.current_block ?? first + 7200, policy) }
}

function read(vector: PipelineVector, policy: BitrecsPolicy) {
  const byTenure = policy.identity === 'tenure'
  let rows = vector.rows.map((r) => ({ ...r, score: r.score === 'NaN' ? Number.NaN : r.score }))
  if (policy.invalidScores === 'refuse') rows = rows.filter((r) => r.score >= 0 && r.score <= 1)
  const samples: Dict<number> = new Map()
  for (const r of rows)
    samples.set(r.task_name, Math.max(samples.get(r.task_name) ?? Number.NEGATIVE_INFINITY, r.sample_size))
  const tasks = [...samples.keys()].sort()
  const names = [...new Set(rows.map((r) => `${r.hotkey}\0${byTenure ? (r.tenure ?? '') : ''}`))].sort()
  const players: Player[] = []
  const keysOf = new Map<string, string[]>()
  for (const name of names) {
    const own = rows.filter((r) => `${r.hotkey}\0${byTenure ? (r.tenure ?? '') : ''}` === name)
    const hotkey = own[0]!.hotkey
    for (const task of tasks) {
      const runs = own.filter((r) => r.task_name === task)
      if (runs.length === 0) continue
      const uid = runs.find((r) => r.uid !== null)?.uid ?? null
      if (uid === null) continue
      const key = byTenure ? `${hotkey}@${own[0]!.tenure ?? ''}` : String(uid)
      const numbers = runs.filter((r) => !Number.isNaN(r.score))
      const best = numbers.length > 0 ? Math.max(...numbers.map((r) => r.score)) : Number.NaN
      let player = players.find((p) => p.key === key)
      if (!player) {
        player = {
          key,
          order: players.length,
          uid,
          block: Number.POSITIVE_INFINITY,
          scores: new Map(),
          samples: new Map(),
        }
        players.push(player)
      }
      player.scores.set(task, best)
      player.samples.set(task, (numbers.find((r) => r.score === best) ?? runs[0]!).sample_size)
    }
    const last = [...vector.rows].reverse().find((r) => r.hotkey === hotkey && r.uid !== null)
    const keys = keysOf.get(hotkey) ?? []
    keysOf.set(
      hotkey,
      byTenure ? [...keys, `${hotkey}@${own[0]!.tenure ?? ''}`] : last ? [String(last.uid)] : [],
    )
  }
  for (const [hotkey, block] of Object.entries(vector.miner_first_blocks_by_hotkey)) {
    for (const p of players) if (keysOf.get(hotkey)?.includes(p.key)) p.block = block
  }
  const complete =
    policy.missingScores === 'zero' ? players : players.filter((p) => tasks.every((t) => p.scores.has(t)))
  return { players: complete, tasks, samples }
}

function columnBand(players: Player[], task: string, n: number, { epsilon }: BitrecsPolicy): number {
  if (n <= 1) return epsilon.max
  const f = Math.fround
  const values = players.map((p) => f(p.scores.get(task) ?? 0))
  const mean = f(floatSum(values) / values.length)
  const deviation = f(Math.sqrt(f(floatSum(values.map((v) => f(f(v - mean) * f(v - mean)))) / values.length)))
  return clip((2 * deviation) / Math.sqrt(n), epsilon.min, epsilon.max)
}

/** float32 sum in numpy's order for up to 128 values: eight strided lanes, then the lanes pairwise, then the rest. */
function floatSum(values: number[]): number {
  const f = Math.fround
  const plain = (list: number[]) => list.reduce((sum, v) => f(sum + v), 0)
  if (values.length < 8) return plain(values)
  const whole = values.length - (values.length % 8)
  const lanes = [0, 1, 2, 3, 4, 5, 6, 7].map((lane) =>
    plain(values.slice(0, whole).filter((_, i) => i % 8 === lane)),
  )
  const pairwise = (list: number[]): number => {
    if (list.length === 1) return list[0]!
    return f(pairwise(list.slice(0, list.length / 2)) + pairwise(list.slice(list.length / 2)))
  }
  return values.slice(whole).reduce((sum, v) => f(sum + v), pairwise(lanes))
}

function beats(a: Player, b: Player, tasks: string[], eps: number[], { epsilon }: BitrecsPolicy): boolean {
  const f = Math.fround
  const cells = tasks.map((t, j) => {
    const [x, y] = [f(a.scores.get(t) ?? 0), f(b.scores.get(t) ?? 0)]
    if (epsilon.source === 'spread') return { x, y, e: eps[j]! }
    const [n, m] = [a.samples.get(t) ?? 0, b.samples.get(t) ?? 0]
    if (n <= 0 || m <= 0) return { x, y, e: epsilon.max }
    const error = epsilon.factor * Math.sqrt(Math.max(0, (x * (1 - x)) / n + (y * (1 - y)) / m))
    return { x, y, e: clip(error, epsilon.min, epsilon.max) }
  })
  return cells.every(({ x, y, e }) => x >= y - e) && cells.some(({ x, y, e }) => x > y + e)
}

function* subsets(tasks: string[]): Generator<string[]> {
  for (let mask = 1; mask < 2 ** tasks.length; mask++)
    yield tasks.filter((_, i) => Math.floor(mask / 2 ** i) % 2 === 1)
}

function worth(size: number, { scheme }: BitrecsPolicy): number {
  return scheme === 'equal' ? 1 : scheme === 'linear' ? size : 2 ** (size - 1)
}

function blocks(a: Player, b: Player): number {
  return a.block === b.block ? 0 : a.block - b.block
}

/** Engine order is needed only between two tenures of one uid. */
function senior(list: Player[]): Player {
  return [...list].sort((a, b) => blocks(a, b) || a.uid - b.uid || a.order - b.order)[0]!
}

function subsetWinner(
  players: Player[],
  subset: string[],
  samples: Dict<number>,
  policy: BitrecsPolicy,
): Player | undefined {
  if (policy.winnerRule === 'priority') return priorityWinner(players, subset, samples, policy)
  const score = (p: Player, t: string) => p.scores.get(t) ?? 0
  const bySum = policy.winnerRule === 'sum_majority'
  const eligible = players.filter((p) =>
    subset.every((t) => (bySum ? !Number.isNaN(score(p, t)) : score(p, t) > 0)),
  )
  const value = new Map(
    eligible.map((p) => [
      p,
      bySum
        ? subset.reduce((sum, t) => sum + score(p, t), 0)
        : root(
            subset.reduce((product, t) => product * score(p, t), 1),
            subset.length,
          ),
    ]),
  )
  const ranked = eligible.sort((a, b) => value.get(b)! - value.get(a)! || blocks(a, b))
  const [leader, runner] = ranked
  if (!leader || !runner) return leader
  if (bySum) {
    const wins = subset.filter((t) => score(leader, t) > hurdle(runner, t, samples, policy)).length
    return wins > subset.length / 2 ? leader : senior([leader, runner])
  }
  const ahead = (p: Player) => value.get(leader)! > value.get(p)! + policy.flatGap
  if (policy.tieScope === 'within_gap') return senior(ranked.filter((p) => !ahead(p)))
  return ahead(runner) ? leader : senior([leader, runner])
}

function hurdle(p: Player, task: string, samples: Dict<number>, policy: BitrecsPolicy): number {
  const score = p.scores.get(task)
  if (score === undefined) return policy.flatGap
  const { z, minGap, maxGap } = policy.threshold
  const n = samples.get(task)!
  const proportion = clip(score, 0.01, 0.99)
  const gap = n <= 0 ? maxGap : clip(z * Math.sqrt((proportion * (1 - proportion)) / n), minGap, maxGap)
  return Math.min(score + gap, 1)
}

function priorityWinner(
  players: Player[],
  subset: string[],
  samples: Dict<number>,
  policy: BitrecsPolicy,
): Player | undefined {
  if (players.length < 2) return players[0]
  const sorted = [...players].sort((a, b) => blocks(a, b) || a.uid - b.uid)
  return sorted.find((candidate) =>
    sorted.every((other) => {
      if (other === candidate) return true
      const isEarlier = candidate.block <= other.block
      const [earlier, later] = isEarlier ? [candidate, other] : [other, candidate]
      const wins = subset.every((t) => (later.scores.get(t) ?? 0) > hurdle(earlier, t, samples, policy))
      return isEarlier ? !wins : wins
    }),
  )
}

function normalise(points: number[]): number[] {
  if (points.every((p) => p === 0)) return points.map(() => 1 / points.length)
  const exps = points.map((p) => Math.exp(p - Math.max(...points)))
  const sum = exps.reduce((a, b) => a + b, 0)
  return exps.map((e) => e / sum)
}

function emission(
  winner: Player,
  first: number,
  now: number,
  policy: BitrecsPolicy,
): Record<string, unknown> {
  const days = ((now - first) * 12) / 86400
  const decay =
    first >= now || days <= 3 ? 1 : Math.max(0.25, 1 - 0.05 * (((now - first) * 12 - 259200) / 86400))
  const share = policy.emissionPortion * decay
  if (!(share >= 0 && share <= 1)) return { outcome: 'error_invalid_weights_no_weights_set' }
  const pair = [
    { uid: 0, weight: Math.fround(1 - share) },
    { uid: winner.uid, weight: Math.fround(share) },
  ]
  const largest = Math.max(...pair.map((p) => p.weight))
  const kept = pair
    .map((p) => ({ uid: p.uid, value: halfEven((p.weight / largest) * 65535) }))
    .filter((p) => p.value > 0)
  return {
    outcome: 'weights',
    current_block: now,
    decay,
    uids: pair.map((p) => p.uid),
    set_weights: [1 - share, share],
    emit_u16: { uids: kept.map((p) => p.uid), values: kept.map((p) => p.value) },
  }
}

function halfEven(x: number): number {
  const nearest = Math.round(x)
  return nearest - x === 0.5 && nearest % 2 === 1 ? nearest - 1 : nearest
}

function clip(x: number, low: number, high: number): number {
  return x < low ? low : x > high ? high : x
}

function nan(x: number): number | string {
  return Number.isNaN(x) ? 'NaN' : x
}

const roots = new Map<string, number>()
const ROOT_BITS = 140n
const MAX_REMEMBERED_ROOTS = 2_000_000

/** product^fl(1/k), correctly rounded, by an integer k-th root of 140 bits and the exact error of the reciprocal. */
function root(product: number, k: number): number {
  if (k === 1 || product === 0 || !Number.isFinite(product)) return product
  const id = `${product}/${k}`
  const known = roots.get(id)
  if (known !== undefined) return known
  const K = BigInt(k)
  const [mantissa, exponent] = rational(product)
  const shift = K * ROOT_BITS + BigInt(exponent)
  const target = shift >= 0n ? mantissa << shift : mantissa >> -shift
  let guess = (BigInt(Math.round(product ** (1 / k) * 2 ** 52)) + 1n) << (ROOT_BITS - 52n)
  for (;;) {
    const next = ((K - 1n) * guess + target / guess ** (K - 1n)) / K
    if (next >= guess) break
    guess = next
  }
  const [m, e] = rational(1 / k)
  const delta = Number(m * K - (1n << BigInt(-e))) / k / 2 ** -e
  const correction = BigInt(Math.round(delta * Math.log(product) * 2 ** 110))
  const value = Number(guess + ((guess * correction) >> 110n)) / 2 ** Number(ROOT_BITS)
  if (roots.size < MAX_REMEMBERED_ROOTS) roots.set(id, value)
  return value
}

/** A double as mantissa · 2^exponent. */
function rational(x: number): [bigint, number] {
  let exponent = 0
  let value = x
  while (!Number.isInteger(value)) {
    value *= 2
    exponent--
  }
  return [BigInt(value), exponent]
}

/** The winner's uid of any one subset, for spot checks where all subsets would take minutes. */
export function naiveSubsetJudge(
  vector: PipelineVector,
  profile: BitrecsPolicy,
): (subset: string[]) => number | null {
  const policy = { ...profile, scheme: vector.subset_scheme }
  const { players, samples } = read(vector, policy)
  return (subset) => subsetWinner(players, subset, samples, policy)?.uid ?? null
}
