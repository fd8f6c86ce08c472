import { afterEach, describe, expect, it } from 'vitest'
import { type Devnet, type DevnetOptions, startDevnet } from '../../devnet'
import { readBlocks } from '../recording/test-processor'
import { type ReadAhead, type ReadAheadOptions, startReadAhead } from './read-ahead'

describe('the read-ahead before a live chain', () => {
  let devnet: Devnet
  let readAhead: ReadAhead
  const start = async (chain: DevnetOptions, more: Partial<ReadAheadOptions> = {}): Promise<void> => {
    devnet = await startDevnet(chain)
    readAhead = await startReadAhead({
      upstreamUrl: devnet.wsUrl,
      headPollMs: 20,
      missingBlockPauseMs: 10,
      ...more,
    })
  }
  afterEach(async () => {
    await readAhead.close()
    await devnet.close()
  })

  it('gives the same blocks as the node through runtime upgrades, also two in one range', async () => {
    await start({
      initialBlocks: 100,
      specVersion: 393,
      upgrades: [
        { height: 40, specVersion: 411 },
        { height: 50, specVersion: 424 },
      ],
    })
    expect(await readBlocks(readAhead.url, 0)).toEqual(await readBlocks(devnet.wsUrl, 0))
  })

  it('follows the finalized head block by block, past forks of what is not final', async () => {
    await start({ initialBlocks: 30, finalityLagBlocks: 3 })
    for (let round = 0; round < 5; round += 1) {
      await devnet.produceBlocks(2)
      devnet.faults.fork(2)
      await devnet.produceBlocks(5)
      const final = devnet.node.chain.finalizedHead
      await expect.poll(() => readAhead.stats().headHeight).toBe(final.height)
      const blocks = await readBlocks(readAhead.url, 0)
      expect(blocks.at(-1)).toMatchObject({ height: final.height, hash: final.hash })
    }
    expect(await readBlocks(readAhead.url, 0)).toEqual(await readBlocks(devnet.wsUrl, 0))
  })

  it.each([
    ['names another parent in a header', 'parent-hash', 70],
    ['gives another block for a height', 'wrong-block', 70],
  ] as const)('stops when the node %s', async (_name, lie, height) => {
    await start({ initialBlocks: 100 })
    devnet.faults.lie(height, lie)
    await expect(readBlocks(readAhead.url, 0)).rejects.toThrow(`SL-CHAIN-CONTRADICTION: Block ${height}:`)
    expect(readAhead.stats().failure).toMatchObject({ code: 'SL-CHAIN-CONTRADICTION', facts: { height } })
  })

  it('finds altered events by comparing with a second node', async () => {
    const other = await startDevnet({ initialBlocks: 100 })
    await start({ initialBlocks: 100 }, { compareUrl: other.wsUrl })
    other.faults.lie(70, 'events')
    await expect(readBlocks(readAhead.url, 0)).rejects.toThrow('SL-NODES-DISAGREE: Block 70:')
    await other.close()
  })

  it('refuses to compare with a node of another chain', async () => {
    await start({})
    const other = await startDevnet({ genesisTimeMs: 1_000_000_000_000 })
    const started = startReadAhead({ upstreamUrl: devnet.wsUrl, compareUrl: other.wsUrl })
    await expect(started).rejects.toMatchObject({ code: 'SL-NODES-DISAGREE', facts: { height: 0 } })
    await other.close()
  })

  it('waits while the node cannot be reached, says so, and goes on', async () => {
    const warnings: string[] = []
    const onWarning = (message: string) => void warnings.push(message)
    await start({ initialBlocks: 100 }, { silenceToldMs: 300, onWarning })
    await devnet.faults.unreachable(true)
    const reading = readBlocks(readAhead.url, 0)
    await expect.poll(() => readAhead.stats().connectionErrors).toBeGreaterThan(1)
    await expect.poll(() => warnings).toEqual(['The node does not answer. Waiting for it.'])
    await devnet.faults.unreachable(false)
    expect(await reading).toHaveLength(101)
    await expect.poll(() => warnings.at(-1), { timeout: 10_000 }).toBe('The node answers again.')
  })

  it('reads what a pruned node still has, and says of the rest that it is gone', async () => {
    await start({ initialBlocks: 100 })
    devnet.faults.prune(50)
    expect(await readBlocks(readAhead.url, 60)).toEqual(await readBlocks(devnet.wsUrl, 60))
    await expect(readBlocks(readAhead.url, 20)).rejects.toThrow(/discarded/i)
  })
})
