import { createHash } from 'node:crypto'
import type { Pool } from 'pg'
import type { Hex } from '../../../log/envelope'

type Db = Pick<Pool, 'query'>

export const sha256Of = (bytes: Uint8Array | string): string =>
  createHash('sha256').update(bytes).digest('hex')

/** Each before the event that names it: content without an event is harmless, an event without its content is not. */
export async function keepScript(db: Db, netuid: number, sha256: string, bytes: Uint8Array): Promise<void> {
  await db.query({
    name: 'caster-keep-script',
    text: 'insert into caster_private_script (netuid, sha256, bytes) values ($1, $2, $3) on conflict do nothing',
    values: [netuid, sha256, Buffer.from(bytes)],
  })
}

export async function readScript(db: Db, netuid: number, sha256: string): Promise<Buffer> {
  const { rows } = await db.query<{ bytes: Buffer }>({
    name: 'caster-read-script',
    text: 'select bytes from caster_private_script where netuid = $1 and sha256 = $2',
    values: [netuid, sha256],
  })
  return found(rows[0]?.bytes, 'script', sha256)
}

export async function keepClaims(db: Db, netuid: number, content: string): Promise<string> {
  const sha256 = sha256Of(content)
  await db.query({
    name: 'caster-keep-claims',
    text: 'insert into caster_private_claims (netuid, sha256, content) values ($1, $2, $3) on conflict do nothing',
    values: [netuid, sha256, Buffer.from(content, 'utf8')],
  })
  return sha256
}

/** The exact bytes behind a `claimsSha256`. */
export async function readClaims(db: Db, netuid: number, sha256: string): Promise<Buffer> {
  const { rows } = await db.query<{ content: Buffer }>({
    name: 'caster-read-claims',
    text: 'select content from caster_private_claims where netuid = $1 and sha256 = $2',
    values: [netuid, sha256],
  })
  return found(rows[0]?.content, 'claims', sha256)
}

/** Where checked results of one validator lie: whoever reports twice has two places, and the event names one. */
export interface ResultsPlace {
  readonly batchId: string
  readonly validator: Hex
  readonly resultsSha256: string
}

export async function keepResults(
  db: Db,
  netuid: number,
  { batchId, validator, resultsSha256 }: ResultsPlace,
  rows: readonly { readonly artifactId: string; readonly text: string }[],
): Promise<void> {
  for (const { artifactId, text } of rows) {
    await db.query({
      name: 'caster-keep-results',
      text: `insert into caster_private_results (netuid, batch_id, validator, results_sha256, artifact_id, results)
        values ($1, $2, $3, $4, $5, $6) on conflict do nothing`,
      values: [netuid, batchId, validator, resultsSha256, artifactId, Buffer.from(text, 'utf8')],
    })
  }
}

/** One script's results at one validator, as they were checked. */
export async function readResults(
  db: Db,
  netuid: number,
  { batchId, validator, resultsSha256 }: ResultsPlace,
  artifactId: string,
): Promise<Buffer> {
  const { rows } = await db.query<{ results: Buffer }>({
    name: 'caster-read-results',
    text: `select results from caster_private_results
      where netuid = $1 and batch_id = $2 and validator = $3 and results_sha256 = $4 and artifact_id = $5`,
    values: [netuid, batchId, validator, resultsSha256, artifactId],
  })
  return found(rows[0]?.results, 'results', `${resultsSha256}/${artifactId}`)
}

/** @throws Error when it is gone: then what the log names cannot be told any more */
function found(bytes: Buffer | undefined, what: string, name: string): Buffer {
  if (!bytes) throw new Error(`the private ${what} ${name} are not there`)
  return bytes
}
