import { describe, expect, it } from 'vitest'
import { randomFrom } from '../../log/seeded-random'
import { KeyIndex, type Place } from './key-index'

const seed = Number(process.env.SUBLEDGER_TEST_SEED ?? Math.floor(Math.random() * 2 ** 31))
const ACTIONS = 5_000

type Key = Record<string, number | string>

/** Few values, so that keys come again and share parts. */
const keys: Record<string, (random: (below: number) => number) => Key> = {
  'numbers alone': (random) => ({ netuid: random(3), uid: random(4), mechanism: random(3) }),
  'one text': (random) => ({ netuid: random(3), hotkey: `\\x${random(9)}` }),
  'texts around a number': (random) => ({
    netuid: random(2),
    hotkey: `\\x${random(3)}`,
    subnet_instance: random(2) * 4_000_000_000,
    lineage: `\\x${random(3)}`,
  }),
  'three texts': (random) => ({ a: `${random(2)}`, b: `${random(2)}`, c: `${random(2)}`, netuid: random(2) }),
  'one number': (random) => ({ netuid: random(5) }),
}

describe(`an index by key (SUBLEDGER_TEST_SEED=${seed})`, () => {
  it.each(Object.entries(keys))('finds what was last set for a key: %s', (_, keyOf) => {
    const random = randomFrom(seed)
    const columns = Object.keys(keyOf(random))
    const [index, plain] = [new KeyIndex<number>(columns, 2), new Map<string, number>()]
    const places = new Map<string, Place<number>>()
    for (let n = 0; n < ACTIONS; n++) {
      const key = keyOf(random)
      const text = JSON.stringify(columns.map((column) => key[column]))
      expect(index.get(key)).toBe(plain.get(text))
      if (random(3) === 0) {
        const place = places.get(text)
        if (place) index.clear(place)
        plain.delete(text)
      } else {
        places.set(text, index.set(key, n))
        plain.set(text, n)
      }
      expect(index.size).toBe(plain.size)
    }
  })
})
