import { policyOf } from '../../engine/decide-at'
import type { SubnetSystem } from '../../engine/system'
import type { Versioned } from '../../mechanisms/policy-history'
import { readPointAt } from '../../projections/core/read-point'
import type { RowSource } from '../../projections/core/row-source'
import { SqlRows } from '../../projections/core/sql-rows'
import { refuse } from '../graphql/api-error'
import type { ApiServices } from '../graphql/context'
import type { View } from '../head/view'

/** A subnet's system with its rows and policy as of a block. */
export interface Stand {
  readonly system: SubnetSystem
  readonly source: RowSource
  readonly policy: Versioned
}

/** @throws LedgerError SL-NO-SYSTEM, SL-NO-POLICY */
export async function standAt(api: ApiServices, netuid: number, view: View): Promise<Stand> {
  const system = api.systems.of(netuid)
  const source = new SqlRows(api.pool, await readPointAt(api.pool, netuid, view.height), api.systems.originOf)
  const policy = await policyOf(system, source)
  if (!policy) throw refuse('SL-NO-POLICY', 'No policy holds at this block.', 'Ask for a later block.')
  return { system, source, policy }
}
