import type { KeyObject } from 'node:crypto'
import type { ClientBase } from 'pg'
import type { Hex, LogName } from '../envelope'
import { originOf, signCheckpoint } from './checkpoint'

export interface CheckpointHead {
  readonly height: number
  readonly hash: Hex
}

const GROWN = `
  select h.log, h.netuid, h.size::float8 as size, '0x' || encode(h.root, 'hex') as root
  from log_head h
  left join lateral (
    select size from log_checkpoint c where c.log = h.log and c.netuid = h.netuid order by height desc limit 1
  ) last on true
  where last.size is distinct from h.size`

const INSERT = `
  insert into log_checkpoint (log, netuid, size, height, block_hash, root, note)
  select log, netuid, size, $4, decode($5, 'hex'), decode(root, 'hex'), note
  from unnest($1::text[], $2::int[], $3::bigint[], $6::text[], $7::text[]) as c(log, netuid, size, root, note)`

/**
 * Signs a checkpoint for every log that has grown since its last one, within the caller's transaction.
 * @param head last block that the logs cover
 * @returns number of checkpoints written
 */
export async function writeCheckpoints(
  client: ClientBase,
  key: KeyObject,
  genesisHash: Hex,
  head: CheckpointHead,
): Promise<number> {
  const { rows } = await client.query<{ log: LogName; netuid: number; size: number; root: Hex }>({
    name: 'subledger-grown-logs',
    text: GROWN,
  })
  if (rows.length === 0) return 0
  const notes = rows.map(({ log, netuid, size, root }) => {
    const origin = originOf(genesisHash, log, netuid)
    return signCheckpoint({ origin, size, root, height: head.height, blockHash: head.hash }, key)
  })
  await client.query({
    name: 'subledger-write-checkpoints',
    text: INSERT,
    values: [
      rows.map((row) => row.log),
      rows.map((row) => row.netuid),
      rows.map((row) => row.size),
      head.height,
      head.hash.slice(2),
      rows.map((row) => row.root.slice(2)),
      notes,
    ],
  })
  return rows.length
}
