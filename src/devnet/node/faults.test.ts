import { afterEach, describe, expect, it } from 'vitest'
import { type Devnet, type DevnetOptions, startDevnet } from '../index'
import { type Header, headerHash } from './block'
import { FinalizedForkError } from './chain'
import { devPair } from './dev-accounts'
import { OTHER_PARENT } from './faults'
import { signExtrinsic, signerOf } from './signer'
import { ask, resultOf, TestSocket } from './test-client'

const open: (() => void | Promise<void>)[] = []

afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close()
})

async function devnetWith(options: DevnetOptions = {}): Promise<Devnet> {
  const devnet = await startDevnet(options)
  open.push(() => devnet.close())
  return devnet
}

async function socketTo(devnet: Devnet): Promise<TestSocket> {
  const socket = await TestSocket.open(devnet.wsUrl)
  open.push(() => socket.close())
  return socket
}

const heights = (headers: unknown[]) => headers.map((it) => Number((it as Header).number))
const eventsKey = (devnet: Devnet) => devnet.node.spec.codec.key('System.Events', [])

describe('latency', () => {
  it('delays every answer from the start and when set later', async () => {
    const devnet = await devnetWith({ latencyMs: 30 })
    const timeOf = async () => {
      const start = performance.now()
      await ask(devnet.httpUrl, 'system_chain')
      return performance.now() - start
    }
    expect(await timeOf()).toBeGreaterThanOrEqual(29)
    devnet.faults.latency(60)
    expect(await timeOf()).toBeGreaterThanOrEqual(59)
  })
})

describe('finality', () => {
  it('lags behind the best head by the blocks asked for', async () => {
    const devnet = await devnetWith({ finalityLagBlocks: 3 })
    await devnet.produceBlocks(10)
    const hash = await resultOf<string>(devnet.httpUrl, 'chain_getFinalizedHead')
    expect(devnet.node.chain.get(hash)!.height).toBe(7)
    devnet.faults.finalityLag(1)
    expect(devnet.node.chain.finalizedHead.height).toBe(9)
  })

  it('is told to subscribers block by block', async () => {
    const devnet = await devnetWith({ finalityLagBlocks: 2 })
    const socket = await socketTo(devnet)
    const { result: finalized } = await socket.call('chain_subscribeFinalizedHeads')
    const { result: best } = await socket.call('chain_subscribeNewHeads')
    await devnet.produceBlocks(4)
    expect(heights(await socket.results(best, 5))).toEqual([0, 1, 2, 3, 4])
    expect(heights(await socket.results(finalized, 3))).toEqual([0, 1, 2])
  })
})

describe('fork', () => {
  it('moves unfinalized heights to other hashes, keeps the left blocks readable, and is one block longer', async () => {
    const devnet = await devnetWith({ finalityLagBlocks: 4 })
    await devnet.produceBlocks(10)
    const old = [6, 7, 8, 9, 10].map((height) => devnet.node.chain.at(height)!.hash)
    devnet.faults.fork(3)
    expect(devnet.node.chain.head.height).toBe(11)
    const now = [6, 7, 8, 9, 10].map((height) => devnet.node.chain.at(height)!.hash)
    expect(now.slice(0, 2)).toEqual(old.slice(0, 2))
    for (const i of [2, 3, 4]) expect(now[i]).not.toBe(old[i])
    const left = await resultOf<{ block: { header: Header } }>(devnet.httpUrl, 'chain_getBlock', old[4])
    expect(headerHash(left.block.header)).toBe(old[4])
    const key = devnet.node.spec.codec.key('System.Number', [])
    expect(await resultOf(devnet.httpUrl, 'state_getStorage', key, old[4])).toBe('0x0a000000')
    expect(await resultOf(devnet.httpUrl, 'state_getStorage', key, now[4])).toBe('0x0a000000')
  })

  it('refuses to undo a final block', async () => {
    const devnet = await devnetWith({ finalityLagBlocks: 2 })
    await devnet.produceBlocks(10)
    expect(() => devnet.faults.fork(3)).toThrow(FinalizedForkError)
  })

  it.each([
    [{}, true],
    [{ dropTransactions: true }, false],
  ])('takes the transactions of the left blocks along unless told not to: %o', async (options, included) => {
    const sender = signerOf('sender')
    const devnet = await devnetWith({ finalityLagBlocks: 5, balances: { [sender.account]: 10n ** 12n } })
    await devnet.produceBlocks(5)
    const remark = { __kind: 'System', value: { __kind: 'remark', remark: '0x01' } }
    const hex = signExtrinsic(devnet.node.spec, sender, remark, 0, devnet.genesisHash)
    devnet.submit(hex)
    await devnet.produceBlocks(1)
    expect(devnet.node.chain.head.extrinsics).toContain(hex)
    const branch = devnet.faults.fork(1, options)
    expect(branch.some((block) => block.extrinsics.includes(hex))).toBe(included)
    expect(devnet.node.nonceOf(sender.account)).toBe(included ? 1 : 0)
  })
})

