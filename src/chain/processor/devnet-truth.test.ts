import { RpcClient } from '@subsquid/rpc-client'
import { Runtime } from '@subsquid/substrate-runtime'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { commitmentOf } from '../../../abi/commitments'
import { parameters } from '../../../abi/hyperparameters'
import type { StorageItem } from '../../../abi/item'
import { blockAtRegistration, keys, owner, subnetworkN, validatorPermit } from '../../../abi/registrations'
import { networksAdded } from '../../../abi/subnets'
import { weightCommits } from '../../../abi/weight-commits'
import { weights } from '../../../abi/weights'
import type { Devnet } from '../../devnet'
import { startScenario } from '../../devnet/scenario/start-scenario'
import type { PayloadOf } from '../../log/catalogue'
import type { LogEvent } from '../../log/envelope'
import { readEvents } from '../../log/read'
import { fieldsOfData } from '../decode/content'
import { parameterValue } from '../decode/parameter-value'
import type { StorageQuery } from '../decode/storage-read'
import { ChainState } from '../state/chain-state'
import { evolve } from '../state/evolve'
import type { Subnet } from '../state/subnet'
import { readStorage } from './read-storage'
import { createTestIndexer } from './test-indexer'

const BLOCKS = 460
/** The scenario upgrades the runtime after 300. */
const HEIGHTS = [45, 65, 125, 151, 171, 221, 300, 301, 400, BLOCKS]
const PROBED_NETUIDS = 130

/** What payloads are told apart by. */
interface Keyed {
  readonly who: string
  readonly mechanism: number
  readonly uid: number
}

