import { StandardMerkleTree } from '@openzeppelin/merkle-tree'
import type { Claim } from '../mechanisms/claims/claim'
import { buildEpoch } from '../mechanisms/claims/epoch'
import { toHex } from '../mechanisms/claims/hex'
import { hexProofs } from '../mechanisms/claims/hex-proofs'
import { figure } from './figure'

/** The library takes about a millisecond a leaf, so that a million is a matter of a quarter of an hour. */
const DEFAULT_LEAVES = 50_000
const PROOF_HASH = `0x${'5a'.repeat(32)}`
const TAG = 'SOTA_EMISSION_CLAIM'
const TYPES = ['string', 'uint64', 'bytes32', 'address', 'uint256', 'bytes32']

/**
 * A claim tree with the proof of every leaf as hex strings, against OpenZeppelin's library building the same scheme: tree plus
 * `getProof` for each index. `SUBLEDGER_BENCH_CLAIM_LEAVES=1000000` runs the full size.
 */
export async function run(): Promise<Record<string, unknown>[]> {
  const leaves = Number(process.env.SUBLEDGER_BENCH_CLAIM_LEAVES ?? DEFAULT_LEAVES)
  const claims = Array.from({ length: leaves }, (_, index) => claim(index))
  const ours = timed(() => {
    const { tree } = buildEpoch(claims, 'openzeppelin')
    const proofOf = hexProofs(tree)
    let siblings = 0
    for (let index = 0; index < leaves; index++) siblings += proofOf(index).length
    return { root: toHex(tree.root), siblings }
  })
  const library = timed(() => {
    const values = claims.map((c) => [TAG, c.epoch, c.offchainLaneId, c.account, c.amount, c.rewardHash])
    const tree = StandardMerkleTree.of(values, TYPES)
    let siblings = 0
    for (let index = 0; index < leaves; index++) siblings += tree.getProof(index).length
    return { root: tree.root, siblings }
  })
  const isSame = ours.result.root === library.result.root && ours.result.siblings === library.result.siblings
  const speed = figure({
    bench: 'claims',
    metric: `claim tree with all proofs, ${leaves} leaves`,
    value: library.seconds / ours.seconds,
    unit: 'times as fast',
    target: { atLeast: 3 },
    ratioOf: 'seconds of @openzeppelin/merkle-tree (tree and getProof of each leaf) to ours, same scheme',
  })
  const seconds = { ours: ours.seconds, library: library.seconds }
  return [{ ...speed, seconds, sameRootAndProofLengths: isSame, pass: speed.pass === true && isSame }]
}

function claim(index: number): Claim {
  return {
    index,
    account: `0x${(index + 1).toString(16).padStart(40, '0')}`,
    amount: BigInt(index + 1) * 10n ** 12n,
    epoch: 42n,
    offchainLaneId: PROOF_HASH,
    rewardHash: PROOF_HASH,
  }
}

function timed<T>(action: () => T): { result: T; seconds: number } {
  const start = process.hrtime.bigint()
  const result = action()
  return { result, seconds: Math.round(Number(process.hrtime.bigint() - start) / 1e7) / 100 }
}
