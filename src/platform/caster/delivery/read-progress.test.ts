import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../../mechanisms/bitrecs/test-random-vector'
import { readProgress } from './read-progress'

const seed = Number(process.env.CASTER_SEED ?? Math.floor(Math.random() * 2 ** 31))
const RUNS = 400

const frame = { batch_id: '00000000-0000-4000-8000-000000000001', status: 'completed', error: null }
const counts = (n: number) => ({ total: n, completed: n, remaining: 0 })
const read = (text: string) => readProgress(Buffer.from(text))

describe(`a progress is read result by result (CASTER_SEED=${seed})`, () => {
  const random = seededRandom(seed)
  const below = (n: number) => Math.floor(random() * n)
  const texts = [
    '',
    '"',
    '\\',
    '[{,',
    ']}',
    'miner_task_results',
    'é😀',
    '\u0000',
    '\\"],"x":[',
    'a'.repeat(300),
  ]

  function value(depth: number): unknown {
    const kind = below(depth > 0 ? 6 : 4)
    if (kind === 0) return texts[below(texts.length)]
    if (kind < 4) return [null, true, -1.5e3, 0][below(4)]
    if (kind === 4) return Array.from({ length: below(4) }, () => value(depth - 1))
    const keys = Array.from({ length: below(4) }, () => texts[below(texts.length)]!)
    return Object.fromEntries(keys.map((key) => [key, value(depth - 1)]))
  }
  function progress() {
    const miner_task_results = Array.from({ length: below(5) }, () => value(4))
    const members = Object.entries({ ...frame, ...counts(miner_task_results.length), miner_task_results })
    // In any order, and with more than the contract names.
    const extra = Array.from({ length: below(3) }, (_, n) => [`x${n}`, value(3)] as const)
    return Object.fromEntries([...members, ...extra].sort(() => random() - 0.5))
  }

  it('as JSON.parse would have read it, however it is written', async () => {
    for (let run = 0; run < RUNS; run++) {
      const whole = progress()
      const text = JSON.stringify(whole, null, [0, 1, '\t', '\r\n'][below(4)])
      expect(await read(text), text).toEqual(whole)
    }
  })

  it('is refused whenever JSON.parse would refuse it', async () => {
    for (let run = 0; run < RUNS; run++) {
      const bytes = Buffer.from(JSON.stringify(progress()))
      const at = below(bytes.length)
      const byte = Buffer.from('[]{},":\\x'[below(9)]!)
      const bent = Buffer.concat([bytes.subarray(0, at), byte, bytes.subarray(at + below(2))])
      let parsed: unknown
      try {
        parsed = JSON.parse(bent.toString())
      } catch {
        expect(await readProgress(bent), bent.toString()).toEqual(expect.any(String))
        continue
      }
      const found = await readProgress(bent)
      if (typeof found !== 'string') expect(found, bent.toString()).toEqual(parsed)
    }
  })

  it.each([
    ['no results', { ...frame, ...counts(0) }],
    ['results that are no list', { ...frame, ...counts(0), miner_task_results: { a: [1] } }],
    ['a list as a whole', [frame, 'miner_task_results', [1]]],
  ])('is refused with %s', async (_, body) => {
    expect(await read(JSON.stringify(body))).toEqual(expect.any(String))
  })

  it('is refused with two lists of results, also when one of them is spelled otherwise and long', async () => {
    const text = JSON.stringify({ ...frame, ...counts(1), miner_task_results: [1] })
    const twice = (name: string, list: string) => `${text.slice(0, -1)},"${name}":${list}}`
    expect(await read(twice('miner_task_results', '[2]'))).toEqual(expect.any(String))
    const long = JSON.stringify(Array.from({ length: 40_000 }, (_, n) => n))
    expect(await read(twice('miner\\u005ftask_results', long))).toEqual(expect.any(String))
  })

  it('is refused with one result that would take long to read', async () => {
    const text = JSON.stringify({ ...frame, ...counts(1), miner_task_results: ['x'.repeat(8_388_608)] })
    expect(await read(text)).toBe('result 0 is longer than 8388608 bytes')
  })
})
