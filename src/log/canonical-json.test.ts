import canonicalize from 'canonicalize'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalJson } from './canonical-json'

const seed = Number(process.env.SUBLEDGER_TEST_SEED ?? Date.now() % 2 ** 31)
const options = { seed, numRuns: 2_000 }
const double = fc.double({ noNaN: true, noDefaultInfinity: true })
const text = fc.string({ unit: 'grapheme', maxLength: 20 })
const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom(null, true, false, '', '\u0000', '\u2028"\\/\b'),
    double,
    fc.integer(),
    text,
    fc.array(tie('any'), { maxLength: 5 }),
    fc.dictionary(text, tie('any'), { maxKeys: 6 }),
  ),
})).any

describe(`canonical JSON (seed ${seed})`, () => {
  it('is what the library of the standard writes', () => {
    fc.assert(
      fc.property(value, (v) => {
        expect(canonicalJson(v)).toBe(canonicalize(v))
      }),
      options,
    )
  })

  it('reads back as the same value and does not depend on the order of members', () => {
    fc.assert(
      fc.property(fc.dictionary(text, value), (v) => {
        const turned = Object.fromEntries(Object.entries(v).reverse())
        expect(canonicalJson(turned)).toBe(canonicalJson(v))
        expect(canonicalJson(JSON.parse(canonicalJson(v)))).toBe(canonicalJson(v))
      }),
      options,
    )
  })

  it.each([
    [0x0000000000000001n, '5e-324'],
    [0x8000000000000000n, '0'],
    [0x7fefffffffffffffn, '1.7976931348623157e+308'],
    [0x4340000000000000n, '9007199254740992'],
    [0x444b1ae4d6e2ef4fn, '999999999999999900000'],
    [0x444b1ae4d6e2ef50n, '1e+21'],
    [0x3eb0c6f7a0b5ed8dn, '0.000001'],
    [0x41b3de4355555553n, '333333333.3333332'],
  ])('writes the double %s as RFC 8785 appendix B does: %s', (bits, expected) => {
    const view = new DataView(new ArrayBuffer(8))
    view.setBigUint64(0, bits)
    expect(canonicalJson(view.getFloat64(0))).toBe(expected)
  })

  it('sorts members by UTF-16 code units, as RFC 8785 §3.2.3 does', () => {
    const keys = ['\u20ac', '\r', '\ufb33', '1', '\ud83d\ude00', '\u0080', '\u00f6']
    const sorted = ['\r', '1', '\u0080', '\u00f6', '\u20ac', '\ud83d\ude00', '\ufb33']
    const written = canonicalJson(Object.fromEntries(keys.map((key) => [key, 0])))
    expect(Object.keys(JSON.parse(written)).filter((key) => key !== '1')).toEqual(
      sorted.filter((k) => k !== '1'),
    )
    expect(written.startsWith('{"\\r":0,"1":0,"\u0080"')).toBe(true)
  })

  it('leaves out members that are undefined', () => {
    expect(canonicalJson({ b: undefined, a: 1 })).toBe('{"a":1}')
  })

  it.each([
    ['NaN', Number.NaN],
    ['infinity', Number.POSITIVE_INFINITY],
    ['bigint', 1n],
    ['undefined in an array', [undefined]],
    ['a lone surrogate', { a: 'x\ud800' }],
    ['a lone surrogate as name', { '\udc00': 1 }],
    ['a function', () => 1],
    ['65 levels', JSON.parse('['.repeat(65) + ']'.repeat(65))],
  ])('refuses %s', (_, v) => {
    expect(() => canonicalJson(v)).toThrow(TypeError)
  })
})
