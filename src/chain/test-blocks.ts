import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { gunzipSync } from 'node:zlib'
import { parseBlock } from '@subsquid/substrate-data/lib/parsing/block'
import { Runtime } from '@subsquid/substrate-runtime'
import { toJSON } from '@subsquid/util-internal-json'
import type { EventDraft } from '../log/envelope'
import type { DecodedBlock } from './decode/block'
import type { Netuids } from './decode/context'
import { callHandlers, decodeBlock, wantedEvents } from './decode/decode-block'
import { decodedBlockOf, type SubsquidBlock } from './decode/from-subsquid'
import type { StorageRead, StorageResult } from './decode/storage-read'
import { ChainState } from './state/chain-state'

export const sharedChain = path.join(
  process.env.SUBLEDGER_SHARED ?? path.resolve(__dirname, '../../../shared'),
  'chain',
)
export const hasShared = existsSync(sharedChain)

export function runtimeFrom(file: string, specVersion: number): Runtime {
  const hex = gunzipSync(readFileSync(path.join(sharedChain, file)))
    .toString()
    .trim()
  return new Runtime({ specName: 'node-subtensor', specVersion, implName: '', implVersion: 0 }, hex)
}

interface RawBlock {
  readonly number: number
  readonly hash: string
  readonly header: { readonly parentHash: string; readonly number: string }
  readonly extrinsics: readonly string[]
  readonly events: string | null
}

export function recordedBlocks(name: string): RawBlock[] {
  const lines = readFileSync(path.join(sharedChain, 'recordings', name), 'utf8')
    .trim()
    .split('\n')
  return lines.map((line) => JSON.parse(line) as RawBlock)
}

/** Subsquid's own parsing of calls and events, without a network, in the form the processor hands on. */
export function decodeRaw(raw: RawBlock, runtime: Runtime, previous: Runtime = runtime): DecodedBlock {
  const source = {
    height: raw.number,
    hash: raw.hash,
    block: { block: { header: raw.header, extrinsics: raw.extrinsics } },
    events: raw.events,
    runtime,
    runtimeOfPrevBlock: previous,
    runtimeVersion: { specName: '', specVersion: runtime.specVersion, implName: '', implVersion: 0 },
  }
  const isGenesis = raw.extrinsics.length === 0
  const parsed = parseBlock(source as never, {
    blockTimestamp: !isGenesis,
    events: true,
    extrinsics: { hash: false, fee: false },
  })
  // As the processor asks for them: wanted events with the call they belong to, and wanted calls.
  const events = parsed.events!.filter((e) => wantedEvents.includes(e.name))
  const calls = parsed.calls!.filter(
    (c) =>
      c.name in callHandlers ||
      events.some((e) => e.extrinsicIndex === c.extrinsicIndex && `${e.callAddress}` === `${c.address}`),
  )
  const block = {
    header: { ...parsed.header, _runtime: runtime, _runtimeOfPrevBlock: previous },
    events: events.map((e) => ({ ...e, args: toJSON(e.args) })),
    calls: calls.map((c) => ({ ...c, args: toJSON(c.args), origin: toJSON(c.origin) })),
  }
  return decodedBlockOf(block as unknown as SubsquidBlock)
}

export type Answer = (read: StorageRead, block: DecodedBlock) => StorageResult

/** Runs the decoder over blocks as the processor would, with storage answered by a function. */
export function decodeAll(
  blocks: Iterable<DecodedBlock>,
  netuids: Netuids,
  answer: Answer = () => 'unavailable',
  state = ChainState.empty(),
): { drafts: EventDraft[]; state: ChainState } {
  const drafts: EventDraft[] = []
  let first = true
  for (const block of blocks) {
    const run = decodeBlock(block, state, { netuids, openExisting: first })
    first = false
    let step = run.next()
    while (!step.done) step = run.next(answer(step.value, block))
    drafts.push(...step.value)
  }
  return { drafts, state }
}
