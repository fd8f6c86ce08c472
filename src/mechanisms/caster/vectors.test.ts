import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { decideCaster } from '../decide-caster'
import { checkScript } from './script'

const shared = process.env.SUBLEDGER_SHARED ?? path.resolve(__dirname, '../../../../shared')
const file = path.join(shared, 'vectors/caster.json')
const present = existsSync(file)
// biome-ignore lint/suspicious/noExplicitAny: vectors are data of many shapes
type Vector = Record<string, any>
const vectors: Vector[] = present ? JSON.parse(readFileSync(file, 'utf8')).vectors : []
const find = (id: string) => vectors.find((vector) => vector.id === id)!

/** What was decided must contain every computed field that the vector states. */
function expectCases(id: string, fields: readonly string[], list = 'cases') {
  const vector = find(id)
  const decided = (decideCaster(vector) as Vector)[list] as Vector[]
  expect(decided).toHaveLength(vector[list].length)
  for (const [index, expected] of (vector[list] as Vector[]).entries()) {
    const stated = Object.fromEntries(
      fields.filter((field) => field in expected).map((field) => [field, expected[field]]),
    )
    expect(Object.keys(stated).length, expected.name).toBeGreaterThan(0)
    expect(decided[index], expected.name).toMatchObject(stated)
  }
}

const RULES: Record<string, () => void> = {
  'caster-roster-steps': () => expectCases('caster-roster-steps', ['after', 'effect']),
  'caster-deregistration': () => {
    expectCases('caster-deregistration', ['weights'])
    const { cases } = find('caster-deregistration')
    const decided = (decideCaster(find('caster-deregistration')) as Vector).cases as Vector[]
    expect(decided.map((entry) => entry.weights)).toEqual(cases.map((entry: Vector) => entry.weights))
  },
  'caster-grading': () =>
    expectCases('caster-grading', ['verdict_score', 'support_score', 'total', 'grader_called']),
  'caster-verdict-sets': () => {
    expectCases('caster-verdict-sets', ['valid'])
    const decided = (decideCaster(find('caster-verdict-sets')) as Vector).cases as Vector[]
    for (const [index, { valid, why }] of find('caster-verdict-sets').cases.entries())
      if (!valid) expect(decided[index]!.why).toBe(why)
  },
  'caster-citations': () => {
    const vector = find('caster-citations')
    expect(decideCaster(vector)).toMatchObject({ hydrated: vector.hydrated, dropped: vector.dropped })
  },
  'caster-signing': () => {
    expectCases('caster-signing', ['body_sha256', 'message', 'message_sha256'])
    const { script_sha256, cases } = find('caster-signing')
    const upload = JSON.parse(cases.find((entry: Vector) => entry.body.includes('script_b64')).body)
    expect(checkScript(Buffer.from(upload.script_b64, 'base64'), upload.sha256, () => false)).toMatchObject({
      contentHash: script_sha256,
    })
  },
  'caster-budget': () => {
    const vector = find('caster-budget')
    const { request_hash, response_hash } = vector.receipt_hashes
    const { sequence, llm_costs } = vector
    expect(decideCaster(vector)).toMatchObject({
      sequence,
      llm_costs,
      receipt_hashes: { request_hash, response_hash },
    })
    const searches = (count: number) => ({
      sequence: new Array(count).fill({ call: 'search_web', cost: 0.0025 }),
    })
    const twenty = (decideCaster(searches(20)) as Vector).sequence as Vector[]
    expect(twenty.every((call) => call.accepted)).toBe(true)
    expect(((decideCaster(searches(21)) as Vector).sequence as Vector[]).at(-1)).toMatchObject({
      accepted: false,
      used_after: 0.05,
    })
  },
  'caster-functioning': () => expectCases('caster-functioning', ['functioning', 'weights_status']),
  'caster-weights': () => {
    expectCases('caster-weights', ['uids', 'weights', 'u16'])
    expectCases('caster-weights', ['result'], 'errors')
    expectCases('caster-weights', ['open'], 'window_cases')
  },
  'caster-dethrone': () => expectCases('caster-dethrone', ['ratio20', 'points10']),
}

describe.skipIf(!present)(`vectors of ../shared/vectors/caster.json${present ? '' : ' (absent)'}`, () => {
  it.each(vectors.map((vector) => vector.id as string))('%s', (id) => {
    expect(RULES[id], 'a vector without a test').toBeDefined()
    RULES[id]!()
  })

  it('the whole file in one go', () => {
    expect((decideCaster({ vectors }) as Vector).vectors).toHaveLength(vectors.length)
  })
})
