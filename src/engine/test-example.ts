import { addEvents, catalogue } from '../log/catalogue'
import { projections } from '../projections/all'
import { treeEvents } from './example/events'
import { treeReads } from './example/reads'
import { query } from './test-chain-log'

export const EXAMPLE_FOLDS = [...projections, ...treeReads.projections]

/** Event types and table of the example, which is not part of the product's own catalogue and migrations. */
export async function prepareExample(databaseUrl: string): Promise<void> {
  if (!Object.hasOwn(catalogue, 'TreeMeasured')) addEvents(treeEvents)
  await query(
    databaseUrl,
    `create table tree (
      id text primary key, netuid int not null, subnet_instance int not null, valid_from int not null, valid_to int,
      from_seq int not null, to_seq int, hotkey bytea not null, height_mm int not null, end_reason text)`,
  )
  await query(databaseUrl, 'grant select, insert, update on tree to public')
}
