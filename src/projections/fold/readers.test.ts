import { expect, it } from 'vitest'
import type { EventType } from '../../log/catalogue'
import type { Projection } from './projection'
import { Readers } from './readers'

const fold = (name: string, reads?: readonly EventType[]): Projection => ({
  name,
  version: 1,
  ...(reads && { reads }),
  tables: {},
  apply: () => undefined,
})

it('a read model is given the types of events that it names, or all when it names none, in the order of the read models', () => {
  const readers = new Readers([fold('a', ['Committed']), fold('b'), fold('c', ['WeightsSet', 'Committed'])])
  const namesOf = (type: EventType) => readers.of(type).map(({ name }) => name)
  expect(namesOf('Committed')).toEqual(['a', 'b', 'c'])
  expect(namesOf('WeightsSet')).toEqual(['b', 'c'])
  expect(namesOf('SubnetDissolved')).toEqual(['b'])
})
