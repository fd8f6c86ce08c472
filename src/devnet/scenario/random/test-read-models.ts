import type { Client } from 'pg'

/** Rows of the read models that hold at a height, as the comparison with the chain's storage wants them. */
export interface ReadModels {
  readonly subnets: readonly { netuid: number; subnet_instance: number; owner_coldkey: string | null }[]
  readonly tenures: readonly TenureRow[]
  /** Segments of all times: by them a uid of an older vector is followed to the present. */
  readonly segments: readonly TenureRow[]
  /** With the subnets whose permits the log has ever told. */
  readonly permits: readonly { netuid: number; uid: number; hotkey: string }[]
  readonly toldPermits: readonly { netuid: number; subnet_instance: number }[]
  readonly commitments: readonly CommitmentRow[]
  readonly weights: readonly WeightRow[]
  readonly pendingHashes: readonly { netuid: number; mechanism: number; hotkey: string; hash: string }[]
  /** All reveals in their order, each with the subnet's use that it belongs to. */
  readonly reveals: readonly RevealEvent[]
}

export interface TenureRow {
  readonly id: string
  readonly netuid: number
  readonly uid: number
  readonly hotkey: string
  readonly coldkey: string | null
  readonly registered_at: number
  readonly from_seq: number
  readonly to_seq: number | null
  readonly end_reason: string | null
}

export interface CommitmentRow {
  readonly netuid: number
  readonly hotkey: string
  readonly height: number
  readonly kind: string
  readonly state: string
  readonly fields: readonly { kind: string; bytes: string | null; revealRound: string | null }[] | null
  readonly reveal_height: number | null
  readonly plaintext: string | null
}

export interface WeightRow {
  readonly netuid: number
  readonly mechanism: number
  readonly uid: number
  readonly uids: readonly number[]
  readonly u16: readonly number[]
  readonly set_seq: number
}

export interface RevealEvent {
  readonly netuid: number
  readonly subnet_instance: number
  readonly height: number
  readonly who: string
  readonly plaintext: string | null
}

const held = '(valid_from <= $1 and (valid_to is null or valid_to > $1))'
const hex = (column: string) => `'0x' || encode(${column}, 'hex')`
/** What the event behind row `c` tells. */
const told = (seq: string, member: string) =>
  `(select payload->'${member}' from log_event e where log = 'chain' and e.netuid = c.netuid and e.seq = c.${seq}) as ${member}`
const tenureColumns = `id, netuid, uid, ${hex('hotkey')} as hotkey, ${hex('coldkey')} as coldkey,
  registered_at, from_seq::int, to_seq::int, end_reason`

export async function readModelsAt(client: Client, height: number): Promise<ReadModels> {
  const rows = async (sql: string) => (await client.query(sql, [height])).rows
  return {
    subnets: await rows(
      `select netuid, subnet_instance, ${hex('owner_coldkey')} as owner_coldkey from subnet where ${held}
       and netuid <> 0 order by netuid`,
    ),
    tenures: await rows(
      `select ${tenureColumns} from tenure where ${held} and netuid <> 0 order by netuid, uid`,
    ),
    segments: await rows(`select ${tenureColumns} from tenure where valid_from <= $1`),
    permits: await rows(
      `select netuid, uid, ${hex('hotkey')} as hotkey from validator_permit where ${held} order by netuid, uid`,
    ),
    toldPermits: await rows(
      `select distinct netuid, subnet_instance::int from log_event
       where log = 'chain' and type = 'ValidatorPermitsChanged' and height <= $1`,
    ),
    commitments: await rows(
      `select netuid, ${hex('hotkey')} as hotkey, valid_from as height, kind, state, ${told('from_seq', 'fields')},
         reveal_height, ${hex('plaintext')} as plaintext
       from commitment c where ${held} order by netuid, hotkey`,
    ),
    weights: await rows(
      `select netuid, mechanism, uid, ${told('set_seq', 'uids')}, ${told('set_seq', 'u16')}, set_seq::int
       from weight_set c where ${held} order by netuid, mechanism, uid`,
    ),
    pendingHashes: await rows(
      // A single reveal takes the older commits along: they wait for their expiry, but the chain has them no more.
      `select netuid, mechanism, ${hex('hotkey')} as hotkey, ${hex('commit_hash')} as hash
       from weight_commit c where ${held} and kind = 'hash' and not exists (
         select from weight_commit later where later.netuid = c.netuid and later.hotkey = c.hotkey
           and later.mechanism = c.mechanism and later.from_seq > c.from_seq
           and later.valid_to <= $1 and later.end_reason = 'revealed')`,
    ),
    reveals: await rows(
      `select netuid, subnet_instance::int, height::int, payload->>'who' as who, payload->>'plaintext' as plaintext
       from log_event where log = 'chain' and type = 'CommitmentRevealed' and height <= $1 order by seq`,
    ),
  }
}
