import { randomBytes } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'

/** Part of the name of a file that is being written; what a crash leaves of it is removed at the next start. */
const UNFINISHED = '.unfinished-'

export interface FolderProblems {
  /** The disk or the allowance is full: nothing more is kept, once said. */
  full(reason: string): void
}

/** Files that appear whole or not at all, within an allowance of bytes. */
export class CacheFolder {
  private usedBytes = 0
  private writable = true

  private constructor(
    readonly dir: string,
    private readonly maxBytes: number,
    private readonly problems: FolderProblems,
  ) {}

  static async open(dir: string, maxBytes: number, problems: FolderProblems): Promise<CacheFolder> {
    const folder = new CacheFolder(dir, maxBytes, problems)
    try {
      await mkdir(dir, { recursive: true })
      await folder.measure()
    } catch (error) {
      folder.stop(`${dir} cannot be used: ${(error as Error).message}`)
    }
    return folder
  }

  get bytes(): number {
    return this.usedBytes
  }

  async read(name: string): Promise<Buffer | undefined> {
    try {
      return await readFile(path.join(this.dir, name))
    } catch {
      return undefined
    }
  }

  /** Writes beside the place and renames, so that a reader never meets half a file. Never throws. */
  async write(name: string, content: Buffer | string): Promise<boolean> {
    if (!this.writable) return false
    const bytes = Buffer.byteLength(content)
    if (this.usedBytes + bytes > this.maxBytes) {
      this.stop(`its ${this.maxBytes} bytes are used up`)
      return false
    }
    const file = path.join(this.dir, name)
    const unfinished = `${file}${UNFINISHED}${randomBytes(6).toString('hex')}`
    try {
      await mkdir(path.dirname(file), { recursive: true })
      const before = await stat(file).then(
        (it) => it.size,
        () => 0,
      )
      await writeFile(unfinished, content)
      await rename(unfinished, file)
      this.usedBytes += bytes - before
      return true
    } catch (error) {
      await rm(unfinished, { force: true }).catch(() => {})
      this.stop((error as Error).message)
      return false
    }
  }

  async remove(name: string): Promise<void> {
    const file = path.join(this.dir, name)
    const bytes = await stat(file).then(
      (it) => it.size,
      () => 0,
    )
    await rm(file, { force: true }).catch(() => {})
    this.usedBytes -= bytes
  }

  async names(folder: string): Promise<string[]> {
    return readdir(path.join(this.dir, folder)).catch(() => [])
  }

  private stop(reason: string): void {
    if (this.writable) this.problems.full(reason)
    this.writable = false
  }

  private async measure(): Promise<void> {
    for (const entry of await readdir(this.dir, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue
      const file = path.join(entry.parentPath, entry.name)
      if (entry.name.includes(UNFINISHED)) await rm(file, { force: true })
      else this.usedBytes += (await stat(file)).size
    }
  }
}
