import { createHash } from 'node:crypto'
import type { Pool } from 'pg'
import { canonicalJson } from '../../../log/canonical-json'
import type { PrivateEnv } from '../state'

type Values = Readonly<Record<string, string>>

/** What of a private environment stands in the log. */
export function sealEnv(values: Values): PrivateEnv {
  const sha256 = createHash('sha256').update(canonicalJson(values), 'utf8').digest('hex')
  return { names: Object.keys(values).sort(), sha256 }
}

/** Before the event that names it: a value without an event is harmless, an event without its value is not. */
export async function keepEnv(
  pool: Pick<Pool, 'query'>,
  netuid: number,
  values: Values,
): Promise<PrivateEnv> {
  const env = sealEnv(values)
  if (env.names.length === 0) return env
  await pool.query({
    name: 'autoresearch-keep-env',
    text: 'insert into autoresearch_private_env (netuid, sha256, env) values ($1, $2, $3) on conflict do nothing',
    values: [netuid, env.sha256, JSON.stringify(values)],
  })
  return env
}

/** The values behind a hash. @throws Error when they are gone: then no specification can be told any more */
export async function readEnv(
  pool: Pick<Pool, 'query'>,
  netuid: number,
  { names, sha256 }: PrivateEnv,
): Promise<Values> {
  if (names.length === 0) return {}
  const { rows } = await pool.query<{ env: Values }>({
    name: 'autoresearch-read-env',
    text: 'select env from autoresearch_private_env where netuid = $1 and sha256 = $2',
    values: [netuid, sha256],
  })
  if (!rows[0]) throw new Error(`the private environment ${sha256} is not there`)
  return rows[0].env
}
