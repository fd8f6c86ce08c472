import { describe, expect, it } from 'vitest'
import { firstSku } from './sku'
import { readTemplate, variablesIn } from './template'

describe('a prompt template', () => {
  it('gives its variables in their order', () => {
    const text = 'A {{ sku }} for {{-persona-}} and {{num_recs}} }} { % # {{ sku }}'
    expect(readTemplate(text)).toEqual({ ok: true, variables: ['sku', 'persona', 'num_recs', 'sku'] })
    expect(variablesIn(`${text} {{ a.b }} {{sku}}`)).toEqual(['sku', 'persona', 'num_recs', 'sku', 'sku'])
  })

  it('is text around its variables, whatever stands there', () => {
    for (const text of ['}', '{', '{ a }', '-', '%}', 'a\n\n', '-}}', '{-', '100% {sku} #1 - 2']) {
      const template = `${text} {{ sku }} ${text} {{ persona }}${text}`
      expect([text, readTemplate(template)]).toEqual([text, { ok: true, variables: ['sku', 'persona'] }])
    }
  })

  it.each([
    '{{ a.b }}',
    '{{ a["b"] }}',
    '{{ a() }}',
    '{{ a|upper }}',
    '{{ a ~ b }}',
    '{{ a if b }}',
    '{{ 7*7 }}',
    '{{ "x" }}',
    '{{ }}',
    '{{ {{ a }} }}',
    '{{ a',
    '{% set a = 1 %}',
    '{%- raw -%}{{ a }}{%- endraw -%}',
    '{# {{ a }} #}',
    '{{ none }}',
    '{{ True }}',
    '{{ loop }}',
    '{{ ä }}',
    '{{ a\u0000 }}',
  ])('is refused when it holds anything else: %s', (text) => {
    expect(readTemplate(text).ok).toBe(false)
  })

  it.each([
    '{{'.repeat(65_000),
    '{ '.repeat(65_000),
    '{{a}}'.repeat(26_000),
    `{{${' '.repeat(130_000)}`,
    `{{${'a'.repeat(130_000)}`,
  ])('is read in one go however it is built', (text) => {
    expect(readTemplate(text).ok).toBe(!text.startsWith('{{') || text.startsWith('{{a}}'))
    expect(firstSku(text)).toBeNull()
  })
})

describe('a product code in a prompt', () => {
  it.each(['12345', 'B08XYZ', 'a1b2c', 'AB-12-C', 'x1-yz', '1'.repeat(30)])('is found: %s', (word) => {
    expect(firstSku(`Offer ${word}, please.`)).toBe(word)
  })
  it.each(['1234', '100ml', '25th', 'A1B', 'no-digits-here', '{{ sku12345 }}', 'ends 2024.'])(
    'is not seen in: %s',
    (text) => {
      expect(firstSku(text)).toBeNull()
    },
  )
})
