import DataLoader from 'dataloader'
import type { View } from '../head/view'
import { type At, type CommitmentRow, holdsAt, seen } from './rows'

/** Latest commitments of many hotkeys at one block, in one statement. */
export function commitmentLoader(view: View, netuid: number): DataLoader<string, At<CommitmentRow> | null> {
  return new DataLoader(async (hotkeys) => {
    const { rows } = await view.api.pool.query<CommitmentRow>({
      name: 'latest_commitments',
      text: `select c.* from unnest($2::bytea[]) as wanted(key)
        cross join lateral (
          select * from commitment where netuid = $1 and hotkey = wanted.key and ${holdsAt('$3')}
          order by valid_from desc, from_seq desc limit 1) c`,
      values: [netuid, hotkeys.map((hotkey) => Buffer.from(hotkey.slice(2), 'hex')), view.height],
    })
    const byHotkey = new Map(seen(rows, view).map((row) => [`0x${row.hotkey.toString('hex')}`, row]))
    return hotkeys.map((hotkey) => byHotkey.get(hotkey) ?? null)
  })
}

export function commitmentByIdLoader(view: View): DataLoader<string, At<CommitmentRow> | null> {
  return new DataLoader(async (ids) => {
    const { rows } = await view.api.pool.query<CommitmentRow>({
      name: 'commitments_by_id',
      text: 'select * from commitment where id = any($1::text[])',
      values: [ids],
    })
    const byId = new Map(seen(rows, view).map((row) => [row.id, row]))
    return ids.map((id) => byId.get(id) ?? null)
  })
}
