import type { SubnetSystem } from '../engine/system'
import { projections } from '../projections/all'
import type { Entity } from '../projections/core/entity'
import type { TableOrigins } from '../projections/core/row-source'
import { tableOrigins } from '../projections/table-origins'
import { refuse } from './graphql/api-error'

/** A subnet and the system that runs on it. */
export interface ServedSystem {
  readonly netuid: number
  readonly system: SubnetSystem
}

/** Which systems the API can explain, audit and compute again. */
export class Systems {
  readonly originOf: TableOrigins

  constructor(readonly served: readonly ServedSystem[]) {
    this.originOf = tableOrigins([...projections, ...served.flatMap(({ system }) => system.projections)])
  }

  named(name: string): SubnetSystem | undefined {
    return this.served.find(({ system }) => system.name === name)?.system
  }

  /** @throws LedgerError SL-NO-SYSTEM */
  of(netuid: number): SubnetSystem {
    const found = this.served.find((served) => served.netuid === netuid)
    if (found) return found.system
    throw refuse(
      'SL-NO-SYSTEM',
      `No subnet system runs on netuid ${netuid}.`,
      'Choose a subnet of SUBLEDGER_SYSTEMS, or name its system there.',
      { netuid },
    )
  }
}

/** Lists of all systems, each once however many subnets it runs on. */
export const entitiesOf = (served: readonly ServedSystem[]): Entity[] =>
  [...new Set(served.map(({ system }) => system))].flatMap(({ entities }) => entities)
