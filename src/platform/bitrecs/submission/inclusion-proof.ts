import type { Pool } from 'pg'
import type { PayloadOf } from '../../../log/catalogue'
import { inclusionHashes, type LogId, rootOf } from '../../../log/merkle/stored-tree'

export type InclusionProof = NonNullable<PayloadOf<'BitrecsAgentSubmitted'>['commitment']['proof']>

const SELECT_HEAD = `
  select (select seq + 1 from log_event where log = 'chain' and netuid = $1 order by seq desc limit 1)::float8 as size,
    (select encode(leaf_hash, 'hex') from log_event where log = 'chain' and netuid = $1 and seq = $2) as leaf`

/** Roots by netuid and size. A log only grows, so that of a size never changes; most submissions find it standing still. */
const rootsOf = new WeakMap<object, Map<string, Promise<string>>>()
const ROOTS_MAX_COUNT = 16

function rootOnce(pool: Pick<Pool, 'query'>, id: LogId, size: number): Promise<string> {
  const roots = rootsOf.get(pool) ?? new Map<string, Promise<string>>()
  rootsOf.set(pool, roots)
  const key = `${id.netuid}:${size}`
  const known = roots.get(key)
  if (known) return known
  if (roots.size >= ROOTS_MAX_COUNT) roots.clear()
  const root = rootOf(pool, id, size)
  roots.set(key, root)
  root.catch(() => roots.delete(key))
  return root
}

/** Shows that the chain log of a subnet, as long as it is now, holds an event: checked by anyone without us. */
export async function proveInclusion(
  pool: Pick<Pool, 'query'>,
  netuid: number,
  seq: number,
): Promise<InclusionProof | null> {
  const { rows } = await pool.query<{ size: number | null; leaf: string | null }>({
    name: 'bitrecs-proof-head',
    text: SELECT_HEAD,
    values: [netuid, seq],
  })
  const { size, leaf } = rows[0] ?? { size: null, leaf: null }
  if (size === null || leaf === null) return null
  const id = { log: 'chain', netuid }
  const [hashes, root] = await Promise.all([inclusionHashes(pool, id, seq, size), rootOnce(pool, id, size)])
  return { leafHash: `0x${leaf}`, size, root: `0x${root}`, hashes: hashes.map((hash) => `0x${hash}`) }
}
