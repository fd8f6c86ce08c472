import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { subtensor } from '../../scenario/calls'
import { NETUID, person, register, TestChain } from '../test-chain'

const ann = person('ann')
const S = (item: string) => `SubtensorModule.${item}`
const axon = {
  version: 3,
  ip: 3_232_235_777n,
  port: 8_091,
  ipType: 4,
  protocol: 4,
  placeholder1: 0,
  placeholder2: 0,
}
const serve = (change: Readonly<Record<string, unknown>> = {}) =>
  subtensor('serve_axon', { netuid: NETUID, ...axon, ...change })

describe('serve_axon on the devnet', () => {
  let chain: TestChain
  beforeEach(async () => {
    chain = await TestChain.start({ people: [ann] })
    await chain.must(ann.coldkey, register(ann.hotkey))
  })
  afterEach(() => chain.close())

  it('keeps where a neuron serves, since when', async () => {
    expect(await chain.must(ann.hotkey, serve())).toEqual([
      { name: S('AxonServed'), args: [NETUID, ann.hotkey.account] },
    ])
    expect(chain.get(S('Axons'), NETUID, ann.hotkey.account)).toEqual({
      ...axon,
      block: BigInt(chain.height),
    })
  })

  it.each<[string, Readonly<Record<string, unknown>>, string]>([
    ['an unknown kind of address', { ipType: 5 }, 'InvalidIpType'],
    ['no address', { ip: 0n }, 'InvalidIpAddress'],
    ['a long address of the short kind', { ip: 2n ** 40n }, 'InvalidIpAddress'],
    ['port 0', { port: 0 }, 'InvalidPort'],
  ])('refuses %s', async (_, change, error) => {
    expect((await chain.send(ann.hotkey, serve(change))).error).toBe(S(error))
    expect(chain.get(S('Axons'), NETUID, ann.hotkey.account)).toBeUndefined()
  })

  it('is for who is registered', async () => {
    expect((await chain.send(ann.coldkey, serve())).error).toBe(S('HotKeyNotRegisteredInNetwork'))
  })
})
