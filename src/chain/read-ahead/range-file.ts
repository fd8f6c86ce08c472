import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { deflateRaw, inflateRaw } from 'node:zlib'
import type { RawBlock } from './raw-block'

/**
 * One range of finalized blocks as a file:
 *
 *     magic (8 bytes) ++ SHA-256 of the rest (32 bytes) ++ raw deflate of lines
 *
 * The first line is JSON about the range; then three lines a block: JSON of its facts, its block text, its
 * events text. A file that was torn by a crash or whose bits have flipped fails the hash, and is fetched anew.
 */
const MAGIC = Buffer.from('SLBLOCK1')
const HASH_BYTES = 32
const HEAD_BYTES = MAGIC.length + HASH_BYTES
/** A range of the largest blocks that Subtensor allows stays far below. */
const MAX_INFLATED_BYTES = 1024 * 1024 * 1024

export interface CachedRange {
  readonly blocks: RawBlock[]
  /** Whether a second node confirmed every block. */
  readonly compared: boolean
}

const deflate = promisify<Buffer, { level: number }, Buffer>(deflateRaw)
const inflate = promisify<Buffer, { maxOutputLength: number }, Buffer>(inflateRaw)

export async function encodeRange({ blocks, compared }: CachedRange): Promise<Buffer> {
  const lines = [JSON.stringify({ compared, count: blocks.length })]
  for (const { height, hash, parentHash, runtimeId, blockText, eventsText } of blocks) {
    lines.push(JSON.stringify({ height, hash, parentHash, runtimeId }), blockText, eventsText)
  }
  // Level 1: hex shrinks to less than half at any level, and the processor wants the cores.
  const body = await deflate(Buffer.from(lines.join('\n'), 'utf8'), { level: 1 })
  return Buffer.concat([MAGIC, sha256(body), body])
}

/** Undefined when the file is not what was written. */
export async function decodeRange(file: Buffer): Promise<CachedRange | undefined> {
  if (file.length <= HEAD_BYTES || !file.subarray(0, MAGIC.length).equals(MAGIC)) return undefined
  const body = file.subarray(HEAD_BYTES)
  if (!sha256(body).equals(file.subarray(MAGIC.length, HEAD_BYTES))) return undefined
  const lines = (await inflate(body, { maxOutputLength: MAX_INFLATED_BYTES })).toString('utf8').split('\n')
  const { compared, count } = JSON.parse(lines[0]!) as { compared: boolean; count: number }
  const blocks = Array.from({ length: count }, (_, i): RawBlock => {
    const facts = JSON.parse(lines[1 + 3 * i]!) as Omit<RawBlock, 'blockText' | 'eventsText'>
    return { ...facts, blockText: lines[2 + 3 * i]!, eventsText: lines[3 + 3 * i]! }
  })
  return { blocks, compared }
}

const sha256 = (bytes: Buffer): Buffer => createHash('sha256').update(bytes).digest()
