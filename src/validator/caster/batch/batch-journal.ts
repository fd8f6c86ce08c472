import { type FileHandle, open } from 'node:fs/promises'
import { LedgerError } from '../../../errors/ledger-error'
import type { BatchSpec } from './batch-spec'
import type { CellResult } from './cell-result'

/** What is known of a batch, in the order in which it became known. */
export type JournalRecord =
  | { readonly kind: 'accepted'; readonly at: string; readonly body_sha256: string; readonly spec: BatchSpec }
  | { readonly kind: 'cell'; readonly result: CellResult }
  | { readonly kind: 'failed'; readonly at: string; readonly error: string }

const NEWLINE = 0x0a
/** References are in it: nobody else on this machine reads it. */
const PRIVATE = 0o600

/**
 * Lines of JSON, appended and forced to disk one by one, so that a killed validator goes on where it ended (gap C8). A last line
 * without its newline was never acknowledged: it is cut off.
 */
export class BatchJournal {
  private tail: Promise<void> = Promise.resolve()

  private constructor(
    private readonly file: FileHandle,
    /** Bytes that are whole records. */
    private size: number,
  ) {}

  /** @throws LedgerError SL-BATCH-JOURNAL when a whole line is no record */
  static async open(path: string, onRecord: (record: JournalRecord) => void): Promise<BatchJournal> {
    const file = await open(path, 'a+', PRIVATE)
    try {
      const bytes = await file.readFile()
      const end = bytes.lastIndexOf(NEWLINE) + 1
      if (end < bytes.length) {
        await file.truncate(end)
        await file.datasync()
      }
      let number = 0
      for (const line of linesOf(bytes.subarray(0, end))) onRecord(recordOf(line, path, ++number))
      return new BatchJournal(file, end)
    } catch (error) {
      await file.close()
      throw error
    }
  }

  /** Resolves when the record is on disk; records are written in the order of the calls. */
  append(record: JournalRecord): Promise<void> {
    const line = Buffer.from(`${JSON.stringify(record)}\n`)
    const written = this.tail.then(async () => {
      await this.file.appendFile(line)
      await this.file.datasync()
      this.size += line.length
    })
    // A failed write is the caller's to see; half of its line must not stand before the next one.
    this.tail = written.catch(() => this.file.truncate(this.size).catch(() => undefined))
    return written
  }

  async close(): Promise<void> {
    await this.tail
    await this.file.close()
  }
}

function* linesOf(bytes: Buffer): Generator<string> {
  for (let at = 0; at < bytes.length; ) {
    const end = bytes.indexOf(NEWLINE, at)
    yield bytes.toString('utf8', at, end)
    at = end + 1
  }
}

function recordOf(line: string, path: string, number: number): JournalRecord {
  try {
    const record = JSON.parse(line) as JournalRecord
    if (['accepted', 'cell', 'failed'].includes(record?.kind)) return record
  } catch {
    // Falls through: no JSON is no record either.
  }
  throw new LedgerError(
    'SL-BATCH-JOURNAL',
    'contradiction',
    `Line ${number} of a batch's journal is no record.`,
    {
      remedy: 'Restore the file, or move it away: the batch is then evaluated anew.',
      facts: { file: path, line: number },
    },
  )
}
