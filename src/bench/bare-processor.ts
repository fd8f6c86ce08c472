import { mkdirSync, mkdtempSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { SubstrateBatchProcessor } from '@subsquid/substrate-processor'
import { TypeormDatabase } from '@subsquid/typeorm-store'
import { callHandlers, wantedEvents } from '../chain/decode/decode-block'

export interface Timing {
  /** Blocks, and the time they took (ms) since the database was connected, or since the first batch without one. */
  readonly blocks: number
  readonly elapsedMs: number
  /** Processor time of the process meanwhile (ms): what other work on the machine cannot change much. */
  readonly cpuMs: number
}

export function cpuMsSince(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start)
  return (user + system) / 1_000
}

/** Asks for what the ledger's own processor asks for; nothing is done with it. */
export function emptyProcessor(url: string, to: number): SubstrateBatchProcessor {
  return new SubstrateBatchProcessor()
    .setRpcEndpoint({ url, capacity: 20, maxBatchCallSize: 100, requestTimeout: 60_000 })
    .setRpcDataIngestionSettings({ headPollInterval: 500 })
    .setFields({
      block: { timestamp: true },
      event: { name: true, args: true, phase: true },
      call: { name: true, args: true, origin: true, success: true },
    })
    .includeAllBlocks({ from: 0 })
    .setBlockRange({ from: 0, to })
    .addEvent({ name: [...wantedEvents], call: true })
    .addCall({ name: Object.keys(callHandlers) }) as SubstrateBatchProcessor
}

/** Keeps nothing: what is measured is ingestion and decoding alone. */
const nowhere = {
  supportsHotBlocks: false as const,
  connect: async () => ({ height: -1, hash: '0x' }),
  transact: (_info: unknown, handle: (store: undefined) => Promise<void>) => handle(undefined),
}

/** `TypeormDatabase` insists on a compiled model; ours would give it tables that it does not need. */
function projectWithoutModel(): string {
  const dir = mkdtempSync(path.join(os.tmpdir(), 'subledger-bench-'))
  mkdirSync(path.join(dir, 'lib'))
  writeFileSync(path.join(dir, 'lib/model.js'), '')
  process.on('exit', () => rmSync(dir, { recursive: true, force: true }))
  return dir
}

/** Entry of a process of its own: `run` ends it when the range is read. Prints one line of JSON. */
function main([url, to, database]: string[]): void {
  let begun: { at: bigint; cpu: NodeJS.CpuUsage } | undefined
  let blocks = 0
  const begin = (): void => {
    begun = { at: process.hrtime.bigint(), cpu: process.cpuUsage() }
  }
  const note = (count: number): void => {
    if (begun === undefined) begin()
    else blocks += count
  }
  process.on('exit', () => {
    const elapsedMs = begun === undefined ? 0 : Number(process.hrtime.bigint() - begun.at) / 1e6
    const cpuMs = begun === undefined ? 0 : cpuMsSince(begun.cpu)
    writeSync(1, `${JSON.stringify({ blocks, elapsedMs, cpuMs } satisfies Timing)}\n`)
  })
  const processor = emptyProcessor(url!, Number(to))
  if (database === 'typeorm') {
    const store = new TypeormDatabase({ supportHotBlocks: false, projectDir: projectWithoutModel() })
    const connect = store.connect.bind(store)
    store.connect = async () => {
      const head = await connect()
      begin()
      return head
    }
    processor.run(store, async (ctx) => note(ctx.blocks.length))
  } else {
    processor.run(nowhere, async (ctx) => note(ctx.blocks.length))
  }
}

if (require.main === module) main(process.argv.slice(2))