/** The devnet executes calls by rules of its own; whatever it stores, the log must have told. */
describe('the log of a modern chain against the storage of the chain itself', () => {
  let devnet: Devnet
  let rpc: RpcClient
  let events: LogEvent[]
  const runtimes = new Map<number, Runtime>()

  beforeAll(async () => {
    devnet = await startScenario({ seed: 5, historyBlocks: BLOCKS })
    rpc = new RpcClient({ url: devnet.httpUrl, log: null })
    const indexer = await createTestIndexer(devnet)
    await indexer.run({ toHeight: BLOCKS })
    const { rows } = await indexer.reader.query('select distinct netuid from log_event order by netuid')
    events = []
    for (const { netuid } of rows) {
      let fromSeq = 0
      for (;;) {
        const page = await readEvents(indexer.reader, { log: 'chain', netuid, fromSeq })
        if (page.length === 0) break
        events.push(...page)
        fromSeq += page.length
      }
    }
    await indexer.close()
  }, 120_000)
  afterAll(async () => {
    rpc.close()
    await devnet.close()
  })

  async function runtimeOf(hash: string): Promise<Runtime> {
    const version = await rpc.call('state_getRuntimeVersion', [hash])
    const known = runtimes.get(version.specVersion)
    if (known) return known
    const runtime = new Runtime(version, await rpc.call('state_getMetadata', [hash]), undefined, rpc)
    runtimes.set(version.specVersion, runtime)
    return runtime
  }

  /** Stored values by query, or the item's default. */
  async function storedAll(height: number, queries: readonly StorageQuery[]): Promise<unknown[][]> {
    const hash = devnet.node.chain.at(height)!.hash
    const runtime = await runtimeOf(hash)
    const at = { height, hash, parentHash: '', runtime, parentRuntime: runtime }
    const result = await readStorage({ queries, at: 'block' }, at)
    if (result === 'unavailable') throw new Error(`no state of block ${height}`)
    return result.map((column, i) => {
      const { item } = queries[i]!
      const fallback = () => (item.modifier === 'Default' ? runtime.getStorageFallback(item.id) : undefined)
      return (column ?? []).map((value) => (value === undefined ? fallback() : value))
    })
  }

  const stored = async <K extends readonly unknown[], T>(
    height: number,
    item: StorageItem<K, T>,
    key: readonly (readonly unknown[])[],
  ): Promise<T[]> => (await storedAll(height, [{ item: item as StorageItem, keys: key }]))[0] as T[]

  function stateAt(height: number): ChainState {
    const state = ChainState.empty()
    for (const event of events) if (event.height <= height) evolve(state, event)
    return state
  }

  /** The last event of a type since the subnet was registered, by a key of its payload. */
  function latest(subnet: Subnet, height: number, types: readonly string[], keyOf: (p: Keyed) => string) {
    const found = new Map<string, LogEvent>()
    for (const event of events) {
      if (event.netuid !== subnet.netuid || event.subnetInstance !== subnet.instance) continue
      if (event.height <= height && types.includes(event.type))
        found.set(keyOf(event.payload as unknown as Keyed), event)
    }
    return found
  }

  it.each(HEIGHTS)('block %i: the subnets, and who holds which uid since when', async (height) => {
    const state = stateAt(height)
    const netuids = Array.from({ length: PROBED_NETUIDS }, (_, n) => n)
    const added = await stored(
      height,
      networksAdded,
      netuids.map((n) => [n]),
    )
    expect(state.live()).toEqual(netuids.filter((n) => added[n]))
    for (const netuid of state.live()) {
      const [size] = await stored(height, subnetworkN, [[netuid]])
      const slots = Array.from({ length: size! }, (_, uid) => [netuid, uid])
      const hotkeys = await stored(height, keys, slots)
      const since = await stored(height, blockAtRegistration, slots)
      const coldkeys = await stored(
        height,
        owner,
        hotkeys.map((h) => [h]),
      )
      const { holders } = state.get(netuid)!
      expect({ netuid, holders }).toEqual({
        netuid,
        holders: hotkeys.map((hotkey, uid) => ({
          hotkey,
          coldkey: coldkeys[uid],
          registeredAt: Number(since[uid]),
        })),
      })
    }
  })

  it.each(HEIGHTS)('block %i: who holds a validator permit', async (height) => {
    const state = stateAt(height)
    const netuids = state.live()
    const flagsOf = await stored(
      height,
      validatorPermit,
      netuids.map((n) => [n]),
    )
    const permitted = flagsOf.map((flags) => flags.flatMap((is, uid) => (is ? [uid] : [])))
    const told = netuids.map((n) => [...state.get(n)!.permits!].sort((a, b) => a - b))
    expect(told).toEqual(permitted)
    // Each of the three subnets has validators from its first epoch on.
    if (height > 150) expect(told.filter((uids) => uids.length > 0)).toHaveLength(3)
  })

  it.each(HEIGHTS)('block %i: the hyperparameters', async (height) => {
    const state = stateAt(height)
    for (const netuid of state.live()) {
      const told = state.get(netuid)!.parameters
      const known = parameters.filter((p) => !p.volatile && told.has(p.name))
      const columns = await storedAll(
        height,
        known.map((p) => ({ item: p.storage, keys: [[netuid]] })),
      )
      for (const [i, { name }] of known.entries()) {
        const value = columns[i]![0]
        // Some of what the older spec told is gone in the newer one.
        if (value === undefined) continue
        expect([netuid, name, told.get(name)]).toEqual([netuid, name, parameterValue(value)])
      }
    }
  })

  it.each(HEIGHTS)('block %i: the commitments that still stand', async (height) => {
    let compared = 0
    for (const netuid of stateAt(height).live()) {
      const subnet = stateAt(height).get(netuid)!
      const last = latest(subnet, height, ['Committed', 'CommitmentTimelocked'], (p) => p.who)
      const values = await stored(
        height,
        commitmentOf,
        [...last.keys()].map((who) => [netuid, who]),
      )
      for (const [i, [who, event]] of [...last].entries()) {
        const payload = event.payload as PayloadOf<'Committed'>
        const revealed = !subnet.timelocks.has(who)
        // A field whose round has come is taken out of the entry, and an empty entry goes.
        const standing = payload.fields!.filter((f) => f.revealRound === null || !revealed)
        if (standing.length === 0 && payload.fields!.length > 0) {
          expect(values[i]).toBeUndefined()
          compared++
          continue
        }
        expect(values[i]?.block).toBe(event.height)
        expect(fieldsOfData(values[i]!.info.fields)).toEqual(standing)
        compared++
      }
    }
    if (height > 200) expect(compared).toBeGreaterThan(5)
  })

  it.each(HEIGHTS)(
    'block %i: the weights of those whose tenure and subnet have not changed since',
    async (height) => {
      let compared = 0
      for (const netuid of stateAt(height).live()) {
        const subnet = stateAt(height).get(netuid)!
        const sets = latest(subnet, height, ['WeightsSet'], (p) => `${p.mechanism}/${p.uid}`)
        const upsets = latest(subnet, height, ['TenureEnded', 'UidsTrimmed'], () => '')
        for (const event of sets.values()) {
          const p = event.payload as PayloadOf<'WeightsSet'>
          if ((upsets.get('')?.height ?? 0) >= event.height) continue
          const [vector] = await stored(height, weights, [[netuid + 4096 * p.mechanism, p.uid]])
          expect(vector).toEqual(p.uids.map((uid, i) => [uid, p.u16[i]]))
          compared++
        }
      }
      if (height > 200) expect(compared).toBeGreaterThan(2)
    },
  )

  it.each(HEIGHTS)('block %i: the hash commits of weights that wait for their reveal', async (height) => {
    for (const netuid of stateAt(height).live()) {
      const waiting = stateAt(height)
        .get(netuid)!
        .weightCommits.filter((c) => c.kind === 'hash')
      const values = await stored(
        height,
        weightCommits,
        waiting.map((c) => [netuid, c.who]),
      )
      for (const [i, commit] of waiting.entries()) {
        expect((values[i] as readonly (readonly [string, ...bigint[]])[]).map(([hash]) => hash)).toContain(
          commit.commitHash,
        )
      }
    }
  })

  it('understood everything', () => {
    expect(events.filter((e) => e.type === 'Undecoded')).toEqual([])
    const unknown = events.filter(
      (e) =>
        (e.payload as { source?: string }).source === 'unavailable' ||
        (e.payload as { values?: string }).values === 'unavailable',
    )
    expect(unknown).toEqual([])
  })
})
