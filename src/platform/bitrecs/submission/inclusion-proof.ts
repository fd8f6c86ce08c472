import DataLoader from 'dataloader'
import type { Pool } from 'pg'
import type { PayloadOf } from '../../../log/catalogue'
import { KeptTree } from '../../../log/merkle/kept-tree'

export type InclusionProof = NonNullable<PayloadOf<'BitrecsAgentSubmitted'>['commitment']['proof']>

type Reader = Pick<Pool, 'query'>

const SELECT_SIZE = `select size::float8 as size from log_head where log = 'chain' and netuid = $1`

/** Proofs of one statement. */
const BATCH_MAX_PROOFS = 256

/** Shows that the chain log of a subnet, as long as it is now, holds an event: checked by anyone without us. */
export class InclusionProofs {
  private readonly loader: DataLoader<number, InclusionProof | null>
  private readonly tree: KeptTree
  private last = { size: 0, root: '' }

  constructor(
    private readonly pool: Reader,
    private readonly netuid: number,
  ) {
    this.tree = new KeptTree(pool, { log: 'chain', netuid })
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
    const { rows } = await this.pool.query<{ size: number }>({
      name: 'bitrecs-proof-size',
      text: SELECT_SIZE,
      values: [this.netuid],
    })
    const size = rows[0]?.size ?? 0
    const held = seqs.filter((seq) => seq < size)
    if (held.length === 0) return seqs.map(() => null)
    const root = await this.rootOf(size)
    const inclusions = await this.tree.inclusions(held, size)
    let next = 0
    return seqs.map((seq) => {
      if (seq >= size) return null
      const { leaf, hashes } = inclusions[next++]!
      return { leafHash: `0x${leaf}`, size, root: `0x${root}`, hashes: hashes.map((hash) => `0x${hash}`) }
    })
  }

  /** Most submissions find the log standing still. */
  private async rootOf(size: number): Promise<string> {
    if (this.last.size === size) return this.last.root
    const root = await this.tree.root(size)
    this.last = { size, root }
    return root
  }
}
