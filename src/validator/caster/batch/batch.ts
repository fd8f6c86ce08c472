import { progress } from '../../../mechanisms/caster/batch'
import { BatchJournal, type JournalRecord } from './batch-journal'
import type { BatchSpec } from './batch-spec'
import { type CellResult, cellKey } from './cell-result'

export type BatchStatus = 'queued' | 'running' | 'completed' | 'failed'

/** A batch that was accepted, and which of its cells are done. Results lie in its journal alone. */
export class Batch {
  private readonly done = new Set<string>()
  private journal!: BatchJournal
  private faultText: string | null = null
  isRunning = false

  private constructor(
    private readonly file: string,
    readonly spec: BatchSpec,
    readonly bodySha256: string,
    readonly acceptedAt: string,
  ) {}

  /** @returns undefined when the file holds no acceptance: it was killed before it answered */
  static async open(file: string): Promise<Batch | undefined> {
    let batch: Batch | undefined
    const journal = await BatchJournal.open(file, (record) => {
      if (record.kind === 'accepted' && !batch)
        batch = new Batch(file, record.spec, record.body_sha256, record.at)
      else batch?.apply(record)
    })
    if (batch) batch.journal = journal
    else await journal.close()
    return batch
  }

  static async create(file: string, spec: BatchSpec, bodySha256: string): Promise<Batch> {
    const at = new Date().toISOString()
    const batch = new Batch(file, spec, bodySha256, at)
    batch.journal = await BatchJournal.open(file, () => undefined)
    await batch.journal.append({ kind: 'accepted', at, body_sha256: bodySha256, spec })
    return batch
  }

  get id(): string {
    return this.spec.batch_id
  }

  get total(): number {
    return this.spec.candidates.length * this.spec.claims.length
  }

  get status(): BatchStatus {
    if (this.done.size >= this.total) return 'completed'
    if (this.faultText !== null) return 'failed'
    return this.isRunning ? 'running' : 'queued'
  }

  has(artifactId: string, claimId: string): boolean {
    return this.done.has(cellKey(artifactId, claimId))
  }

  /** Resolves when the result is on disk. A cell that is done keeps its first result. */
  async record(result: CellResult): Promise<void> {
    if (this.has(result.artifact_id, result.claim_id)) return
    const record = { kind: 'cell', result } as const
    await this.journal.append(record)
    this.apply(record)
  }

  async fail(error: string): Promise<void> {
    const record = { kind: 'failed', at: new Date().toISOString(), error } as const
    await this.journal.append(record)
    this.apply(record)
  }

  /** Sent again after it failed: what is done stays done. */
  async reopen(): Promise<void> {
    const { spec, bodySha256: body_sha256 } = this
    const record = { kind: 'accepted', at: new Date().toISOString(), body_sha256, spec } as const
    await this.journal.append(record)
    this.apply(record)
  }

  /** As the platform reads it; results only when all are there (spec caster §6). */
  async progress() {
    const { candidates, claims } = this.spec
    const isComplete = this.status === 'completed'
    const counted = progress(candidates.length, claims.length, [...this.done])
    return {
      batch_id: this.id,
      status: this.status,
      error: isComplete ? null : this.faultText,
      ...counted,
      miner_task_results: isComplete ? await this.results() : [],
    }
  }

  async close(): Promise<void> {
    await this.journal.close()
  }

  /** In the order of the batch, each cell once. */
  private async results(): Promise<CellResult[]> {
    const found = new Map<string, CellResult>()
    const reader = await BatchJournal.open(this.file, (record) => {
      if (record.kind !== 'cell') return
      const key = cellKey(record.result.artifact_id, record.result.claim_id)
      if (!found.has(key)) found.set(key, record.result)
    })
    await reader.close()
    const { candidates, claims } = this.spec
    return candidates.flatMap(({ artifact_id }) =>
      claims.map(({ claim_id }) => found.get(cellKey(artifact_id, claim_id))!),
    )
  }

  private apply(record: JournalRecord): void {
    if (record.kind === 'cell') this.done.add(cellKey(record.result.artifact_id, record.result.claim_id))
    else this.faultText = record.kind === 'failed' ? record.error : null
  }
}
