import type { Pool } from 'pg'
import type { Hex } from '../../../log/envelope'

/** The miner's program asks OpenRouter for a key of this life (spec bitrecs.md §8). */
const KEY_LIFE_SECONDS = 4 * 3600

const KEEP = `
  insert into bitrecs_temp_key (netuid, hotkey, key, expires_at)
  values ($1, decode(substr($2, 3), 'hex'), $3, now() + $4 * interval '1 second')
  on conflict (netuid, hotkey) do update set key = excluded.key, expires_at = excluded.expires_at`

/** Secrets: in this table only, never in the log, a blob, a message or a trace; gone when they have expired. */
export async function keepKey(
  pool: Pick<Pool, 'query'>,
  netuid: number,
  hotkey: Hex,
  key: string,
): Promise<void> {
  await pool.query({ name: 'bitrecs-keep-key', text: KEEP, values: [netuid, hotkey, key, KEY_LIFE_SECONDS] })
}

/** Null when there is none or it has expired. */
export async function readKey(
  pool: Pick<Pool, 'query'>,
  netuid: number,
  hotkey: Hex,
): Promise<string | null> {
  const { rows } = await pool.query<{ key: string }>({
    name: 'bitrecs-read-key',
    text: `select key from bitrecs_temp_key
      where netuid = $1 and hotkey = decode(substr($2, 3), 'hex') and expires_at > now()`,
    values: [netuid, hotkey],
  })
  return rows[0]?.key ?? null
}

export async function forgetExpiredKeys(pool: Pick<Pool, 'query'>, netuid: number): Promise<void> {
  await pool.query({
    name: 'bitrecs-forget-keys',
    text: 'delete from bitrecs_temp_key where netuid = $1 and expires_at <= now()',
    values: [netuid],
  })
}
