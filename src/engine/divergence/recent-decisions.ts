import type { RowSource } from '../../projections/core/row-source'
import type { Recommended } from './compare'

/** Decisions of a mechanism up to the source's point, newest first. */
export async function recentDecisions(source: RowSource, mechanism: number): Promise<Recommended[]> {
  const rows = await source.history('decision', { mechanism })
  return rows
    .map((row) => ({
      seq: row.from_seq as number,
      height: row.valid_from as number,
      epoch: row.epoch as number | null,
      u16: row.u16 as unknown as Recommended['u16'],
      holders: row.holders as unknown as Recommended['holders'],
      burnUid: row.burn_uid as number,
    }))
    .reverse()
}
