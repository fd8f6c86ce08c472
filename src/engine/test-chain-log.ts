import { connect } from '../database/connect'
import { LedgerDatabase } from '../database/ledger-database'
import { testBlockHash } from '../database/test-blocks'
import type { EventType, PayloadOf } from '../log/catalogue'
import type { EventDraft } from '../log/envelope'
import { Projector } from '../projections/projector'

const GENESIS_MS = 1_763_000_000_000
const BLOCK_MS = 12_000

export const account = (n: number): `0x${string}` => `0x${n.toString(16).padStart(8, '0').padStart(64, 'a')}`

/** A chain log that a test writes event by event: real append, real projections, no node. */
export class TestChain {
  private height = -1
  private eventIndex = 0
  private drafts: EventDraft[] = []

  private constructor(
    readonly url: string,
    readonly netuid: number,
    private readonly database: LedgerDatabase,
  ) {}

  static async open(url: string, netuid: number): Promise<TestChain> {
    const identity = { genesisHash: testBlockHash(0), network: 'devnet' as const, netuids: [netuid] }
    const database = new LedgerDatabase({ url, identity })
    await database.connect()
    return new TestChain(url, netuid, database)
  }

  /** An event of the next block that `advance` reaches. */
  emit<T extends EventType>(type: T, payload: PayloadOf<T>, height: number): this {
    this.drafts.push({
      log: 'chain',
      netuid: this.netuid,
      subnetInstance: 0,
      type,
      height,
      blockHash: testBlockHash(height),
      blockTime: GENESIS_MS + height * BLOCK_MS,
      eventIndex: this.eventIndex++,
      payload,
    } as EventDraft)
    return this
  }

  register(uid: number, hotkey: `0x${string}`, height: number, replaced: `0x${string}` | null = null): this {
    if (replaced) {
      const registeredAt = 0
      this.emit(
        'TenureEnded',
        { uid, hotkey: replaced, registeredAt, reason: 'replaced', weightsCleared: true },
        height,
      )
    }
    const who = { uid, hotkey, coldkey: null, lineage: hotkey, registeredAt: height, replaced }
    return this.emit('NeuronRegistered', { ...who, source: 'event' }, height)
  }

  tempo(value: number, height: number): this {
    return this.emit(
      'HyperparameterChanged',
      { name: 'Tempo', value: String(value), source: 'event' } as never,
      height,
    )
  }

  weights(
    uid: number,
    hotkey: `0x${string}`,
    targets: Record<number, [number, string | null]>,
    height: number,
  ): this {
    const uids = Object.keys(targets).map(Number)
    const u16 = uids.map((target) => targets[target]![0])
    const hotkeys = uids.map((target) => targets[target]![1])
    const what = { mechanism: 0, uid, hotkey, source: 'set', values: 'call', versionKey: '0' } as const
    return this.emit('WeightsSet', { ...what, uids, hotkeys, raw: u16, u16 }, height)
  }

  /** Hidden weights, and at `expiresAt` that nobody can open them any more. */
  commitThatExpires(uid: number, who: `0x${string}`, height: number, expiresAt: number): this {
    const commit = { height, eventIndex: this.eventIndex }
    const what = { mechanism: 0, who, kind: 'timelocked' as const, commitHash: testBlockHash(height) }
    return this.emit('WeightsCommitted', { ...what, uid, revealRound: '1' }, height).emit(
      'WeightsCommitExpired',
      { ...what, commit, reason: 'not-revealed-in-time' },
      expiresAt,
    )
  }

  /** Indexes all blocks up to this height with what was emitted for them. */
  async advance(toHeight: number): Promise<void> {
    const from = this.height
    const projector = new Projector()
    await this.database.transact(
      {
        prevHead: { height: from, hash: from < 0 ? '0x' : testBlockHash(from) },
        nextHead: { height: toHeight, hash: testBlockHash(toHeight) },
        isOnTop: true,
      },
      async (store) => {
        const due = this.drafts.filter((draft) => draft.height <= toHeight)
        this.drafts = this.drafts.filter((draft) => draft.height > toHeight)
        await projector.apply(store.client, await store.append(due))
        const heights = Array.from({ length: toHeight - from }, (_, i) => from + 1 + i)
        const time = (height: number) => GENESIS_MS + height * BLOCK_MS
        store.recordBlocks(
          heights.map((height) => ({ height, hash: testBlockHash(height), time: time(height) })),
        )
      },
    )
    this.height = toHeight
  }

  async close(): Promise<void> {
    await this.database.disconnect()
  }
}

/** One query on a connection of its own. */
export async function query<T>(url: string, text: string, values: unknown[] = []): Promise<T[]> {
  const client = await connect(url)
  try {
    return (await client.query(text, values)).rows as T[]
  } finally {
    await client.end()
  }
}
