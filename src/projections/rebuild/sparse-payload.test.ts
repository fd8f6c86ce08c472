import { describe, expect, it } from 'vitest'
import { canonicalJson } from '../../log/canonical-json'
import { projections } from '../all'
import type { Projection } from '../fold/projection'
import { ListText, sparseLists, sparsePayload } from './sparse-payload'

const accounts = Array.from({ length: 40 }, (_, n) => (n % 7 === 3 ? null : `0x${`${n}`.padStart(64, '0')}`))

describe('a list that is left as text', () => {
  it.each([[accounts], [[5]], [[null]], [[0, 65_535, 1]]])(
    'gives the items of the list, in any order',
    (items) => {
      const list = new ListText(JSON.stringify(items).slice(1, -1))
      const order = [...items.keys(), ...[...items.keys()].reverse(), items.length, 0, items.length + 9]
      for (const i of order) expect(list.at(i)).toEqual(items[i])
    },
  )

  it('has nothing when it is empty', () => {
    expect(new ListText('').at(0)).toBeUndefined()
    expect(new ListText('').at(3)).toBeUndefined()
  })
})

describe('a long payload with such lists', () => {
  const payload = {
    hotkeys: accounts,
    mechanism: 0,
    note: '"hotkeys":[ and "raw":[1] within a text',
    raw: null,
    u16: [1, 2, 3],
    uids: [],
  }

  it('is otherwise what it is when it is read whole', () => {
    const sparse = sparsePayload(canonicalJson(payload), ['hotkeys', 'raw', 'uids']) as Record<
      string,
      unknown
    >
    const { hotkeys, uids, ...rest } = payload
    expect(sparse).toMatchObject({ mechanism: 0, note: payload.note, raw: null, u16: [1, 2, 3] })
    expect(Object.keys(sparse).sort()).toEqual(Object.keys(payload).sort())
    expect(rest).toEqual({ mechanism: 0, note: payload.note, raw: null, u16: [1, 2, 3] })
    const list = sparse.hotkeys as ListText<string | null>
    expect(list).toBeInstanceOf(ListText)
    expect(hotkeys.map((_, i) => list.at(i))).toEqual(hotkeys)
    expect((sparse.uids as ListText<number>).at(0)).toBe(uids[0])
  })

  it('is read whole when it is short', () => {
    const short = { hotkeys: ['0x00'], mechanism: 1 }
    expect(sparsePayload(canonicalJson(short), ['hotkeys'])).toEqual(short)
  })
})

describe('which lists are left as text', () => {
  const reading = (sparse?: Projection['sparse']): Projection => ({
    name: 'test',
    version: 1,
    reads: ['WeightsSet'],
    tables: {},
    apply: () => undefined,
    ...(sparse && { sparse }),
  })

  it('those that no read model of the share wants whole', () => {
    const [some, more] = [reading({ WeightsSet: ['raw'] }), reading({ WeightsSet: ['u16', 'raw'] })]
    expect(sparseLists([some, more]).get('WeightsSet')).toEqual(['raw'])
    expect(sparseLists([more]).get('WeightsSet')).toEqual(['raw', 'u16'])
    expect(sparseLists([some, reading()]).get('WeightsSet')).toEqual([])
  })

  it('hotkeys of epochs and whole vectors, in the read models that there are', () => {
    const lists = sparseLists(projections)
    expect(lists.get('EpochEmitted')).toEqual(['hotkeys'])
    expect(lists.get('WeightsSet')).toEqual(['hotkeys', 'raw', 'u16', 'uids'])
  })
})
