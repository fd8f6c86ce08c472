import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'

const root = path.resolve(__dirname, '../..')

function codesInSource(): Set<string> {
  const files = ['src', 'abi'].flatMap((top) =>
    readdirSync(path.join(root, top), { recursive: true, encoding: 'utf8' })
      .filter((f) => f.endsWith('.ts') && !f.endsWith('.test.ts'))
      .map((f) => path.join(root, top, f)),
  )
  const texts = files.map((f) => readFileSync(f, 'utf8'))
  const whole = texts.flatMap((text) => text.match(/(?<=['`])SL-[A-Z0-9]+(-[A-Z0-9]+)*(?=['` ])/g) ?? [])
  return new Set([...whole, ...faultsOfRecordings(texts)])
}

/** These codes are put together: `SL-RECORDING-${fault}`. */
function faultsOfRecordings(texts: readonly string[]): string[] {
  const union = texts.map((text) => /type RecordingFault = (.+)/.exec(text)?.[1]).find(Boolean) ?? ''
  return [...union.matchAll(/'([A-Z]+)'/g)].map((m) => `SL-RECORDING-${m[1]}`)
}

describe('docs/errors.md', () => {
  const documented = new Set(readFileSync(path.join(root, 'docs/errors.md'), 'utf8').match(/SL-[A-Z0-9-]+/g))

  it('lists every error code that the program can show', () => {
    expect([...codesInSource()].filter((code) => !documented.has(code)).sort()).toEqual([])
  })

  it('lists no code that the program does not know', () => {
    const known = codesInSource()
    expect([...documented].filter((code) => !known.has(code)).sort()).toEqual([])
  })
})
