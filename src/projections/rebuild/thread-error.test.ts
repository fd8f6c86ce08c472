import { expect, it } from 'vitest'
import { LedgerError } from '../../errors/ledger-error'
import { plain, restored } from './thread-error'

/** What passes between threads is copied as this copies. */
const passed = (error: unknown) => restored(structuredClone(plain(error)))

it('an error of ours comes out of another thread whole', () => {
  const error = new LedgerError('SL-REBUILD-GAP', 'contradiction', 'lacks one', {
    remedy: 'Look.',
    facts: { netuid: 3 },
    cause: new Error('below'),
  })
  const { code, kind, message, remedy, facts } = passed(error) as LedgerError
  expect(passed(error)).toBeInstanceOf(LedgerError)
  expect({ code, kind, message, remedy, facts }).toEqual({
    code: 'SL-REBUILD-GAP',
    kind: 'contradiction',
    message: 'lacks one',
    remedy: 'Look.',
    facts: { netuid: 3 },
  })
})

it('an error of PostgreSQL keeps the code by which it is known, and where it was thrown', () => {
  const error = Object.assign(new Error('disk full'), { code: '53100', severity: 'ERROR' })
  expect(passed(error)).toMatchObject({ message: 'disk full', code: '53100', stack: error.stack })
})

it('what was thrown and is no error becomes one', () => {
  expect(passed('words')).toMatchObject({ message: 'words' })
})
