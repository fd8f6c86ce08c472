import type { BitrecsView, FirstBlocks, ScoreRow } from './view'

/** A view from a table of scores: `[hotkey, uid, first block, {task: score}]`, 50 samples a task. For tests. */
export function viewOfScores(
  table: readonly (readonly [string, number, number | undefined, Readonly<Record<string, number>>])[],
  rest: Partial<BitrecsView> & { samples?: number } = {},
): BitrecsView {
  const { samples = 50, ...view } = rest
  const rows: ScoreRow[] = table.flatMap(([hotkey, uid, , scores]) =>
    Object.entries(scores).map(([taskName, score]) => ({
      hotkey,
      uid,
      taskName,
      score,
      sampleSize: samples,
    })),
  )
  const firstBlocks: Record<string, FirstBlocks> = {}
  for (const [hotkey, , block] of table) if (block !== undefined) firstBlocks[hotkey] = { reveal: block }
  return { height: 10_000, rows, firstBlocks, setWeights: true, ...view }
}
