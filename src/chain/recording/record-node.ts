import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { rename, rm, writeFile } from 'node:fs/promises'
import { finished } from 'node:stream/promises'
import { RpcClient } from '@subsquid/rpc-client'
import { LedgerError } from '../../errors/ledger-error'
import { startReadAhead } from '../read-ahead/read-ahead'
import { SYSTEM_EVENTS_KEY } from './node-handler'

export interface RecordOptions {
  readonly url: string
  /** Heights, both included; `to` must be finalized. */
  readonly from: number
  readonly to: number
  /** The recording: JSON lines. Appears when it is whole. */
  readonly file: string
  /** Where the metadata of a spec version goes, as hex. */
  metadataFile(spec: number): string
}

/** Blocks asked for at once. */
const BLOCKS_PER_STEP = 50

/**
 * Writes finalized blocks of a node as a recording, with the metadata that they need.
 * @returns the metadata file of each spec version that occurs
 * @throws LedgerError SL-RECORD-RANGE when the node lacks a block of the range; what `startReadAhead` throws
 */
export async function recordNode(options: RecordOptions): Promise<Record<number, string>> {
  const { from, to, file } = options
  const readAhead = await startReadAhead({ upstreamUrl: options.url })
  const client = new RpcClient({ url: readAhead.url, maxBatchCallSize: BLOCKS_PER_STEP, log: null })
  const unfinished = `${file}.unfinished`
  const metadataFiles: Record<number, string> = {}
  try {
    const head = readAhead.stats().headHeight ?? -1
    if (from < 0 || from > to || to > head) throw rangeUnavailable(from, to, head)
    const out = createWriteStream(unfinished)
    for (let start = from; start <= to; start += BLOCKS_PER_STEP) {
      const lines = await recordLines(client, start, Math.min(to, start + BLOCKS_PER_STEP - 1))
      for (const { line, spec, executedBy } of lines) {
        if (metadataFiles[spec] === undefined) {
          metadataFiles[spec] = options.metadataFile(spec)
          await writeFile(metadataFiles[spec], await client.call<string>('state_getMetadata', [executedBy]))
        }
        if (!out.write(`${line}\n`)) await once(out, 'drain')
      }
    }
    out.end()
    await finished(out)
    await rename(unfinished, file)
    return metadataFiles
  } finally {
    client.close()
    await readAhead.close()
    await rm(unfinished, { force: true })
  }
}

interface Line {
  readonly line: string
  readonly spec: number
  /** Hash of the block whose state holds the runtime that executed this one. */
  readonly executedBy: string
}

async function recordLines(client: RpcClient, from: number, to: number): Promise<Line[]> {
  const heights = Array.from({ length: to - from + 1 }, (_, i) => from + i)
  const hashes = await client.batchCall<string>(
    heights.map((height) => ({ method: 'chain_getBlockHash', params: [height] })),
  )
  const at = (method: string, ...more: unknown[]) =>
    client.batchCall(hashes.map((hash) => ({ method, params: [...more, hash] })))
  const [blocks, events] = await Promise.all([
    at('chain_getBlock'),
    at('state_getStorageAt', SYSTEM_EVENTS_KEY),
  ])
  const executedBy = heights.map((height, i) =>
    height === 0 ? hashes[i]! : blocks[i].block.header.parentHash,
  )
  const versions = await client.batchCall<{ specVersion: number }>(
    executedBy.map((hash) => ({ method: 'state_getRuntimeVersion', params: [hash] })),
  )
  return heights.map((number, i) => {
    const { header, extrinsics } = blocks[i].block
    const spec = versions[i]!.specVersion
    const line = JSON.stringify({
      number,
      hash: hashes[i],
      spec,
      header,
      extrinsics,
      events: events[i] ?? null,
    })
    return { line, spec, executedBy: executedBy[i]! }
  })
}

function rangeUnavailable(from: number, to: number, head: number): LedgerError {
  return new LedgerError('SL-RECORD-RANGE', 'user', `Blocks ${from} to ${to} cannot be recorded.`, {
    remedy: `Choose heights from 0 to the finalized head (${head}), the lower one first.`,
    facts: { from, to, head },
  })
}
