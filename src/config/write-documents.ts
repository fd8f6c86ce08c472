import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { configurationTable, environmentExample } from './document'

const TABLE = /\| variable \|[\s\S]*?\n(?=\n|$)/

/** `npm run docs`: writes what is made from the options into `.env.example` and docs/configuration.md. */
function writeDocuments(root: string): void {
  writeFileSync(path.join(root, '.env.example'), environmentExample())
  const file = path.join(root, 'docs/configuration.md')
  writeFileSync(
    file,
    readFileSync(file, 'utf8').replace(TABLE, () => configurationTable()),
  )
}

writeDocuments(process.cwd())
