import { once } from 'node:events'
import { createWriteStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { finished } from 'node:stream/promises'
import { runtimeSpec } from '../../devnet/node/runtime-spec'
import { SYNTHETIC_SPEC, syntheticBlocks } from './synthetic-blocks'

export interface SourceFiles {
  readonly recording: string
  readonly metadata: string
  readonly blocks: number
  remove(): void
}

/** Writes the synthetic chain as a recording, so that the node that serves it needs no memory for it. */
export async function writeSourceFiles(blocks: number): Promise<SourceFiles> {
  const dir = mkdtempSync(path.join(os.tmpdir(), 'subledger-bench-'))
  const recording = path.join(dir, 'blocks.jsonl')
  const metadata = path.join(dir, 'metadata.hex')
  writeFileSync(metadata, runtimeSpec(SYNTHETIC_SPEC).metadata)
  const out = createWriteStream(recording)
  for (const { height, ...rest } of syntheticBlocks(blocks)) {
    if (!out.write(`${JSON.stringify({ number: height, ...rest })}\n`)) await once(out, 'drain')
  }
  out.end()
  await finished(out)
  return { recording, metadata, blocks, remove: () => rmSync(dir, { recursive: true, force: true }) }
}
