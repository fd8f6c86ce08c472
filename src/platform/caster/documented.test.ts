import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { casterRules as rules } from '../../engine/systems/caster-rules'
import { casterEvents } from '../../log/events/platform/caster'
import { TestPlatform, TOKEN } from './test/test-platform'

const page = readFileSync(path.resolve(__dirname, '../../../docs/platforms/caster.md'), 'utf8')

/** Codes that the source writes: of refusals, and of deliveries that failed. */
function codesInSource(): string[] {
  const texts = readdirSync(__dirname, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .map((file) => readFileSync(path.join(__dirname, file), 'utf8'))
  const written =
    /(?:code: |fault\(\d{3}, |no\(\d{3}, |new Wrong\(|\bfail\(|failBatch\(route, |reason: )'([a-z]+(?:_[a-z0-9]+)+)'/g
  return [...new Set(texts.flatMap((text) => [...text.matchAll(written)].map(([, code]) => code!)))]
}

describe('the page about the platform', () => {
  it('has commands that work', async () => {
    const platform = await TestPlatform.start({ rules })
    try {
      const [, script] = /```sh\n([\s\S]*?)```/.exec(page)!
      const env = { ...process.env, BASE: platform.url, TOKEN }
      const { stdout } = await promisify(execFile)('bash', ['-e', '-c', script!], { env })
      expect(stdout).toContain('"accepted":true')
      expect(stdout).toContain('"allowlisted":true')
      expect(stdout).toContain('"batches":[]')
    } finally {
      await platform.close()
    }
  }, 30_000)

  it.each(Object.keys(casterEvents))('names the event %s', (type) => {
    expect(page).toContain(`\`${type}\``)
  })

  it('names every code', () => {
    const codes = codesInSource()
    expect(codes.length).toBeGreaterThan(40)
    expect(codes.filter((code) => !page.includes(`\`${code}\``)).sort()).toEqual([])
  })
})
