import type { ClientBase } from 'pg'
import { LedgerError } from '../errors/ledger-error'
import type { Hex } from '../log/envelope'

/** The finalized block that an asserted event is tied to: it arrived when this was the last one indexed. */
export interface Anchor {
  readonly height: number
  readonly blockHash: Hex
  /** ms since the Unix epoch, as the block says */
  readonly blockTime: number
  readonly subnetInstance: number
}

const SELECT_ANCHOR = `
  select s.height, s.hash, (extract(epoch from b.time) * 1000)::float8 as time, coalesce((
    select subnet_instance::float8 from log_event where log = 'chain' and netuid = $1 order by seq desc limit 1
  ), 0) as instance
  from squid_processor.status s left join indexed_block b on b.height = s.height where s.id = 0`

/** @throws LedgerError SL-NOTHING-INDEXED before the first block */
export async function readAnchor(client: Pick<ClientBase, 'query'>, netuid: number): Promise<Anchor> {
  const { rows } = await client.query({ name: 'subledger-anchor', text: SELECT_ANCHOR, values: [netuid] })
  const [row] = rows
  if (!row || row.height < 0) {
    throw new LedgerError('SL-NOTHING-INDEXED', 'retryable', 'No block has been indexed yet.', {
      remedy: 'Wait for the first block; /readyz shows the progress.',
    })
  }
  return {
    height: row.height,
    blockHash: row.hash,
    blockTime: row.time ?? 0,
    subnetInstance: row.instance,
  }
}
