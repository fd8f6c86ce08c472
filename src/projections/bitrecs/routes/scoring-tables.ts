/** What the mechanism answers to the question `tables`; positions refer to `rows`. */
export interface Tables {
  readonly tasks: readonly string[]
  readonly samples: Readonly<Record<string, number>>
  readonly rows: readonly Row[]
  readonly dominance: readonly (readonly [number, number])[]
  readonly subsets: readonly { readonly tasks: readonly string[]; readonly winnerUid: number | null }[]
}

interface Row {
  readonly uid: number
  readonly scores: Readonly<Record<string, number>>
  readonly thresholds: Readonly<Record<string, number>>
  readonly points: number
  readonly weight: number | null
  readonly onFrontier: boolean
  readonly firstBlock: number | null
  readonly subsetsWon: number
}

/** Matrices are long; the reference shows their first rows (spec bitrecs §6). */
const SHOWN_ROWS = 10

const NO_MINERS = { error: 'No miners in current evaluation set' }

const mean = (values: readonly number[]) =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length

const byUid = <T>(rows: readonly Row[], value: (row: Row) => T) =>
  Object.fromEntries(rows.map((row) => [row.uid, value(row)]))

/** /scoring/pareto, in the shape of the reference. */
export function pareto({ tasks, samples, rows, dominance }: Tables) {
  if (rows.length === 0) return NO_MINERS
  const beats = rows.map(() => new Array<boolean>(rows.length).fill(false))
  for (const [winner, loser] of dominance) beats[winner]![loser] = true
  const stats = rows.map((row, i) => ({
    uid: row.uid,
    on_frontier: row.onFrontier,
    dominated_count: beats[i]!.filter(Boolean).length,
    score_avg: mean(Object.values(row.scores)),
  }))
  return {
    frontier_uids: rows.filter((row) => row.onFrontier).map((row) => row.uid),
    dominance_matrix: beats.slice(0, SHOWN_ROWS),
    score_matrix: rows.slice(0, SHOWN_ROWS).map((row) => tasks.map((task) => row.scores[task] ?? 0)),
    uid_mapping: rows.map((row) => row.uid),
    miner_scores: byUid(rows, (row) => row.scores),
    samples,
    dominance_explanation: byUid(rows, (row) => (row.onFrontier ? 'On frontier' : 'Dominated by others')),
    stats: stats.sort((a, b) => Number(b.on_frontier) - Number(a.on_frontier)),
  }
}

/** /scoring/wta, in the shape of the reference: weights are those of the frontier, statistics those of winners of subsets. */
export function winnerTakesAll({ rows, subsets }: Tables) {
  if (rows.length === 0) return NO_MINERS
  const winners = rows
    .filter((row) => row.subsetsWon > 0)
    .map((row) => ({ winner_uid: row.uid, subsets_won: row.subsetsWon, weight: row.weight ?? 0 }))
    .sort((a, b) => b.weight - a.weight)
  const heights = [...new Set(winners.map(({ weight }) => weight))]
  return {
    weights: byUid(
      rows.filter((row) => row.weight !== null),
      (row) => row.weight!,
    ),
    subset_scores: byUid(rows, (row) => row.points),
    miner_thresholds: byUid(rows, (row) => row.thresholds),
    miner_blocks: byUid(
      rows.filter((row) => row.firstBlock !== null),
      (row) => row.firstBlock!,
    ),
    subset_winners: Object.fromEntries(
      subsets.map(({ tasks, winnerUid }) => [pythonTuple(tasks), winnerUid]),
    ),
    // Equal weights share a rank, and none is left out after them.
    stats: winners.map((winner) => ({ ...winner, rank: 1 + heights.indexOf(winner.weight) })),
  }
}

/** As Python's `str` writes a tuple of names: `('a',)`, `('a', 'b')`. */
function pythonTuple(names: readonly string[]): string {
  const quoted = names.map((name) => {
    const mark = name.includes("'") && !name.includes('"') ? '"' : "'"
    return mark + name.replaceAll('\\', '\\\\').replaceAll(mark, `\\${mark}`) + mark
  })
  return quoted.length === 1 ? `(${quoted[0]},)` : `(${quoted.join(', ')})`
}