describe('pruned state', () => {
  it('answers as a node without old states, and serves the later ones', async () => {
    const devnet = await devnetWith()
    await devnet.produceBlocks(20)
    devnet.faults.prune(10)
    const at = (height: number) => devnet.node.chain.at(height)!.hash
    const gone = await ask(devnet.httpUrl, 'state_getStorageAt', eventsKey(devnet), at(9))
    expect(gone.error).toEqual({
      code: 4003,
      message: `Client error: UnknownBlock: State already discarded for ${at(9)}`,
    })
    for (const method of ['state_getMetadata', 'state_getRuntimeVersion']) {
      expect((await ask(devnet.httpUrl, method, at(9))).error?.code).toBe(4003)
    }
    expect(await resultOf(devnet.httpUrl, 'chain_getHeader', at(9))).toMatchObject({ number: '0x9' })
    expect(await resultOf(devnet.httpUrl, 'state_getStorageAt', eventsKey(devnet), at(10))).toMatch(/^0x/)
    const key = devnet.node.spec.codec.key('System.Account', [
      `0x${Buffer.from(devPair('Alice').publicKey).toString('hex')}`,
    ])
    expect(await resultOf(devnet.httpUrl, 'state_getStorage', key, at(10))).toMatch(/^0x/)
  })
})

it('may be pruned and lying from the start', async () => {
  const devnet = await devnetWith({ initialBlocks: 5, prunedBelowHeight: 3, lies: { 4: 'wrong-block' } })
  const at = (height: number) => devnet.node.chain.at(height)!.hash
  expect((await ask(devnet.httpUrl, 'state_getRuntimeVersion', at(2))).error?.code).toBe(4003)
  expect((await ask(devnet.httpUrl, 'state_getRuntimeVersion', at(3))).error).toBeUndefined()
  expect(await resultOf(devnet.httpUrl, 'chain_getBlockHash', 4)).toBe(at(3))
})

describe('connections', () => {
  it('are cut, and a new one is taken', async () => {
    const devnet = await devnetWith()
    const socket = await socketTo(devnet)
    devnet.faults.dropConnections()
    await socket.closed
    const again = await socketTo(devnet)
    expect((await again.call('system_chain')).result).toBe('Subledger Devnet')
  })

  it('are refused while unreachable, and taken on the same port after', async () => {
    const devnet = await devnetWith()
    await devnet.faults.unreachable(true)
    await expect(TestSocket.open(devnet.wsUrl)).rejects.toThrow(/ECONNREFUSED/)
    await devnet.produceBlocks(1)
    await devnet.faults.unreachable(false)
    expect(await resultOf(devnet.httpUrl, 'chain_getHeader')).toMatchObject({ number: '0x1' })
  })
})

describe('lies', () => {
  it('name a wrong parent: the header no longer hashes to the block', async () => {
    const devnet = await devnetWith()
    await devnet.produceBlocks(5)
    const { hash } = devnet.node.chain.at(3)!
    devnet.faults.lie(3, 'parent-hash')
    const header = await resultOf<Header>(devnet.httpUrl, 'chain_getHeader', hash)
    expect(header.parentHash).toBe(OTHER_PARENT)
    expect(headerHash(header)).not.toBe(hash)
    devnet.faults.tellTruth()
    expect(headerHash(await resultOf<Header>(devnet.httpUrl, 'chain_getHeader', hash))).toBe(hash)
  })

  it('hide an event', async () => {
    const devnet = await devnetWith()
    await devnet.produceBlocks(5)
    const { hash, events } = devnet.node.chain.at(3)!
    devnet.faults.lie(3, 'events')
    expect(events.slice(0, 4)).toBe('0x04')
    expect(await resultOf(devnet.httpUrl, 'state_getStorage', eventsKey(devnet), hash)).toBe('0x00')
  })

  it('give another block for a height', async () => {
    const devnet = await devnetWith()
    await devnet.produceBlocks(5)
    devnet.faults.lie(3, 'wrong-block')
    expect(await resultOf(devnet.httpUrl, 'chain_getBlockHash', 3)).toBe(devnet.node.chain.at(2)!.hash)
  })
})

describe('block time', () => {
  it('makes blocks by itself, and stops when set to 0', async () => {
    const devnet = await devnetWith({ blockTimeMs: 5 })
    const socket = await socketTo(devnet)
    const { result } = await socket.call('chain_subscribeNewHeads')
    await socket.results(result, 4)
    devnet.faults.blockTime(0)
    const { height } = devnet.node.chain.head
    await new Promise((resolve) => setTimeout(resolve, 30))
    expect(devnet.node.chain.head.height).toBe(height)
  })
})
