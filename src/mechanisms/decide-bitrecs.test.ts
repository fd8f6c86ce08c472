import { describe, expect, it } from 'vitest'
import { LedgerError } from '../errors/ledger-error'
import { decideBitrecs } from './decide-bitrecs'

const vector = {
  id: 'one',
  rows: [{ hotkey: 'hk', uid: 5, task_name: 'a', score: 0.6, sample_size: 5 }],
  miner_first_blocks_by_hotkey: { hk: 1000 },
  current_block: null,
  emission_portion: 0.1,
  subset_scheme: 'exponential',
  set_weights: true,
}

function refusal(input: unknown, profile?: string): LedgerError {
  try {
    decideBitrecs(input, profile)
  } catch (error) {
    if (error instanceof LedgerError) return error
    throw error
  }
  throw new Error('was accepted')
}

describe('subledger decide bitrecs', () => {
  it('prints the decision of one profile', () => {
    expect(decideBitrecs(vector, 'eps_wide')).toMatchObject({
      winner_uid: 5,
      epsilons: [0.01],
      emit_u16: { uids: [0, 5], values: [65535, 7282] },
    })
  })

  it('prints both reference profiles without one', () => {
    expect(decideBitrecs(vector)).toMatchObject({
      eps_wide: { epsilons: [0.01] },
      eps_narrow: { epsilons: [0.005] },
    })
    expect(decideBitrecs({ ...vector, rows: [] })).toEqual({ outcome: 'no_data_no_weights_set' })
  })

  it('takes a whole file', () => {
    const file = { meta: {}, pipeline: [vector], decay: [{ first_block: 1, current_block: 2 }] }
    expect(decideBitrecs(file, 'eps_narrow')).toMatchObject({
      pipeline: [{ id: 'one', expected: { winner_uid: 5 } }],
      decay: [{ id: 0, expected: 1 }],
    })
  })

  it.each([
    ['a number', 5],
    ['an array', []],
    ['null', null],
    ['no telling field', { foo: 1 }],
    ['rows that are no list', { ...vector, rows: {} }],
    ['a score that is text', { ...vector, rows: [{ ...vector.rows[0], score: 'high' }] }],
    ['an infinite score', { ...vector, rows: [{ ...vector.rows[0], score: Number.POSITIVE_INFINITY }] }],
    ['a uid beyond u16', { ...vector, rows: [{ ...vector.rows[0], uid: 70_000 }] }],
    ['a negative block', { ...vector, current_block: -1 }],
    ['an unknown scheme', { ...vector, subset_scheme: 'cubic' }],
    [
      '17 tasks',
      { ...vector, rows: Array.from({ length: 17 }, (_, i) => ({ ...vector.rows[0], task_name: `t${i}` })) },
    ],
    ['vectors of unequal length', { a: [1], b: [1, 2], eps: [0.1] }],
    ['a bad vector inside a file', { pipeline: [{ ...vector, rows: 'none' }] }],
  ])('refuses %s with a stable code', (_, input) => {
    expect(refusal(input, 'eps_narrow').code).toBe('SL-DECIDE-INPUT')
  })

  it('says where the fault is', () => {
    expect(refusal({ ...vector, rows: [{ ...vector.rows[0], uid: -1 }] }).message).toContain('/rows/0/uid')
  })

  it('names the profiles it knows', () => {
    const error = refusal(vector, 'eps_huge')
    expect(error.code).toBe('SL-DECIDE-PROFILE')
    expect(error.remedy).toContain('eps_wide')
  })
})
