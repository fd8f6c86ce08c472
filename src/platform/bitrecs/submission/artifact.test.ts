import { describe, expect, it } from 'vitest'
import { artifactOf, yamlOf } from '../test/test-miner'
import { parseArtifact } from './artifact'

const code = (content: string) => {
  const parsed = parseArtifact(content)
  return parsed.ok ? 'ok' : [parsed.refusal.code, parsed.refusal.extra?.details]
}

describe('an artifact in YAML', () => {
  it('is read with whatever else stands in it', () => {
    expect(code(yamlOf({ ...artifactOf('a', '5X'), unheard_of: [1, 2], top: null }))).toBe('ok')
  })

  it('may use a few aliases', () => {
    const fewshot = 'fewshot_examples:\n- &e {role: user, content: hi}\n- *e\n'
    const { fewshot_examples: _, ...rest } = artifactOf('a', '5X')
    const yaml = Object.entries(rest).map(([key, value]) => `${key}: ${JSON.stringify(value)}\n`)
    expect(code(yaml.join('') + fewshot)).toBe('ok')
  })

  it.each([
    [
      'twenty thousand keys',
      Array.from({ length: 20_000 }, (_, i) => `k${i}: 1`).join('\n'),
      'yaml_too_large',
    ],
    ['twenty thousand aliases', `a: &a 1\nb: [${'*a,'.repeat(20_000)}]`, 'yaml_too_large'],
    [
      'twenty thousand anchors',
      Array.from({ length: 20_000 }, (_, i) => `- &a${i} 1`).join('\n'),
      'yaml_too_large',
    ],
    ['a quarter of a megabyte of commas', `[${','.repeat(262_000)}`, 'yaml_too_large'],
    ['eight hundred aliases', `a: &a 1\nb: [${'*a,'.repeat(800)}]`, 'yaml_invalid'],
    ['thousands of commas', `[${','.repeat(7_900)}`, 'yaml_invalid'],
    ['a second document', 'a: 1\n---\nb: 2', 'yaml_invalid'],
    ['a line of blanks', `${' '.repeat(250_000)}a`, 'artifact_schema'],
    ['an unclosed text', `a: "${'x '.repeat(120_000)}`, 'yaml_invalid'],
    ['an endless comment', `#${'#'.repeat(250_000)}`, 'artifact_schema'],
    ['an endless block', `a: |\n${' x\n'.repeat(80_000)}`, 'artifact_schema'],
    ['an endless folded text', `a: >\n${' x\n'.repeat(80_000)}`, 'artifact_schema'],
    ['an endless plain text', `a:\n${' x\n'.repeat(80_000)}`, 'artifact_schema'],
    ['an endless number', `a: ${'1_'.repeat(120_000)}`, 'artifact_schema'],
    ['an endless time', `a: ${'1:'.repeat(120_000)}1`, 'artifact_schema'],
    ['an endless base64', `a: !!binary ${'A'.repeat(250_000)}`, 'yaml_invalid'],
    ['an endless anchor', `a: &${'a'.repeat(250_000)} 1`, 'artifact_schema'],
    ['an endless tag', `a: !${'a'.repeat(250_000)} 1`, 'yaml_invalid'],
    ['an endless text', `a: "${'\\n'.repeat(130_000)}"`, 'artifact_schema'],
    ['a key twice in a mapping below', 'a: {b: 1, "b": 2}', 'yaml_invalid'],
    ['an alias of itself', 'a: &a [*a]', 'yaml_'],
    ['a merge of the language', '<<: {name: x}', 'artifact_schema'],
    ['half of a character', 'name: "\\ud800"', 'yaml_invalid'],
    ['nothing', '', 'artifact_schema'],
  ])('%s is refused', (_, content, expected) => {
    expect(code(content)[0]).toContain(expected)
  })
})
