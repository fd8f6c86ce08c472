import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TestPlatform } from './test/test-platform'

const text = readFileSync(path.resolve(__dirname, '../../../docs/platforms/bitrecs.md'), 'utf8')
const examples = [...text.matchAll(/```sh\n(curl [\s\S]*?)```\s*```json\n([\s\S]*?)```/g)].map(
  ([, command, answer]) => [command!, JSON.parse(answer!) as unknown] as const,
)

describe('docs/platforms/bitrecs.md', () => {
  let platform: TestPlatform
  beforeAll(async () => {
    platform = await TestPlatform.start()
  })
  afterAll(() => platform.close())

  it('has examples', () => expect(examples.length).toBeGreaterThanOrEqual(2))

  it.each(examples)('answers as it says: %s', async (command, answer) => {
    const here = command.replaceAll('http://127.0.0.1:4350', platform.address)
    const { stdout } = await promisify(execFile)('sh', ['-c', here])
    expect(JSON.parse(stdout)).toEqual(answer)
  })
})
