import { LedgerDatabase } from './ledger-database'

export const testBlockHash = (height: number): `0x${string}` => `0x${height.toString(16).padStart(64, '0')}`
/** ms since the Unix epoch of block 0; blocks are 12 s apart. */
const GENESIS_MS = 1_763_000_000_000
const BLOCK_MS = 12_000

/** Marks empty blocks as indexed, so that commands have a finalized block to be tied to. */
export async function indexTestBlocks(url: string, toHeight: number, fromHeight = -1): Promise<void> {
  const database = new LedgerDatabase({
    url,
    identity: { genesisHash: testBlockHash(0), network: 'devnet', netuids: [67, 94, 122] },
  })
  await database.connect()
  try {
    await database.transact(
      {
        prevHead: { height: fromHeight, hash: fromHeight < 0 ? '0x' : testBlockHash(fromHeight) },
        nextHead: { height: toHeight, hash: testBlockHash(toHeight) },
        isOnTop: true,
      },
      async (store) => {
        const heights = Array.from({ length: toHeight - fromHeight }, (_, i) => fromHeight + 1 + i)
        store.recordBlocks(
          heights.map((height) => ({
            height,
            hash: testBlockHash(height),
            time: GENESIS_MS + height * BLOCK_MS,
          })),
        )
      },
    )
  } finally {
    await database.disconnect()
  }
}
