import type { KeyObject } from 'node:crypto'
import { writeCheckpoints } from '../log/checkpoint/write-checkpoints'
import type { Hex } from '../log/envelope'
import type { HashAndHeight } from './ledger-database'
import type { LedgerStore } from './ledger-store'

/** While catching up, a checkpoint each this many blocks is enough; at the head each block signs what has grown. */
const CATCH_UP_CHECKPOINT_BLOCKS = 1_000

/** `beforeCommit` of the ledger database: checkpoints stand and fall with the events that they cover. */
export function checkpointHook(key: KeyObject, genesisHash: Hex) {
  let lastHeight = -1
  return async (store: LedgerStore, head: HashAndHeight): Promise<void> => {
    // At the head the logs of platforms and engines may have grown without a chain event: it costs one question a block.
    const due =
      store.isOnTop || (store.grown.size > 0 && head.height - lastHeight >= CATCH_UP_CHECKPOINT_BLOCKS)
    if (!due) return
    await writeCheckpoints(store.client, key, genesisHash, head)
    lastHeight = head.height
  }
}
