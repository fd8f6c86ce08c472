import { SubstrateBatchProcessor } from '@subsquid/substrate-processor'

/** A block as Subsquid decodes it, as JSON text that can be compared. */
export interface ReadBlock {
  readonly height: number
  readonly hash: string
  readonly text: string
}

/** What of the processor is private: `run` ends the whole process, so that tests drive its source. */
interface Ingestion {
  getBatchRequests(): unknown[]
  getRpcDataSource(): {
    rpc?: unknown
    getFinalizedBlocks(requests: unknown[], stopOnHead: boolean): AsyncIterable<{ blocks: SubsquidBlock[] }>
  }
}

interface SubsquidBlock {
  header: { height: number; hash: string }
  extrinsics: { index: number; hash: string; success: boolean }[]
  calls: { address: number[]; extrinsicIndex: number; name: string; args: unknown; success: boolean }[]
  events: { index: number; name: string; args: unknown; phase: string }[]
}

/** Reads finalized blocks through Subsquid's own ingestion until `to`, or until the head without it. */
export async function readBlocks(url: string, from: number, to?: number): Promise<ReadBlock[]> {
  const processor = new SubstrateBatchProcessor()
    .setRpcEndpoint({ url, capacity: 20, requestTimeout: 10_000 })
    .setRpcDataIngestionSettings({ headPollInterval: 100 })
    .setBlockRange(to === undefined ? { from } : { from, to })
    .setFields({
      block: { timestamp: true },
      event: { name: true, args: true, phase: true },
      call: { name: true, args: true, origin: true, success: true, error: true },
      extrinsic: { hash: true, success: true },
    })
    .addEvent({ call: true, extrinsic: true })
    .addCall({ extrinsic: true }) as unknown as Ingestion
  const read: ReadBlock[] = []
  const source = processor.getRpcDataSource()
  for await (const { blocks } of source.getFinalizedBlocks(processor.getBatchRequests(), true)) {
    for (const block of blocks) read.push(describeBlock(block))
  }
  return read
}

function describeBlock({ header, extrinsics, calls, events }: SubsquidBlock): ReadBlock {
  const text = JSON.stringify(
    {
      extrinsics: extrinsics.map(({ index, hash, success }) => ({ index, hash, success })),
      calls: calls.map(({ address, extrinsicIndex, name, args, success }) => ({
        address,
        extrinsicIndex,
        name,
        args,
        success,
      })),
      events: events.map(({ index, name, args, phase }) => ({ index, name, args, phase })),
    },
    (_key, value) => (typeof value === 'bigint' ? value.toString() : value),
  )
  return { height: header.height, hash: header.hash, text }
}
