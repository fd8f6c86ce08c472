import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Devnet } from '../../devnet'
import { startScenario } from '../../devnet/scenario/start-scenario'
import { createTestIndexer, type TestIndexer } from './test-indexer'

const BLOCKS = 240

describe('an indexer of a node with faults', () => {
  let devnet: Devnet
  let undisturbed: string
  let indexer: TestIndexer

  beforeAll(async () => {
    devnet = await startScenario({ seed: 3, historyBlocks: BLOCKS })
    const whole = await createTestIndexer(devnet)
    await whole.run({ toHeight: BLOCKS })
    undisturbed = await whole.roots()
    await whole.close()
  }, 120_000)
  afterAll(() => devnet.close())
  beforeEach(async () => {
    indexer = await createTestIndexer(devnet)
  })
  afterEach(async () => {
    devnet.faults.tellTruth()
    devnet.faults.latency(0)
    await devnet.faults.unreachable(false)
    await indexer.close()
  })

  it('stops when a block does not follow the last indexed one, says which, and writes nothing of it', async () => {
    await indexer.run({ toHeight: 100 })
    const before = await indexer.roots()
    await indexer.reader.query(`update squid_processor.status set hash = '0x${'ab'.repeat(32)}'`)
    await expect(indexer.run({ toHeight: BLOCKS })).rejects.toMatchObject({
      code: 'SL-CHAIN-CONTRADICTION',
      kind: 'contradiction',
      facts: { height: 100, indexedHash: `0x${'ab'.repeat(32)}`, hash: devnet.node.chain.at(100)!.hash },
    })
    expect(await indexer.roots()).toBe(before)
  })

  it('stops before a block that names another parent, with height and both hashes, and keeps what came before', async () => {
    devnet.faults.lie(150, 'parent-hash')
    await expect(indexer.run({ toHeight: BLOCKS })).rejects.toMatchObject({
      code: 'SL-CHAIN-CONTRADICTION',
      kind: 'contradiction',
      facts: { height: 149, hash: devnet.node.chain.at(149)!.hash, parentHash: `0x${'ee'.repeat(32)}` },
    })
    expect(await indexer.height()).toBeLessThan(150)
    devnet.faults.tellTruth()
    await indexer.run({ toHeight: BLOCKS })
    expect(await indexer.roots()).toBe(undisturbed)
  })

  it('refuses to begin in mid-chain on a node that keeps no state of there', async () => {
    const pruned = await startScenario({ seed: 3, historyBlocks: 60 })
    pruned.faults.prune(50)
    const other = await createTestIndexer(pruned)
    await expect(other.run({ fromHeight: 40, toHeight: 45 })).rejects.toMatchObject({
      code: 'SL-NODE-PRUNED',
    })
    expect(await other.height()).toBe(-1)
    await other.close()
    await pruned.close()
  })

  it('goes on after connections were dropped in the middle', async () => {
    devnet.faults.latency(2)
    const dropper = setInterval(() => devnet.faults.dropConnections(), 150)
    try {
      await indexer.run({ toHeight: BLOCKS })
    } finally {
      clearInterval(dropper)
    }
    expect(await indexer.roots()).toBe(undisturbed)
  })

  it('says within its time that no node answers, before the database is touched', async () => {
    await devnet.faults.unreachable(true)
    await expect(indexer.run({ probeTimeoutMs: 500 })).rejects.toMatchObject({ code: 'SL-NODE-UNREACHABLE' })
    expect((await indexer.reader.query('select from ledger_identity')).rowCount).toBe(0)
  })

  it('refuses a node of another chain before anything is written', async () => {
    const genesisHash = `0x${'77'.repeat(32)}`
    await expect(indexer.run({ genesisHash })).rejects.toMatchObject({
      code: 'SL-WRONG-NETWORK',
      facts: { nodeGenesis: devnet.genesisHash, expectedGenesis: genesisHash },
    })
    expect((await indexer.reader.query('select from ledger_identity')).rowCount).toBe(0)
    expect(await indexer.height()).toBe(-1)
  })

  it('ends after the transaction under way when it is told to, and goes on from there to the same roots', async () => {
    devnet.faults.latency(15)
    let stops = 0
    while ((await indexer.height()) < BLOCKS) {
      const stop = new AbortController()
      const before = await indexer.height()
      const onProgress = ({ height }: { height: number }) => {
        if (height > before && height < BLOCKS) stop.abort()
      }
      await indexer.run({ toHeight: BLOCKS, signal: stop.signal, onProgress })
      if (stop.signal.aborted) stops += 1
      expect(await indexer.height()).toBeGreaterThan(before)
    }
    expect(stops).toBeGreaterThan(0)
    expect(await indexer.roots()).toBe(undisturbed)
  })

  it('follows the head while blocks are made, and ends when it is told to', async () => {
    const live = await startScenario({ seed: 3, historyBlocks: 20 })
    const follower = await createTestIndexer(live)
    const stop = new AbortController()
    const run = follower.run({ signal: stop.signal })
    await live.produceBlocks(20)
    while ((await follower.height()) < 40) await wait(20)
    stop.abort()
    await run
    expect(await follower.height()).toBe(40)
    await follower.close()
    await live.close()
  })
})
