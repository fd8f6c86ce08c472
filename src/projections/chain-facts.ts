import { isUtf8 } from 'node:buffer'
import type { Pool } from 'pg'
import type { Hex } from '../log/envelope'
import type { ChainFacts, Registration, RevealedCommitment } from '../platform/core/chain-facts'

const SELECT_REGISTRATION = `
  select uid, '0x' || encode(hotkey, 'hex') as hotkey, '0x' || encode(coldkey, 'hex') as coldkey, registered_at
  from tenure where netuid = $1 and hotkey = decode(substr($2, 3), 'hex') and valid_to is null
  order by valid_from desc, from_seq desc limit 1`

/** Reveals of commits from before the first indexed block have no row here: whoever indexes from the start misses none. */
const SELECT_REVEALS = `
  with present as (select subnet_instance from subnet where netuid = $1 and valid_to is null limit 1), own as (
    select case kind when 'PLAIN' then valid_from else reveal_height end as height, valid_from as commit_height,
      kind <> 'PLAIN' as was_timelocked, case kind when 'PLAIN' then content else plaintext end as content,
      case kind when 'PLAIN' then from_seq else reveal_seq end as seq
    from commitment
    where netuid = $1 and hotkey = decode(substr($2, 3), 'hex') and subnet_instance = (table present)
      and (kind = 'PLAIN' or reveal_seq is not null)
  )
  select height, commit_height, was_timelocked, content, seq from own where content is not null order by seq`

/** Facts of the chain out of the served read models: finalized, and each with the number of the event that shows it. */
export class SqlChainFacts implements ChainFacts {
  constructor(private readonly pool: Pick<Pool, 'query'>) {}

  async registration(netuid: number, hotkey: Hex): Promise<Registration | null> {
    const { rows } = await this.pool.query<{
      uid: number
      hotkey: Hex
      coldkey: Hex | null
      registered_at: number
    }>({ name: 'subledger-registration', text: SELECT_REGISTRATION, values: [netuid, hotkey] })
    const [row] = rows
    return row
      ? { uid: row.uid, hotkey: row.hotkey, coldkey: row.coldkey, registeredAt: row.registered_at }
      : null
  }

  async reveals(netuid: number, hotkey: Hex): Promise<RevealedCommitment[]> {
    const { rows } = await this.pool.query<{
      height: number
      commit_height: number | null
      was_timelocked: boolean
      content: Buffer
      seq: number
    }>({ name: 'subledger-reveals', text: SELECT_REVEALS, values: [netuid, hotkey] })
    return rows.map((row) => ({
      height: row.height,
      commitHeight: row.commit_height,
      wasTimelocked: row.was_timelocked,
      content: `0x${row.content.toString('hex')}`,
      text: isUtf8(row.content) ? row.content.toString('utf8') : null,
      seq: row.seq,
    }))
  }
}
