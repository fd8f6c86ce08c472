import { readFileSync } from 'node:fs'
import path from 'node:path'
import { projectRoot } from '../database/project-root'

let known: string | undefined

/** Version of the running package. */
export function version(): string {
  known ??= String(JSON.parse(readFileSync(path.join(projectRoot(), 'package.json'), 'utf8')).version)
  return known
}
