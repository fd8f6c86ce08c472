import { DEPTH_MAX_LEVELS } from './read-json'
import type { Slices } from './slices'

const [QUOTE, BACKSLASH, COMMA] = [0x22, 0x5c, 0x2c]
const [OPEN_LIST, OPEN_OBJECT, CLOSE_LIST, CLOSE_OBJECT] = [0x5b, 0x7b, 0x5d, 0x7d]
/** Bytes that are looked at between two looks at the clock. */
const STRIDE_BYTES = 262_144
const NAME = Buffer.from('"miner_task_results"')
/** Depth of a member of the outer object, and of an element of its list. */
const [MEMBER, ELEMENT] = [1, 2]

/** Where the list of results lies in the text of a progress. */
export interface Split {
  /** First byte within the list's brackets, and the byte of the closing one; undefined: there is no such list. */
  readonly list?: { readonly from: number; readonly to: number }
  /** Begin of each element; it ends where the next one's comma is. */
  readonly commas: readonly number[]
}

/**
 * Finds the list of results and its elements without reading them, in slices: nothing is checked but depth and nesting, because whoever
 * reads the pieces checks the rest.
 * @returns undefined: deeper than an answer of the contract is, or with two such lists
 */
export async function splitResults(bytes: Uint8Array, slices: Slices): Promise<Split | undefined> {
  const walk = new Walk(bytes)
  for (let to = 0; to < bytes.length; ) {
    to = Math.min(to + STRIDE_BYTES, bytes.length)
    if (!walk.on(to)) return undefined
    if (slices.isOver) await slices.rest()
  }
  return walk.split
}

class Walk {
  private at = 0
  private depth = 0
  private isInText = false
  private textFrom = 0
  /** Whether the newest text of the outer object was the list's name. */
  private isNamed = false
  private from: number | undefined
  private to: number | undefined
  private readonly commas: number[] = []

  constructor(private readonly bytes: Uint8Array) {}

  get split(): Split {
    const { from, to, commas } = this
    return { commas, ...(from !== undefined && to !== undefined && { list: { from, to } }) }
  }

  /** @returns false when it is no progress */
  on(end: number): boolean {
    const { bytes } = this
    for (; this.at < end; this.at++) {
      const byte = bytes[this.at]!
      if (this.isInText) {
        if (byte === BACKSLASH) this.at++
        else if (byte === QUOTE) this.endText()
      } else if (byte === QUOTE) {
        this.isInText = true
        this.textFrom = this.at
      } else if (byte === OPEN_LIST || byte === OPEN_OBJECT) {
        if (!this.open(byte)) return false
      } else if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) this.close()
      else if (byte === COMMA && this.depth === ELEMENT && this.isInList) this.commas.push(this.at)
    }
    return true
  }

  private get isInList(): boolean {
    return this.from !== undefined && this.to === undefined
  }

  private endText(): void {
    this.isInText = false
    if (this.depth !== MEMBER) return
    const text = this.bytes.subarray(this.textFrom, this.at + 1)
    this.isNamed = text.length === NAME.length && NAME.equals(text)
  }

  private open(byte: number): boolean {
    if (++this.depth > DEPTH_MAX_LEVELS) return false
    if (this.depth !== ELEMENT || byte !== OPEN_LIST || !this.isNamed) return true
    if (this.from !== undefined) return false
    this.from = this.at + 1
    return true
  }

  private close(): void {
    if (this.depth === ELEMENT && this.isInList) this.to = this.at
    this.depth--
  }
}
