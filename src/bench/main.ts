import { readdirSync } from 'node:fs'
import path from 'node:path'
import { machine } from './figure'

type Bench = { run?: () => Promise<Record<string, unknown>[]> }

/** Files of this folder that measure nothing by themselves. */
const PARTS = new Set([
  'main',
  'figure',
  'run-timed',
  'bare-processor',
  'full-indexer',
  'bench-postgres',
  'cpu-seconds',
  'raw-copy',
  'rebuild-log',
])

async function main(chosen: readonly string[]): Promise<void> {
  const known = readdirSync(__dirname)
    .filter((it) => it.endsWith('.js') && !it.endsWith('.test.js'))
    .map((it) => path.basename(it, '.js'))
    .filter((it) => !PARTS.has(it))
    .sort()
  const unknown = chosen.filter((it) => !known.includes(it))
  if (unknown.length > 0) {
    console.error(`No such bench: ${unknown.join(', ')}. There are: ${known.join(', ')}.`)
    process.exit(2)
  }
  print(machine())
  let failed = false
  for (const name of chosen.length > 0 ? chosen : known) {
    const { run } = require(path.join(__dirname, name)) as Bench
    if (run === undefined) continue
    for (const line of await run()) {
      failed ||= line.pass === false
      print(line)
    }
  }
  process.exitCode = failed ? 1 : 0
}

const print = (line: Record<string, unknown>): void => console.log(JSON.stringify(line))

main(process.argv.slice(2)).catch((error) => {
  console.error(error)
  process.exit(1)
})
