import { createHash } from 'node:crypto'
import { CacheFolder, type FolderProblems } from './cache-folder'
import { RANGE_BLOCKS } from './limits'
import { type CachedRange, decodeRange, encodeRange } from './range-file'
import type { RawBlock } from './raw-block'

/** Ranges of one folder: 256, so that no folder grows long. */
const RANGES_PER_FOLDER = 256

export interface CacheProblems extends FolderProblems {
  /** A cached range was damaged; it was dropped and is fetched anew. */
  damaged(range: number): void
}

/** Finalized raw blocks on disk, by chain (genesis hash), so that indexing again needs no network. */
export class BlockCache {
  private constructor(
    private readonly folder: CacheFolder,
    private readonly chain: string,
    private readonly problems: CacheProblems,
  ) {}

  static async open(dir: string, maxBytes: number, problems: CacheProblems): Promise<CacheFolder> {
    return CacheFolder.open(dir, maxBytes, problems)
  }

  static forChain(folder: CacheFolder, genesisHash: string, problems: CacheProblems): BlockCache {
    return new BlockCache(folder, genesisHash.slice(2), problems)
  }

  get bytes(): number {
    return this.folder.bytes
  }

  /** The range, when it is there whole: as written, of this chain, and confirmed if that is asked for. */
  async readRange(range: number, needsCompared: boolean): Promise<RawBlock[] | undefined> {
    const name = this.rangeName(range)
    const file = await this.folder.read(name)
    if (file === undefined) return undefined
    const cached = await decodeRange(file).catch(() => undefined)
    if (cached === undefined || !isRange(cached.blocks, range)) {
      await this.folder.remove(name)
      this.problems.damaged(range)
      return undefined
    }
    return needsCompared && !cached.compared ? undefined : cached.blocks
  }

  async writeRange(range: number, cached: CachedRange): Promise<boolean> {
    return this.folder.write(this.rangeName(range), await encodeRange(cached))
  }

  /** The highest range on disk, which serves as the head while the node cannot be reached. */
  async highestRange(): Promise<number | undefined> {
    const folders = await this.folder.names(`${this.chain}/blocks`)
    for (const folder of folders.sort().reverse()) {
      const files = await this.folder.names(`${this.chain}/blocks/${folder}`)
      const ranges = files.filter((it) => /^\d+$/.test(it)).map(Number)
      if (ranges.length > 0) return Math.max(...ranges)
    }
    return undefined
  }

  readText(kind: 'version' | 'metadata', id: string): Promise<string | undefined> {
    return this.folder.read(`${this.chain}/runtimes/${id}.${kind}`).then(openSealed)
  }

  async writeText(kind: 'version' | 'metadata', id: string, text: string): Promise<void> {
    await this.folder.write(`${this.chain}/runtimes/${id}.${kind}`, sealed(text))
  }

  /** An answer about the state of a finalized block, by the digest of the question. */
  readAnswer(question: string): Promise<string | undefined> {
    return this.folder.read(this.answerName(question)).then(openSealed)
  }

  async writeAnswer(question: string, text: string): Promise<void> {
    await this.folder.write(this.answerName(question), sealed(text))
  }

  private rangeName(range: number): string {
    const folder = Math.floor(range / RANGES_PER_FOLDER)
    // Fixed width, so that names sort as numbers do.
    return `${this.chain}/blocks/${String(folder).padStart(8, '0')}/${String(range).padStart(10, '0')}`
  }

  private answerName(question: string): string {
    const digest = createHash('sha256').update(question).digest('hex')
    return `${this.chain}/answers/${digest.slice(0, 3)}/${digest.slice(3, 43)}`
  }
}

function isRange(blocks: readonly RawBlock[], range: number): boolean {
  return (
    blocks.length > 0 &&
    blocks.length <= RANGE_BLOCKS &&
    blocks.every(({ height }, i) => height === range * RANGE_BLOCKS + i)
  )
}

function sealed(text: string): string {
  return `${createHash('sha256').update(text).digest('hex')}\n${text}`
}

function openSealed(file: Buffer | undefined): string | undefined {
  if (file === undefined) return undefined
  const content = file.toString('utf8')
  const text = content.slice(65)
  return content === sealed(text) ? text : undefined
}
