import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { decideAutoresearch } from '../decide-autoresearch'

const shared = process.env.SUBLEDGER_SHARED ?? path.resolve(__dirname, '../../../../shared')
const file = path.join(shared, 'vectors/autoresearch.json')
const present = existsSync(file)
// biome-ignore lint/suspicious/noExplicitAny: vectors are data of many shapes
type Vector = Record<string, any>
const vectors: Vector[] = present ? JSON.parse(readFileSync(file, 'utf8')).vectors : []
const CHECKED = new Set<string>()

function pair(id: string): [Vector[], Vector[]] {
  CHECKED.add(id)
  const vector = vectors.find((candidate) => candidate.id === id)!
  return [vector.cases, (decideAutoresearch(vector) as Vector).cases]
}

/** The outcome without the prose that follows it. */
const firstWord = (text: string) => /^(?:\[inferred\] )?(\w+)/.exec(text)![1]

describe.skipIf(!present)(
  `vectors of ../shared/vectors/autoresearch.json${present ? '' : ' (absent)'}`,
  () => {
    it('BT-AUTH-V1 messages, byte for byte', () => {
      const [cases, decided] = pair('bitsota-sign-1')
      for (const [index, expected] of cases.entries()) {
        const { canonical_body, body_sha256, message, message_sha256 } = expected
        expect(decided[index]).toMatchObject({ canonical_body, body_sha256, message, message_sha256 })
      }
    })

    it('claim trees, leaf preimages and proofs that fold or not', () => {
      for (const vector of vectors.filter((v) => v.id.startsWith('bitsota-merkle-emission'))) {
        CHECKED.add(vector.id)
        expect(decideAutoresearch(vector)).toMatchObject({
          root: vector.root,
          layers: vector.layers,
          claims: vector.claims,
        })
      }
      CHECKED.add('bitsota-leaf-preimage')
      const preimage = vectors.find((v) => v.id === 'bitsota-leaf-preimage')!
      expect(decideAutoresearch(preimage)).toMatchObject({
        genesis: { root: preimage.genesis.root, claims: preimage.genesis.claims },
      })
      const [cases, decided] = pair('bitsota-merkle-negative')
      expect(decided.map((entry) => entry.verifies)).toEqual(cases.map((entry) => entry.verifies))
    })

    it('weight policies', () => {
      const [cases, decided] = pair('bitsota-weights')
      for (const [index, expected] of cases.entries()) {
        const actual = decided[index]!
        expect(actual.normalised, expected.name).toEqual(expected.normalised)
        expect(actual.u16, expected.name).toEqual(expected.u16)
        if (expected.u16) expect(actual.outcome).toBe('submit')
        else if (expected.name === 'uid target beyond metagraph size')
          expect(actual.outcome).toBe('rejected: UID0 target absent')
        else if (expected.mode === 'local' && !expected.transition_status)
          expect(expected.outcome).toContain(actual.outcome)
        else if (expected.name === 'contract hotkey not registered')
          expect(actual.outcome).toBe(expected.outcome)
        else expect(firstWord(actual.outcome), expected.name).toBe(firstWord(expected.outcome))
      }
      const whole = decideAutoresearch(vectors.find((v) => v.id === 'bitsota-weights')!) as Vector
      const limits = vectors.find((v) => v.id === 'bitsota-weights')!.rate_limit_cases
      expect(whole.rate_limit_cases).toEqual(
        limits.map(({ blocks_since, submit }: Vector) => ({ blocks_since, submit })),
      )
    })

    it('best results around the noise band', () => {
      const [cases, decided] = pair('bitsota-best-result')
      expect(decided).toEqual(cases.map(({ delta_nats, decision }) => ({ delta_nats, decision })))
    })

    it('peer consensus', () => {
      const [cases, decided] = pair('bitsota-peer-consensus')
      expect(decided).toEqual(cases.map(({ sequence, result }) => ({ sequence, result })))
    })

    it('cumulative claims', () => {
      CHECKED.add('bitsota-cumulative-claims')
      const vector = vectors.find((v) => v.id === 'bitsota-cumulative-claims')!
      expect(decideAutoresearch(vector)).toMatchObject({ sequence: vector.sequence })
    })

    it('patch surfaces', () => {
      const [cases, decided] = pair('bitsota-patch-surface')
      for (const [index, { result }] of cases.entries())
        expect(result.startsWith(decided[index]!.result), result).toBe(true)
    })

    it('metric extraction', () => {
      const [cases, decided] = pair('bitsota-metric-extraction')
      for (const [index, { value, outcome }] of cases.entries()) {
        expect(decided[index]).toEqual(outcome === undefined ? { value } : { value, outcome })
      }
    })

    it('claim lifecycle', () => {
      const [cases, decided] = pair('bitsota-claim-lifecycle')
      for (const [index, { result, action }] of cases.entries()) {
        expect(firstWord(decided[index]!.result), action).toBe(firstWord(result))
      }
    })

    it('no vector is left out but the comparison of schemes, which the claim tests read', () => {
      const left = vectors.map((vector) => vector.id).filter((id) => !CHECKED.has(id))
      expect(left).toEqual(['bitsota-merkle-contrast'])
    })

    it('the whole file in one go', () => {
      const all = decideAutoresearch({ vectors }) as { vectors: Vector[] }
      expect(all.vectors.filter((vector) => vector.undecidable).map((vector) => vector.id)).toEqual([
        'bitsota-merkle-contrast',
      ])
    })
  },
)
