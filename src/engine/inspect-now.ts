import { LedgerError } from '../errors/ledger-error'
import { readPointAt } from '../projections/core/read-point'
import type { TableOrigins } from '../projections/core/row-source'
import { SqlRows } from '../projections/core/sql-rows'
import type { ReadServices } from '../projections/core/subnet-reads'
import { policyOf } from './decide-at'
import type { SubnetSystem } from './system'

/**
 * A question about a subnet as it stands at the indexed head.
 * @throws LedgerError SL-NOTHING-INDEXED before the first policy
 */
export async function inspectNow(
  system: SubnetSystem,
  { pool, netuid }: Pick<ReadServices, 'pool' | 'netuid'>,
  originOf: TableOrigins,
  question: string,
  args: unknown,
): Promise<unknown> {
  const { rows } = await pool.query<{ height: number }>(
    'select height from squid_processor.status where id = 0',
  )
  const source = new SqlRows(pool, await readPointAt(pool, netuid, rows[0]?.height ?? 0), originOf)
  const policy = await policyOf(system, source)
  if (!policy) {
    throw new LedgerError('SL-NOTHING-INDEXED', 'retryable', 'No policy has been recorded yet.', {
      remedy: 'Wait for the first block; /readyz shows the progress.',
    })
  }
  return question === 'policy' ? policy : system.inspect(source, policy, question, args)
}
