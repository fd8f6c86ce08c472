import { createReadStream } from 'node:fs'

export interface FileLine {
  readonly text: string
  /** Counted from 1. */
  readonly line: number
  /** Bytes from the start of the file to the start of the line. */
  readonly offset: number
  readonly bytes: number
}

/** The longest line that is read; a block of the chain is far below. */
export const MAX_LINE_BYTES = 64 * 1024 * 1024

const NEWLINE = 0x0a

/** Lines with their place in the file, so that they can be read again without keeping them. */
export async function* fileLines(file: string): AsyncGenerator<FileLine> {
  let parts: Buffer[] = []
  let pendingBytes = 0
  let offset = 0
  let line = 1
  const take = (last: Buffer): FileLine => {
    const bytes = pendingBytes + last.length
    const text = (parts.length === 0 ? last : Buffer.concat([...parts, last], bytes)).toString('utf8')
    const found = { text, line, offset, bytes }
    parts = []
    pendingBytes = 0
    offset += bytes + 1
    line += 1
    return found
  }
  for await (const chunk of createReadStream(file, { highWaterMark: 256 * 1024 }) as AsyncIterable<Buffer>) {
    let start = 0
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      yield take(chunk.subarray(start, end))
      start = end + 1
    }
    if (start === chunk.length) continue
    parts.push(chunk.subarray(start))
    pendingBytes += chunk.length - start
    if (pendingBytes > MAX_LINE_BYTES)
      throw new RangeError(`line ${line} is longer than ${MAX_LINE_BYTES} bytes`)
  }
  if (pendingBytes > 0) yield take(Buffer.alloc(0))
}
