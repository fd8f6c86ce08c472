import type { ClientBase, Pool } from 'pg'

/** Content too long for an event: the event names its SHA-256 and length, the bytes are kept beside the log for good. */
export interface Blob {
  /** 64 hex digits */
  readonly sha256: string
  readonly bytes: Uint8Array
}

const INSERT = `
  insert into platform_blob (sha256, bytes) select decode(s, 'hex'), b from unnest($1::text[], $2::bytea[]) as t(s, b)
  on conflict do nothing`

/** Within the transaction of the events that name them. The same content is kept once. */
export async function writeBlobs(client: Pick<ClientBase, 'query'>, blobs: readonly Blob[]): Promise<void> {
  if (blobs.length === 0) return
  const bytes = blobs.map((blob) => Buffer.from(blob.bytes))
  await client.query({
    name: 'subledger-blobs',
    text: INSERT,
    values: [blobs.map((blob) => blob.sha256), bytes],
  })
}

export async function readBlob(pool: Pick<Pool, 'query'>, sha256: string): Promise<Buffer | null> {
  const { rows } = await pool.query<{ bytes: Buffer }>({
    name: 'subledger-blob',
    text: `select bytes from platform_blob where sha256 = decode($1, 'hex')`,
    values: [sha256],
  })
  return rows[0]?.bytes ?? null
}
