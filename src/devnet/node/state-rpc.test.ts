import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Devnet, startDevnet } from '../index'
import { assembleMetadata } from '../metadata'
import { DEV_NAMES, devAccount } from './dev-accounts'
import { ask, resultOf, TestSocket } from './test-client'

let devnet: Devnet
const rpc = <T>(method: string, ...params: unknown[]) => resultOf<T>(devnet.httpUrl, method, ...params)

beforeAll(async () => {
  devnet = await startDevnet({
    specVersion: 393,
    upgrades: [{ height: 6, specVersion: 424 }],
    initialBlocks: 12,
  })
})
afterAll(() => devnet.close())

const key = (item: string, ...keys: unknown[]) => devnet.node.spec.codec.key(item, keys)
const hashAt = (height: number) => devnet.node.chain.at(height)!.hash

it('answers block hashes for a number, a hex quantity, a list, nothing, and a height to come', async () => {
  expect(await rpc('chain_getBlockHash', 5)).toBe(hashAt(5))
  expect(await rpc('chain_getBlockHash', '0x5')).toBe(hashAt(5))
  expect(await rpc('chain_getBlockHash', [1, '0x2', 99])).toEqual([hashAt(1), hashAt(2), null])
  expect(await rpc('chain_getBlockHash')).toBe(hashAt(12))
  expect(await rpc('chain_getHead')).toBe(hashAt(12))
  expect(await rpc('chain_getBlock', `0x${'00'.repeat(32)}`)).toBeNull()
})

it('reports version and metadata as the state after the block has them', async () => {
  const versions = await Promise.all(
    [5, 6, 7].map((height) => rpc<{ specVersion: number }>('state_getRuntimeVersion', hashAt(height))),
  )
  expect(versions.map((it) => it.specVersion)).toEqual([393, 424, 424])
  expect(await rpc('chain_getRuntimeVersion', hashAt(5))).toEqual(versions[0])
  expect(await rpc('state_getMetadata', hashAt(5))).toBe(assembleMetadata(393))
  expect(await rpc('state_getMetadata', hashAt(6))).toBe(assembleMetadata(424))
})

it('reads values at any block, with hash and size', async () => {
  const number = key('System.Number')
  expect(await rpc('state_getStorage', number)).toBe('0x0c000000')
  expect(await rpc('state_getStorageAt', number, hashAt(3))).toBe('0x03000000')
  expect(await rpc('state_getStorageSize', number)).toBe(4)
  expect(await rpc('state_getStorageHash', number)).toMatch(/^0x[0-9a-f]{64}$/)
  expect(await rpc('state_getStorage', `${number}ff`)).toBeNull()
  expect(await rpc('state_queryStorageAt', [number, `${number}ff`], hashAt(4))).toEqual([
    {
      block: hashAt(4),
      changes: [
        [number, '0x04000000'],
        [`${number}ff`, null],
      ],
    },
  ])
})

it('lists the changes of a key over a range of blocks', async () => {
  const sets = await rpc<{ block: string }[]>(
    'state_queryStorage',
    [key('System.Number')],
    hashAt(4),
    hashAt(6),
  )
  expect(sets.map((it) => it.block)).toEqual([hashAt(4), hashAt(5), hashAt(6)])
})

it('pages through the keys of an item in raw order', async () => {
  const prefix = key('System.Account')
  const all = await rpc<string[]>('state_getKeys', prefix)
  expect(all).toEqual(DEV_NAMES.map((name) => key('System.Account', devAccount(name))).sort())
  const first = await rpc<string[]>('state_getKeysPaged', prefix, 4)
  const rest = await rpc<string[]>('state_getKeysPaged', prefix, 4, first.at(-1), hashAt(12))
  expect([...first, ...rest]).toEqual(all)
  const pairs = await rpc<[string, string][]>('state_getPairs', prefix)
  expect(pairs.map(([it]) => it)).toEqual(all)
})

it('refuses bad parameters and unknown blocks and methods with a node’s codes', async () => {
  const codeOf = async (method: string, ...params: unknown[]) =>
    (await ask(devnet.httpUrl, method, ...params)).error?.code
  expect(await codeOf('state_getStorage', 'number')).toBe(-32602)
  expect(await codeOf('state_getStorage', '0x00', `0x${'12'.repeat(32)}`)).toBe(4003)
  expect(await codeOf('state_getKeysPaged', '0x', 1001)).toBe(-32602)
  expect(await codeOf('chain_getBlockHash', 'latest')).toBe(-32602)
  expect(await codeOf('author_rotateKeys')).toBe(-32601)
  expect(await codeOf('constructor')).toBe(-32601)
  expect(await codeOf('state_call', 'Nothing_here', '0x')).toBe(4003)
})

it('answers runtime API calls', async () => {
  const alice = devAccount('Alice')
  expect(await rpc('state_call', 'AccountNonceApi_account_nonce', alice)).toBe('0x00000000')
  expect(await rpc('state_call', 'Metadata_metadata_at_version', '0x63000000')).toBe('0x00')
  expect(await rpc<string>('state_call', 'Core_version', '0x', hashAt(2))).toContain('89010000')
})

it('tells subscribers of storage and runtime version their first value and each change', async () => {
  const own = await startDevnet({ specVersion: 393, upgrades: [{ height: 2, specVersion: 424 }] })
  const socket = await TestSocket.open(own.wsUrl)
  const { result: version } = await socket.call('state_subscribeRuntimeVersion')
  const { result: storage } = await socket.call('state_subscribeStorage', [key('System.Number')])
  await own.produceBlocks(2)
  const versions = (await socket.results(version, 2)) as { specVersion: number }[]
  expect(versions.map((it) => it.specVersion)).toEqual([393, 424])
  const changes = (await socket.results(storage, 3)) as { changes: [string, string | null][] }[]
  expect(changes.map((it) => it.changes[0]![1])).toEqual([null, '0x01000000', '0x02000000'])
  socket.close()
  await own.close()
})
