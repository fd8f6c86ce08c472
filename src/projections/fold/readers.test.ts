import { expect, it } from 'vitest'
import type { EventType } from '../../log/catalogue'
import type { LogName } from '../../log/envelope'
import type { Projection } from './projection'
import { Readers } from './readers'

const fold = (name: string, reads?: readonly EventType[], log?: LogName): Projection => ({
  name,
  ...(log && { log }),
  version: 1,
  ...(reads && { reads }),
  tables: {},
  apply: () => undefined,
})

it('a read model is given the types of events of its log that it names, or all when it names none, in the order of the read models', () => {
  const readers = new Readers([
    fold('a', ['Committed']),
    fold('b'),
    fold('c', ['WeightsSet', 'Committed']),
    fold('d', undefined, 'engine'),
  ])
  const namesOf = (type: EventType) => readers.of({ log: 'chain', type }).map(({ name }) => name)
  expect(namesOf('Committed')).toEqual(['a', 'b', 'c'])
  expect(namesOf('WeightsSet')).toEqual(['b', 'c'])
  expect(namesOf('SubnetDissolved')).toEqual(['b'])
  expect(readers.of({ log: 'engine', type: 'DecisionMade' }).map(({ name }) => name)).toEqual(['d'])
})
