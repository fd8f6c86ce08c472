import type { WireClaim } from '../datasets/seal-claims'
import type { Batch } from '../state'

export const rfc3339 = (ms: number): string => new Date(ms).toISOString()

/**
 * A batch on the wire. The same to the byte whenever it is made, so that sending it again is no other batch.
 * @param claims with their references for validators and after the batch has closed
 */
export const batchSpec = (batch: Batch, claims: readonly unknown[]) => ({
  batch_id: batch.batchId,
  entrypoint: batch.entrypoint,
  cutoff_at: rfc3339(batch.cutoffAtMs),
  created_at: rfc3339(batch.createdAtMs),
  closes_at: rfc3339(batch.closesAtMs),
  champion_uid: batch.championUid,
  claims,
  candidates: batch.candidates.map(({ uid, artifactId, contentSha256, bytes }) => ({
    uid,
    artifact_id: artifactId,
    content_hash: contentSha256,
    size_bytes: bytes,
  })),
})

/** What anyone may read of a claim while the batch is open (invariant 14). */
export const withoutReference = ({ reference_answer: _, ...claim }: WireClaim) => claim

export const isClosed = ({ status }: Pick<Batch, 'status'>): boolean => status !== 'created'

export const isEnded = ({ status }: { readonly status: string }): boolean =>
  status === 'completed' || status === 'failed'
