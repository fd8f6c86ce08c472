import DataLoader from 'dataloader'
import type { Pool } from 'pg'
import type { PayloadOf } from '../../../log/catalogue'
import { inclusionHashesOf, rootOf } from '../../../log/merkle/stored-tree'

export type InclusionProof = NonNullable<PayloadOf<'BitrecsAgentSubmitted'>['commitment']['proof']>

type Reader = Pick<Pool, 'query'>

const SELECT_LEAVES = `
  select (select seq + 1 from log_event where log = 'chain' and netuid = $1 order by seq desc limit 1)::float8 as size,
    array(select encode(e.leaf_hash, 'hex') from unnest($2::int[]) with ordinality as asked(seq, n)
      left join log_event e on e.log = 'chain' and e.netuid = $1 and e.seq = asked.seq order by asked.n) as leaves`

/** Proofs of one statement. */
const BATCH_MAX_PROOFS = 256
const ROOTS_MAX_COUNT = 16

/** Shows that the chain log of a subnet, as long as it is now, holds an event: checked by anyone without us. */
export class InclusionProofs {
  private readonly loader: DataLoader<number, InclusionProof | null>
  /** By size. A log only grows, so the root of a size never changes; most submissions find it standing still. */
  private readonly roots = new Map<number, string>()

  constructor(
    private readonly pool: Reader,
    private readonly netuid: number,
  ) {
    this.loader = new DataLoader((seqs) => this.prove(seqs), {
      cache: false,
      maxBatchSize: BATCH_MAX_PROOFS,
      batchScheduleFn: (send) => setImmediate(send),
    })
  }

  /** Null: the log does not hold it. */
  of(seq: number): Promise<InclusionProof | null> {
    return this.loader.load(seq)
  }

  private async prove(seqs: readonly number[]): Promise<(InclusionProof | null)[]> {
    const { rows } = await this.pool.query<{ size: number | null; leaves: (string | null)[] }>({
      name: 'bitrecs-proof-leaves',
      text: SELECT_LEAVES,
      values: [this.netuid, seqs],
    })
    const { size, leaves } = rows[0]!
    if (size === null) return seqs.map(() => null)
    const id = { log: 'chain', netuid: this.netuid }
    const held = seqs.filter((_, i) => leaves[i] !== null)
    const root = this.roots.get(size) ?? (await rootOf(this.pool, id, size))
    if (this.roots.size >= ROOTS_MAX_COUNT) this.roots.clear()
    this.roots.set(size, root)
    const hashes = await inclusionHashesOf(this.pool, id, held, size)
    let next = 0
    return leaves.map((leaf) => {
      if (leaf === null) return null
      const own = hashes[next++]!.map((hash) => `0x${hash}`)
      return { leafHash: `0x${leaf}`, size, root: `0x${root}`, hashes: own }
    })
  }
}
