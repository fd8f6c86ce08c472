import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { StateHistory } from './history'
import { StateLayers } from './layers'

/** Keys of two items, so that prefixes cut between and within items. */
const items = [`0x${'aa'.repeat(32)}`, `0x${'ab'.repeat(32)}`]
const keyOf = (n: number) => `${items[n % 2]}${(n % 7).toString(16).padStart(2, '0')}`

type Step =
  | { readonly do: 'put'; readonly key: number; readonly value: number }
  | { readonly do: 'remove'; readonly key: number }
  | { readonly do: 'begin' | 'commit' | 'rollback' | 'seal' | 'unwind' }

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('put' as const), key: fc.nat(13), value: fc.nat(3) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('remove' as const), key: fc.nat(13) }) },
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constantFrom('begin', 'commit', 'rollback', 'seal', 'unwind') }),
  },
) as fc.Arbitrary<Step>

type State = ReadonlyMap<string, string>

/** The same by whole copies: of the state at each block, and at each open layer. */
class CopyingModel {
  readonly blocks: State[] = [new Map()]
  stack: Map<string, string>[] = [new Map()]
}

function check(history: StateHistory, layers: StateLayers, model: CopyingModel): void {
  const top = model.stack.at(-1)!
  for (const prefix of ['0x', items[0]!, `${items[1]}03`]) {
    const expected = (state: State) => [...state.keys()].filter((it) => it.startsWith(prefix)).sort()
    expect(layers.keys(prefix)).toEqual(expected(top))
    for (const [height, state] of model.blocks.entries()) {
      expect([...history.keysAt(height, prefix)]).toEqual(expected(state))
    }
  }
  for (let n = 0; n < 14; n++) {
    const key = keyOf(n)
    expect(layers.get(key)).toBe(top.get(key) ?? null)
    for (const [height, state] of model.blocks.entries()) {
      expect(history.at(height, key)).toBe(state.get(key) ?? null)
    }
  }
}

describe('state', () => {
  it('is at every block, and in every open layer, what whole copies of it would be', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const history = new StateHistory()
        history.append(0, new Map())
        let layers = new StateLayers(history)
        const model = new CopyingModel()
        const sealed: ReturnType<StateLayers['seal']>[] = [new Map()]
        for (const it of steps) {
          const top = model.stack.at(-1)!
          if (it.do === 'put') {
            layers.set(keyOf(it.key), `0x0${it.value}`)
            top.set(keyOf(it.key), `0x0${it.value}`)
          } else if (it.do === 'remove') {
            layers.set(keyOf(it.key), null)
            top.delete(keyOf(it.key))
          } else if (it.do === 'begin') {
            layers.begin()
            model.stack.push(new Map(top))
          } else if (it.do === 'commit' && model.stack.length > 1) {
            layers.commit()
            model.stack.pop()
            model.stack[model.stack.length - 1] = top
          } else if (it.do === 'rollback' && model.stack.length > 1) {
            layers.rollback()
            model.stack.pop()
          } else if (it.do === 'seal' && model.stack.length === 1) {
            const changes = layers.seal()
            history.append(sealed.length, changes)
            sealed.push(changes)
            model.blocks.push(new Map(top))
          } else if (it.do === 'unwind' && sealed.length > 1) {
            history.unwind(sealed.length - 1, sealed.pop()!)
            model.blocks.pop()
            layers = new StateLayers(history)
            model.stack = [new Map(model.blocks.at(-1)!)]
          }
          check(history, layers, model)
        }
      }),
      { numRuns: 150 },
    )
  })

  it('keeps what holds at and after the height that it is pruned below', () => {
    const history = new StateHistory()
    const key = keyOf(1)
    for (let height = 0; height < 10; height++) history.append(height, new Map([[key, `0x0${height}`]]))
    history.append(10, new Map([[key, null]]))
    history.prune(5)
    expect(history.at(4, key)).toBeNull()
    expect([5, 9].map((height) => history.at(height, key))).toEqual(['0x05', '0x09'])
    history.prune(10)
    expect([...history.keysAt(9, '0x')]).toEqual([])
  })

  it('seals only what differs from before, and refuses while a transaction is open', () => {
    const history = new StateHistory()
    history.append(0, new Map([[keyOf(1), '0x01']]))
    const layers = new StateLayers(history)
    layers.set(keyOf(1), '0x02')
    layers.set(keyOf(1), '0x01')
    layers.set(keyOf(2), null)
    layers.begin()
    expect(() => layers.seal()).toThrow(/still open/)
    layers.commit()
    expect(layers.seal().size).toBe(0)
  })
})
