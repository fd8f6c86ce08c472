import { compactFromU8a, compactToU8a, hexToU8a, u8aToHex } from '@polkadot/util'
import type { Block } from './block'
import { runtimeSpec } from './runtime-spec'

/** `System.Events` with its last event cut off: still decodable, and not what the block did. */
export function withoutLastEvent(block: Block, events: string): string {
  const { runtime } = runtimeSpec(block.specVersion)
  const bytes = hexToU8a(events)
  const count = Number(compactFromU8a(bytes)[1])
  if (count === 0) return events
  const records = runtime.scaleCodec.decodeBinary(runtime.description.eventRecordList, bytes) as unknown[]
  const kept = records
    .slice(0, -1)
    .map((record) => runtime.scaleCodec.encodeToHex(runtime.description.eventRecord, record).slice(2))
  return u8aToHex(compactToU8a(kept.length)) + kept.join('')
}
