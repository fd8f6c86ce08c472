import type { RowSource } from '../projections/core/row-source'
import { decisionHeightAfter } from './epochs'

/** Tempo from a block on, in blocks; undefined: not known. */
export interface TempoChange {
  readonly from: number
  readonly tempo: number | undefined
}

/** Every tempo that the subnet had up to the source's point, oldest first. */
export async function tempoHistory(source: RowSource): Promise<TempoChange[]> {
  const rows = await source.history('hyperparameter', { name: 'Tempo' })
  return rows.map((row) => ({ from: row.valid_from as number, tempo: Number(row.value) }))
}

/** First block after `height` at which an epoch's weights are decided, with the tempo that holds there. */
export function nextDecision(
  changes: readonly TempoChange[],
  height: number,
  netuid: number,
): { readonly height: number; readonly tempo: number } | undefined {
  for (const [i, { from, tempo }] of changes.entries()) {
    const until = changes[i + 1]?.from ?? Number.POSITIVE_INFINITY
    if (until <= height + 1) continue
    const at = decisionHeightAfter(Math.max(height, from - 1), netuid, tempo)
    if (at !== undefined && at < until) return { height: at, tempo: tempo! }
  }
  return undefined
}
