import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { projectRoot } from '../../database/project-root'

const read = (file: string) => readFileSync(path.join(projectRoot(), file), 'utf8')
const blocks = [
  ...read('docs/new-subnet-system.md').matchAll(/<!-- file: (\S+) -->\n```ts\n([\s\S]*?)```/g),
].map(([, file, text]) => [file!, text!] as const)

describe('docs/new-subnet-system.md', () => {
  it('shows every part of the example', () => {
    expect(blocks.map(([file]) => path.basename(file))).toEqual([
      'events.ts',
      'mechanism.ts',
      'platform.ts',
      'reads.ts',
      'system.ts',
    ])
  })

  it.each(blocks)('shows %s as it is', (file, text) => {
    expect(text).toBe(read(file))
  })
})
