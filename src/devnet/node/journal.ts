import { appendFileSync, existsSync, mkdirSync, readFileSync, truncateSync } from 'node:fs'
import path from 'node:path'
import { LedgerError } from '../../errors/ledger-error'

/**
 * Extrinsics that clients sent, by the height that took them, one JSON line each. The devnet lives in memory and
 * makes the same blocks again from its seed; with the journal also those that somebody else's transactions are in.
 */
export class Journal {
  private readonly byHeight = new Map<number, string[]>()
  private last = 0

  /** @throws LedgerError SL-DEVNET-JOURNAL when the file belongs to another chain or is damaged */
  constructor(
    private readonly file: string,
    genesisHash: string,
  ) {
    if (!existsSync(file)) {
      mkdirSync(path.dirname(file), { recursive: true })
      appendFileSync(file, `${JSON.stringify({ genesisHash })}\n`)
      return
    }
    const text = readFileSync(file, 'utf8')
    // A last line without its end was being written when the process was killed.
    const complete = text.slice(0, text.lastIndexOf('\n') + 1)
    if (complete !== text) truncateSync(file, Buffer.byteLength(complete))
    const [first, ...lines] = complete
      .split('\n')
      .slice(0, -1)
      .map((line) => parse(file, line))
    if (first?.genesisHash !== genesisHash) throw otherChain(file, genesisHash)
    for (const { height, extrinsic } of lines) {
      if (typeof height !== 'number' || typeof extrinsic !== 'string') throw damaged(file)
      this.byHeight.set(height, [...this.at(height), extrinsic])
      this.last = Math.max(this.last, height)
    }
  }

  /** The last height that the journal knows; up to it blocks are made again. */
  get lastHeight(): number {
    return this.last
  }

  at(height: number): readonly string[] {
    return this.byHeight.get(height) ?? []
  }

  add(height: number, extrinsics: readonly string[]): void {
    if (extrinsics.length === 0 || height <= this.last) return
    const lines = extrinsics.map((extrinsic) => `${JSON.stringify({ height, extrinsic })}\n`)
    appendFileSync(this.file, lines.join(''))
  }
}

function parse(file: string, line: string): Record<string, unknown> {
  try {
    return JSON.parse(line)
  } catch {
    throw damaged(file)
  }
}

function otherChain(file: string, genesisHash: string): LedgerError {
  return new LedgerError('SL-DEVNET-JOURNAL', 'user', `${file} holds transactions of another devnet.`, {
    remedy: 'Start with the seed of before, or move the file away.',
    facts: { file, genesisHash },
  })
}

function damaged(file: string): LedgerError {
  return new LedgerError('SL-DEVNET-JOURNAL', 'user', `${file} is damaged.`, {
    remedy: 'Move the file away; the devnet starts anew without the transactions that were sent to it.',
    facts: { file },
  })
}
