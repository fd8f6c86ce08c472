import { isUtf8 } from 'node:buffer'
import DataLoader from 'dataloader'
import type { Pool } from 'pg'
import { LedgerError } from '../errors/ledger-error'
import type { Hex } from '../log/envelope'
import type { ChainFacts, Metagraph, Registration, RevealedCommitment } from '../platform/core/chain-facts'
import { toldInstance } from './permits-told'

/** One statement answers for all hotkeys that were asked for in a turn of the event loop, `n` of them numbered from 1. */
const ASKED = `unnest($1::int[], $2::text[]) with ordinality as asked(netuid, hotkey, n)`
const KEY_OF_ASKED = `netuid = asked.netuid and hotkey = decode(substr(asked.hotkey, 3), 'hex')`

const SELECT_REGISTRATIONS = `
  select asked.n::int as n, own.* from ${ASKED} cross join lateral (
    select uid, '0x' || encode(hotkey, 'hex') as hotkey, '0x' || encode(coldkey, 'hex') as coldkey, registered_at
    from tenure where ${KEY_OF_ASKED} and valid_to is null
    order by valid_from desc, from_seq desc limit 1) own`

/**
 * Reveals of commits from before the first indexed block have no row here: whoever indexes from the start misses none.
 * `+ 0`: the instance is no way to find rows. Before the table has statistics the planner takes it for one, and reads a whole subnet.
 */
const SELECT_REVEALS = `
  select asked.n::int as n, own.* from ${ASKED} cross join lateral (
    select case kind when 'PLAIN' then valid_from else reveal_height end as height, valid_from as commit_height,
      kind <> 'PLAIN' as was_timelocked, case kind when 'PLAIN' then content else plaintext end as content,
      case kind when 'PLAIN' then from_seq else reveal_seq end as seq
    from commitment
    where ${KEY_OF_ASKED} and (kind = 'PLAIN' or reveal_seq is not null)
      and subnet_instance + 0 = (
        select subnet_instance from subnet where netuid = asked.netuid and valid_to is null limit 1)) own
  where own.content is not null order by asked.n, own.seq`

/** One statement sees one block: head, tenures, permits and log are of the same transaction. */
const SELECT_METAGRAPH = `
  select s.height, t.uid, '0x' || encode(t.hotkey, 'hex') as hotkey, p.id is not null as is_permitted,
    coalesce(t.subnet_instance = ${toldInstance('$1')}, false) as is_told
  from squid_processor.status s
  left join tenure t on t.netuid = $1 and t.valid_to is null
  left join validator_permit p
    on p.netuid = $1 and p.valid_to is null and p.uid = t.uid and p.hotkey = t.hotkey
  where s.id = 0 order by t.uid`

interface MetagraphRow {
  readonly height: number
  readonly uid: number | null
  readonly hotkey: Hex
  readonly is_permitted: boolean
  readonly is_told: boolean
}

interface Asked {
  readonly netuid: number
  readonly hotkey: Hex
}

interface RegistrationRow {
  readonly n: number
  readonly uid: number
  readonly hotkey: Hex
  readonly coldkey: Hex | null
  readonly registered_at: number
}

interface RevealRow {
  readonly n: number
  readonly height: number
  readonly commit_height: number | null
  readonly was_timelocked: boolean
  readonly content: Buffer
  readonly seq: number
}

/** Hotkeys of one statement. */
const BATCH_MAX_HOTKEYS = 256

/** Facts of the chain out of the served read models: finalized, and each with the number of the event that shows it. */
export class SqlChainFacts implements ChainFacts {
  private readonly registrations: DataLoader<Asked, Registration | null>
  private readonly revealed: DataLoader<Asked, RevealedCommitment[]>

  constructor(private readonly pool: Pick<Pool, 'query'>) {
    this.registrations = inBatches(async (asked) => {
      const rows = await this.select<RegistrationRow>('subledger-registrations', SELECT_REGISTRATIONS, asked)
      const byN = new Map(rows.map((row) => [row.n, registrationOf(row)]))
      return asked.map((_, i) => byN.get(i + 1) ?? null)
    })
    this.revealed = inBatches(async (asked) => {
      const found: RevealedCommitment[][] = asked.map(() => [])
      const rows = await this.select<RevealRow>('subledger-reveals', SELECT_REVEALS, asked)
      for (const row of rows) found[row.n - 1]!.push(revealOf(row))
      return found
    })
  }

  registration(netuid: number, hotkey: Hex): Promise<Registration | null> {
    return this.registrations.load({ netuid, hotkey })
  }

  reveals(netuid: number, hotkey: Hex): Promise<RevealedCommitment[]> {
    return this.revealed.load({ netuid, hotkey })
  }

  async metagraph(netuid: number): Promise<Metagraph> {
    const asked = { name: 'subledger-metagraph', text: SELECT_METAGRAPH, values: [netuid] }
    const rows = (await this.pool.query(asked)).rows as MetagraphRow[]
    const height = rows[0]?.height ?? -1
    if (height < 0) {
      throw new LedgerError('SL-NOTHING-INDEXED', 'retryable', 'No block has been indexed yet.', {
        remedy: 'Wait for the first block; /readyz shows the progress.',
      })
    }
    const held = rows.filter((row) => row.uid !== null)
    const permitted = held.filter((row) => row.is_permitted).map(({ hotkey }) => hotkey)
    return {
      height,
      uidOf: new Map(held.map(({ hotkey, uid }) => [hotkey, uid!])),
      permitted: held[0]?.is_told ? new Set(permitted) : null,
    }
  }

  private async select<Row>(name: string, text: string, asked: readonly Asked[]): Promise<Row[]> {
    const values = [asked.map(({ netuid }) => netuid), asked.map(({ hotkey }) => hotkey)]
    return (await this.pool.query({ name, text, values })).rows as Row[]
  }
}

/** Nothing is remembered: who asks again wants to know what holds by then. */
const inBatches = <V>(load: (asked: readonly Asked[]) => Promise<V[]>) =>
  new DataLoader<Asked, V>(load, {
    cache: false,
    maxBatchSize: BATCH_MAX_HOTKEYS,
    batchScheduleFn: (send) => setImmediate(send),
  })

const registrationOf = (row: RegistrationRow): Registration => ({
  uid: row.uid,
  hotkey: row.hotkey,
  coldkey: row.coldkey,
  registeredAt: row.registered_at,
})

const revealOf = (row: RevealRow): RevealedCommitment => ({
  height: row.height,
  commitHeight: row.commit_height,
  wasTimelocked: row.was_timelocked,
  content: `0x${row.content.toString('hex')}`,
  text: isUtf8(row.content) ? row.content.toString('utf8') : null,
  seq: row.seq,
})
