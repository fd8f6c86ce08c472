import { mkdir, open, readdir } from 'node:fs/promises'
import path from 'node:path'
import { canonicalJson, type Json } from '../../../mechanisms/canonical-json'
import { sha256Hex } from '../../../mechanisms/sha256-hex'
import { Batch } from './batch'
import type { BatchSpec } from './batch-spec'

const PRIVATE_FOLDER = 0o700
const SUFFIX = '.jsonl'

export type Accepted =
  | { readonly kind: 'new' | 'known' | 'reopened'; readonly batch: Batch }
  | { readonly kind: 'conflict' }

/** Every batch that this validator accepted, one journal each. */
export class BatchStore {
  private tail: Promise<unknown> = Promise.resolve()

  private constructor(
    private readonly folder: string,
    private readonly batches: Map<string, Batch>,
  ) {}

  /** @throws LedgerError SL-BATCH-JOURNAL */
  static async open(folder: string): Promise<BatchStore> {
    await mkdir(folder, { recursive: true, mode: PRIVATE_FOLDER })
    const found: Batch[] = []
    for (const name of await readdir(folder)) {
      const batch = name.endsWith(SUFFIX) ? await Batch.open(path.join(folder, name)) : undefined
      if (batch) found.push(batch)
    }
    found.sort((a, b) => (a.acceptedAt < b.acceptedAt ? -1 : a.acceptedAt > b.acceptedAt ? 1 : 0))
    return new BatchStore(folder, new Map(found.map((batch) => [batch.id, batch])))
  }

  get(id: string): Batch | undefined {
    return this.batches.get(id)
  }

  /** In the order in which they were accepted. */
  all(): readonly Batch[] {
    return [...this.batches.values()]
  }

  /** Resolves when the acceptance is on disk. One at a time, so that two requests cannot begin one journal. */
  accept(spec: BatchSpec): Promise<Accepted> {
    const accepted = this.tail.then(() => this.decide(spec))
    this.tail = accepted.catch(() => undefined)
    return accepted
  }

  async close(): Promise<void> {
    await this.tail
    for (const batch of this.batches.values()) await batch.close()
  }

  private async decide(spec: BatchSpec): Promise<Accepted> {
    const bodySha256 = sha256Hex(canonicalJson(spec as unknown as Json))
    const known = this.batches.get(spec.batch_id)
    if (known && known.bodySha256 !== bodySha256) return { kind: 'conflict' }
    if (known?.status === 'failed') {
      await known.reopen()
      return { kind: 'reopened', batch: known }
    }
    if (known) return { kind: 'known', batch: known }
    const batch = await Batch.create(path.join(this.folder, `${spec.batch_id}${SUFFIX}`), spec, bodySha256)
    await syncFolder(this.folder)
    this.batches.set(batch.id, batch)
    return { kind: 'new', batch }
  }
}

/** A new file's name is on disk only when its folder is. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
