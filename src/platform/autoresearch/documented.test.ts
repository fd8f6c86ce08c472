import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { autoresearchRules as rules } from '../../engine/systems/autoresearch-rules'
import { autoresearchEvents } from '../../log/events/platform/autoresearch'
import { autoresearchReads } from '../../projections/autoresearch'
import { TestPlatform, TOKEN } from './test/test-platform'

const page = readFileSync(path.resolve(__dirname, '../../../docs/platforms/autoresearch.md'), 'utf8')

describe('the page about the platform', () => {
  it('has commands that work', async () => {
    const platform = await TestPlatform.start({ rules, validators: '' })
    try {
      const [, script] = /```sh\n([\s\S]*?)```/.exec(page)!
      const env = { ...process.env, BASE: platform.url, TOKEN }
      const { stdout } = await promisify(execFile)('bash', ['-e', '-c', script!], { env })
      expect(stdout).toContain('"slug":"my-task"')
      expect(stdout).toContain('"reward_policy"')
    } finally {
      await platform.close()
    }
  }, 30_000)

  it.each(Object.keys(autoresearchEvents))('names the event %s', (type) => {
    expect(page).toContain(`\`${type}\``)
  })

  it.each(autoresearchReads.entities.map(({ query }) => query))('names the list %s', (query) => {
    expect(page).toContain(`\`${query}\``)
  })
})
