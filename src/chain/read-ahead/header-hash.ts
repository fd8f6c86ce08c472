import { blake2b } from '@noble/hashes/blake2b'
import type { NodeHeader } from './raw-block'

/**
 * Hash of a Substrate header: BLAKE2b-256 over its SCALE bytes (sp_runtime::generic::Header with BlakeTwo256).
 * @returns 0x-prefixed hex
 */
export function headerHash(header: NodeHeader): string {
  const { logs } = header.digest
  const bytes = Buffer.concat([
    hexBytes(header.parentHash),
    compact(Number.parseInt(header.number, 16)),
    hexBytes(header.stateRoot),
    hexBytes(header.extrinsicsRoot),
    compact(logs.length),
    ...logs.map(hexBytes),
  ])
  return `0x${Buffer.from(blake2b(bytes, { dkLen: 32 })).toString('hex')}`
}

const hexBytes = (hex: string): Buffer => Buffer.from(hex.slice(2), 'hex')

/** SCALE compact integer below 2^30, which heights and counts of logs are. */
function compact(value: number): Buffer {
  if (value < 1 << 6) return Buffer.from([value << 2])
  if (value < 1 << 14) {
    const two = Buffer.alloc(2)
    two.writeUInt16LE((value << 2) | 1)
    return two
  }
  if (value >= 1 << 30) throw new RangeError(`${value} is not below 2^30`)
  const four = Buffer.alloc(4)
  four.writeUInt32LE(((value << 2) | 2) >>> 0)
  return four
}
