import { blockEvents, type Outcome, outcomeOf } from '../node/block-events'
import type { Devnet } from '../node/devnet-options'
import { type Signer, signExtrinsic } from '../node/signer'
import type { RuntimeCall } from '../pallets/dispatch'

export interface Act extends Outcome {
  /** Of the extrinsic. */
  readonly hash: string
  readonly height: number
  readonly extrinsicIndex: number
}

/** Blocks after which a call that no block has taken is given up. */
const MAX_WAIT_BLOCKS = 20

/**
 * Signs a call with the account's next nonce, puts it into the pool, and tells what became of it in the block that takes
 * it: made on a timer, or by `produceBlocks`. It counts as a client's, so that a devnet with a journal makes it again.
 * @throws RpcError when the pool refuses it (balance, call unknown to the present spec); the promise is rejected when no
 * block takes it
 */
export function submitAs({ node, submit }: Devnet, signer: Signer, call: RuntimeCall): Promise<Act> {
  const { chain, pool } = node
  const nonce = pool.nextNonce(signer.account, node.nonceOf(signer.account))
  const hex = signExtrinsic(node.spec, signer, call, nonce, chain.genesis.hash)
  const hash = submit(hex)
  const from = chain.head.height
  return new Promise((resolve, reject) => {
    const stop = chain.onBest((block) => {
      const extrinsicIndex = block.extrinsics.indexOf(hex)
      if (extrinsicIndex >= 0) {
        stop()
        const outcome = outcomeOf(blockEvents(block), extrinsicIndex, block.specVersion)
        resolve({ hash, height: block.height, extrinsicIndex, ...outcome })
      } else if (!pool.has(hash) || block.height - from > MAX_WAIT_BLOCKS) {
        stop()
        reject(new Error(`no block took ${call.__kind}.${call.value.__kind} (${hash})`))
      }
    })
  })
}

/** As `submitAs`, on a devnet that makes blocks on demand: the call is in the next one. */
export async function actNow(devnet: Devnet, signer: Signer, call: RuntimeCall): Promise<Act> {
  const act = submitAs(devnet, signer, call)
  await devnet.produceBlocks(1)
  return act
}
