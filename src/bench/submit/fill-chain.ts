import { createHash } from 'node:crypto'
import { LedgerDatabase } from '../../database/ledger-database'
import type { EventDraft, Hex } from '../../log/envelope'
import { Projector } from '../../projections/projector'
import { benchMiner } from './miners'

export const NETUID = 122
const SLOT_MS = 12_000
/** Events appended in one transaction. */
const BATCH_EVENTS = 5_000
/** Blocks: the subnet, the registrations, the commitments, the reveals. */
const LAST_HEIGHT = 4

const hashOf = (height: number): Hex => `0x${height.toString(16).padStart(64, '0')}`

/** Every miner registers, commits and is opened, as the indexer would log it. @param genesisMs ms since the Unix epoch */
export async function fillChain(url: string, miners: number, genesisMs: number): Promise<void> {
  const identity = { genesisHash: hashOf(0), network: 'devnet', netuids: [NETUID] } as const
  const database = new LedgerDatabase({ url, identity })
  await database.connect()
  const projector = new Projector()
  try {
    const heights = Array.from({ length: LAST_HEIGHT + 1 }, (_, height) => height)
    await database.transact(
      {
        prevHead: { height: -1, hash: '0x' },
        nextHead: { height: LAST_HEIGHT, hash: hashOf(LAST_HEIGHT) },
        isOnTop: true,
      },
      async (store) => {
        store.recordBlocks(
          heights.map((height) => ({ height, hash: hashOf(height), time: genesisMs + height * SLOT_MS })),
        )
        const drafts = draftsOf(miners, genesisMs)
        for (let from = 0; from < drafts.length; from += BATCH_EVENTS) {
          const events = await store.append(drafts.slice(from, from + BATCH_EVENTS))
          await projector.apply(store.client, events)
        }
      },
    )
  } finally {
    await database.disconnect()
  }
}

function draftsOf(count: number, genesisMs: number): EventDraft[] {
  const miners = Array.from({ length: count }, (_, n) => benchMiner(n))
  const at = (height: number, eventIndex: number) => ({
    log: 'chain' as const,
    netuid: NETUID,
    subnetInstance: 1,
    height,
    blockHash: hashOf(height),
    blockTime: genesisMs + height * SLOT_MS,
    eventIndex,
  })
  const subnet: EventDraft<'SubnetRegistered'> = {
    ...at(1, 0),
    type: 'SubnetRegistered',
    payload: { modality: 0, ownerColdkey: null, ownerHotkey: null, source: 'event' },
  }
  const registered = miners.map(
    ({ account }, n): EventDraft<'NeuronRegistered'> => ({
      ...at(2, n),
      type: 'NeuronRegistered',
      payload: {
        uid: n + 1,
        hotkey: account,
        coldkey: null,
        lineage: account,
        registeredAt: 2,
        replaced: null,
        source: 'event',
      },
    }),
  )
  const committed = miners.map(
    ({ account: who }, n): EventDraft<'CommitmentTimelocked'> => ({
      ...at(3, n),
      type: 'CommitmentTimelocked',
      payload: {
        who,
        uid: n + 1,
        lineage: who,
        fields: [],
        contentHash: null,
        source: 'call',
        revealRound: '1',
      },
    }),
  )
  const revealed = miners.map(({ account: who, commitSha, sha256 }, n): EventDraft<'CommitmentRevealed'> => {
    const plaintext = Buffer.from(`${commitSha}:${sha256}`)
    return {
      ...at(4, n),
      type: 'CommitmentRevealed',
      payload: {
        who,
        uid: n + 1,
        lineage: who,
        plaintext: `0x${plaintext.toString('hex')}`,
        contentHash: `0x${createHash('sha256').update(plaintext).digest('hex')}`,
        commitment: { height: 3, eventIndex: n },
        revealRound: '1',
      },
    }
  })
  return [subnet, ...registered, ...committed, ...revealed]
}
