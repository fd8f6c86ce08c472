import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Devnet } from '../../devnet'
import { startScenario } from '../../devnet/scenario/start-scenario'
import { archiveOf, type GatewayBlock, startTestGateway, type TestGateway } from './test-gateway'
import { createTestIndexer, type TestIndexer } from './test-indexer'

/** The scenario upgrades the runtime after 300: the gateway serves blocks of both runtimes. */
const BLOCKS = 340
const GATEWAY_BLOCKS = 320

describe('an indexer that takes old blocks from a gateway', () => {
  let devnet: Devnet
  let archive: GatewayBlock[]
  let fromNode: string
  let gateway: TestGateway
  let indexer: TestIndexer

  beforeAll(async () => {
    devnet = await startScenario({ seed: 3, historyBlocks: BLOCKS })
    archive = await archiveOf(devnet.wsUrl, GATEWAY_BLOCKS)
    const whole = await createTestIndexer(devnet)
    await whole.run({ toHeight: BLOCKS })
    fromNode = await whole.roots()
    await whole.close()
  }, 120_000)
  afterAll(() => devnet.close())
  beforeEach(async () => {
    gateway = await startTestGateway(archive)
    indexer = await createTestIndexer(devnet)
  })
  afterEach(async () => {
    await indexer.close()
    await gateway.close()
  })

  it('writes the same log as from the node alone, and takes the rest from the node', async () => {
    await indexer.run({ gatewayUrl: gateway.url, toHeight: BLOCKS })
    expect(await indexer.roots()).toBe(fromNode)
    expect(await indexer.height()).toBe(BLOCKS)
    expect(gateway.served.length).toBeGreaterThan(GATEWAY_BLOCKS / 40)
    expect(gateway.served).toContain(`280-${BLOCKS}`)
  })

  it('goes on after a stop where it was, whichever source serves what is left', async () => {
    await indexer.run({ gatewayUrl: gateway.url, toHeight: 150 })
    await indexer.run({ gatewayUrl: gateway.url, toHeight: 330 })
    await indexer.run({ gatewayUrl: gateway.url, toHeight: BLOCKS })
    expect(await indexer.roots()).toBe(fromNode)
  })

  it('stops at a block of the gateway that names another parent, and keeps what came before', async () => {
    const forged = archive.map((block) =>
      block.header.number === 100
        ? { ...block, header: { ...block.header, parentHash: `0x${'ee'.repeat(32)}` } }
        : block,
    )
    const liar = await startTestGateway(forged)
    await expect(indexer.run({ gatewayUrl: liar.url, toHeight: BLOCKS })).rejects.toMatchObject({
      code: 'SL-CHAIN-CONTRADICTION',
      facts: { height: 100, parentHash: `0x${'ee'.repeat(32)}`, indexedHash: archive[99]!.header.hash },
    })
    expect(await indexer.height()).toBeLessThan(100)
    await liar.close()
    await indexer.run({ gatewayUrl: gateway.url, toHeight: BLOCKS })
    expect(await indexer.roots()).toBe(fromNode)
  })

  it('refuses the gateway of another chain before anything is written', async () => {
    const other = await startScenario({ seed: 4, historyBlocks: 20 })
    const foreign = await startTestGateway(await archiveOf(other.wsUrl, 20))
    await expect(indexer.run({ gatewayUrl: foreign.url, toHeight: BLOCKS })).rejects.toMatchObject({
      code: 'SL-GATEWAY-CHAIN',
      facts: { height: 0, nodeHash: devnet.genesisHash },
    })
    expect(await indexer.height()).toBe(-1)
    await foreign.close()
    await other.close()
  })

  it.each(['refuses every question', 'is gone'])('says within its time that a gateway %s', async (fault) => {
    const { url: gatewayUrl } = gateway
    if (fault === 'is gone') {
      await gateway.close()
      gateway = await startTestGateway(archive)
    } else gateway.status = 503
    const run = indexer.run({ gatewayUrl, toHeight: BLOCKS, probeTimeoutMs: 2_000 })
    await expect(run).rejects.toMatchObject({ code: 'SL-GATEWAY-UNREACHABLE' })
    expect(await indexer.height()).toBe(-1)
  })

  it('waits while the gateway fails in the middle, and asks it nothing more after it was told to end', async () => {
    const stop = new AbortController()
    const onProgress = ({ height }: { height: number }) => {
      if (height > 0) gateway.status = 503
    }
    const run = indexer.run({ gatewayUrl: gateway.url, signal: stop.signal, onProgress })
    while (gateway.status === 200) await new Promise((resolve) => setTimeout(resolve, 10))
    stop.abort()
    await run
    const asked = gateway.served.length
    gateway.status = 200
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    expect(gateway.served.length).toBe(asked)
    await indexer.run({ gatewayUrl: gateway.url, toHeight: BLOCKS })
    expect(await indexer.roots()).toBe(fromNode)
  })
})
