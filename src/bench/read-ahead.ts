import { startReadAhead } from '../chain/read-ahead/read-ahead'
import { figure, median } from './figure'
import { runTimed } from './run-timed'
import { writeSourceFiles } from './source/source-files'
import { startSource } from './source/start-source'

const LATENCY_MS = 100
const ROUNDS = 3
/** Long enough that the time is spent reading, not starting. */
const BLOCKS_WITH = 6_000
const BLOCKS_WITHOUT = 300

/** Subsquid's processor with an empty handler, reading a node 100 ms away: through the read-ahead, and directly. */
export async function run(): Promise<Record<string, unknown>[]> {
  const files = await writeSourceFiles(BLOCKS_WITH)
  const node = await startSource(files, LATENCY_MS)
  const withIt: number[] = []
  const without: number[] = []
  try {
    for (let round = 0; round < ROUNDS; round += 1) {
      without.push(await speed(node.wsUrl, BLOCKS_WITHOUT))
      // No disk cache: every round fetches from the node. Its work is done in this process.
      const readAhead = await startReadAhead({ upstreamUrl: node.wsUrl })
      withIt.push(await speed(readAhead.url, BLOCKS_WITH))
      await readAhead.close()
    }
  } finally {
    await node.stop()
    files.remove()
  }
  const bench = 'read-ahead'
  const unit = 'blocks/s'
  const conditions = `at ${LATENCY_MS} ms`
  return [
    figure({
      bench,
      metric: `with read-ahead ${conditions}`,
      value: median(withIt),
      unit,
      target: { atLeast: 400 },
      rounds: withIt,
    }),
    figure({
      bench,
      metric: `without read-ahead ${conditions}`,
      value: median(without),
      unit,
      rounds: without,
    }),
    figure({
      bench,
      metric: 'speed-up',
      value: median(withIt) / median(without),
      unit: 'times',
      target: { atLeast: 8 },
      ratioOf: 'the same processor with and without the read-ahead',
    }),
  ]
}

async function speed(url: string, blocks: number): Promise<number> {
  return (await runTimed('bare-processor.js', [url, String(blocks - 1)])).blocksPerSecond
}
