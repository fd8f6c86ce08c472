import { toldInstance } from '../../projections/permits-told'
import type { View } from '../head/view'
import { holdsAt } from './rows'

export interface PermitsAt {
  readonly uids: ReadonlySet<number>
  /** Use of the netuid (its first height) whose permits were told last; null: none ever were. */
  readonly toldInstance: number | null
}

const SELECT_PERMITS = `
  select ${toldInstance('$1', '$2')}::int as told,
    array(select uid from validator_permit where netuid = $1 and ${holdsAt('$2')}) as uids`

export async function permitsAt({ api, height }: View, netuid: number): Promise<PermitsAt> {
  const { rows } = await api.pool.query<{ told: number | null; uids: number[] }>({
    name: 'permits_at',
    text: SELECT_PERMITS,
    values: [netuid, height],
  })
  return { uids: new Set(rows[0]!.uids), toldInstance: rows[0]!.told }
}
