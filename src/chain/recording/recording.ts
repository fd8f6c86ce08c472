import { closeSync, openSync, readSync } from 'node:fs'
import { fileLines } from './file-lines'
import { parseRecordedBlock, type RecordedBlock } from './recorded-block'
import { recordingError } from './recording-error'

/** Blocks kept parsed: a reader asks for a block and for its events shortly after each other. */
const MAX_PARSED_BLOCKS = 256

/** A checked recording: every line is a block, heights follow each other and so do the parent hashes. */
export class Recording {
  private readonly heights = new Map<string, number>()
  private readonly places: { offset: number; bytes: number }[] = []
  private readonly specs: number[] = []
  private readonly parsed = new Map<number, RecordedBlock>()
  private descriptor: number | undefined
  firstHeight = 0
  /** Whether `spec` is what the block reports (its own upgrade included) and not what it was executed under. */
  private specIsReported = false

  private constructor(readonly file: string) {}

  /** @throws LedgerError SL-RECORDING-MISSING, -LINE, -GAP, -PARENT, -EMPTY, with the line */
  static async open(file: string): Promise<Recording> {
    const recording = new Recording(file)
    try {
      await recording.index()
      recording.descriptor = openSync(file, 'r')
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code?.startsWith('SL-')) throw error
      if (error instanceof RangeError) throw recordingError('LINE', file, 0, `${error.message}.`, error)
      throw recordingError('MISSING', file, 0, 'it cannot be read.', error)
    }
    return recording
  }

  get lastHeight(): number {
    return this.firstHeight + this.places.length - 1
  }

  get specVersions(): ReadonlySet<number> {
    return new Set(this.specs)
  }

  heightOf(hash: string): number | undefined {
    return this.heights.get(hash)
  }

  /** Line of the file on which the spec version occurs first. */
  firstLineOfSpec(spec: number): number {
    return this.specs.indexOf(spec) + 1
  }

  block(height: number): RecordedBlock | undefined {
    const place = this.places[height - this.firstHeight]
    if (place === undefined || this.descriptor === undefined) return undefined
    const known = this.parsed.get(height)
    if (known !== undefined) return known
    const bytes = Buffer.allocUnsafe(place.bytes)
    readSync(this.descriptor, bytes, 0, place.bytes, place.offset)
    const block = parseRecordedBlock(bytes.toString('utf8'))
    if (typeof block === 'string') {
      throw recordingError(
        'LINE',
        this.file,
        height - this.firstHeight + 1,
        `changed while in use: ${block}.`,
      )
    }
    this.parsed.set(height, block)
    if (this.parsed.size > MAX_PARSED_BLOCKS) this.parsed.delete(this.parsed.keys().next().value!)
    return block
  }

  /**
   * Spec version that the state after the block holds, as `state_getRuntimeVersion` answers: a block that
   * upgrades the runtime runs under the old one and reports the new one.
   */
  reportedSpec(height: number): number | undefined {
    const position = height - this.firstHeight
    if (this.specIsReported) return this.specs[position]
    return this.specs[position + 1] ?? this.specs[position]
  }

  close(): void {
    if (this.descriptor !== undefined) closeSync(this.descriptor)
    this.descriptor = undefined
  }

  private async index(): Promise<void> {
    let parent: RecordedBlock | undefined
    for await (const { text, line, offset, bytes } of fileLines(this.file)) {
      if (text.trim() === '') continue
      const block = parseRecordedBlock(text)
      if (typeof block === 'string') throw recordingError('LINE', this.file, line, `${block}.`)
      if (parent === undefined) this.firstHeight = block.height
      else this.checkSuccessor(parent, block, line)
      this.places.push({ offset, bytes })
      this.specs.push(block.spec)
      this.heights.set(block.hash, block.height)
      parent = block
    }
    if (parent === undefined) throw recordingError('EMPTY', this.file, 0, 'it holds no block.')
  }

  private checkSuccessor(parent: RecordedBlock, block: RecordedBlock, line: number): void {
    if (block.height !== parent.height + 1) {
      const found = `block ${block.height} follows block ${parent.height}.`
      throw recordingError('GAP', this.file, line, found)
    }
    if (block.header.parentHash !== parent.hash) {
      const found = `block ${block.height} names ${block.header.parentHash} as its parent, block ${parent.height} is ${parent.hash}.`
      throw recordingError('PARENT', this.file, line, found)
    }
    // Substrate marks the upgrading block by this digest: a spec that changes there is the reported one.
    if (block.spec !== parent.spec && block.header.digest.logs.includes(RUNTIME_ENVIRONMENT_UPDATED)) {
      this.specIsReported = true
    }
  }
}

/** sp_runtime::DigestItem::RuntimeEnvironmentUpdated, SCALE. */
const RUNTIME_ENVIRONMENT_UPDATED = '0x08'
