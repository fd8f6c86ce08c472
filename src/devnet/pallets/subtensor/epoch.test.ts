import { afterEach, describe, expect, it } from 'vitest'
import { adminUtils, subtensor } from '../../scenario/calls'
import { NETUID, owner, person, register, setWeights, stake, TestChain } from '../test-chain'

const people = [person('ann'), person('ben')]
const [ann, ben] = people as [(typeof people)[0], (typeof people)[0]]
const S = (item: string) => `SubtensorModule.${item}`
const EMITTED = S('IncentiveAlphaEmittedToMiners')

describe('epochs on the devnet', () => {
  let chain: TestChain
  afterEach(() => chain.close())

  /** The next block in which an epoch is paid. */
  const nextEpoch = async () => {
    for (let i = 0; i < 50; i++) {
      const block = await chain.block()
      const emitted = block.initialization.filter((it) => it.name === EMITTED)
      if (emitted.length > 0) return { ...block, emitted }
    }
    throw new Error('no epoch came')
  }
  const start = async () => {
    chain = await TestChain.start({ people })
    await chain.openWeights()
    await chain.makeValidators(owner, ann)
    await chain.must(ben.coldkey, register(ben.hotkey))
    await chain.advance(6)
  }

  it('pay miners by what validators gave them, weighted by stake, before anything else in the block', async () => {
    await start()
    await chain.must(owner.coldkey, stake(owner.hotkey, 200n * 10n ** 9n))
    await chain.must(owner.hotkey, setWeights([[2, 1]]))
    await chain.must(
      ann.hotkey,
      setWeights([
        [0, 3],
        [2, 1],
      ]),
    )
    const { emitted } = await nextEpoch()
    const { emissions } = emitted[0]!.args as { emissions: bigint[] }
    // The owner has staked three times as much: 0 gets 1/4 · 3/4, 2 the rest.
    const total = emissions.reduce((a, b) => a + b, 0n)
    expect(Number((emissions[0]! * 1_000n) / total) / 1_000).toBeCloseTo(0.1875, 2)
    expect(Number((emissions[2]! * 1_000n) / total) / 1_000).toBeCloseTo(0.8125, 2)
    expect(emissions[1]).toBe(0n)
    // The validators' dividends are part of the emission, not of the incentive.
    expect(chain.get<bigint[]>(S('Emission'), NETUID)[1]).toBeGreaterThan(0n)
    expect(chain.get<number[]>(S('Incentive'), NETUID)[1]).toBe(0)
    expect(chain.get<number[]>(S('Dividends'), NETUID)[1]).toBe(16_383)
  })

  it('come every tempo + 1 blocks, staggered by netuid, and never with a tempo of zero', async () => {
    await start()
    const first = await nextEpoch()
    const second = await nextEpoch()
    expect(second.height - first.height).toBe(21)
    expect((first.height + NETUID + 1) % 21).toBe(20)
    await chain.sudo(adminUtils('sudo_set_tempo', { netuid: NETUID, tempo: 0 }))
    await expect(nextEpoch()).rejects.toThrow(/no epoch/)
  })

  it('are told once for each mechanism, under its storage index, and share what is paid', async () => {
    await start()
    await chain.sudo(adminUtils('sudo_set_mechanism_count', { netuid: NETUID, mechanismCount: 2 }))
    await chain.must(ann.hotkey, setWeights([[2, 1]]))
    const second = { netuid: NETUID, mecid: 1, dests: [0], weights: [1], versionKey: 0n }
    await chain.must(ann.hotkey, subtensor('set_mechanism_weights', second))
    const { emitted } = await nextEpoch()
    expect(emitted.map((it) => it.args.netuid)).toEqual([NETUID, NETUID + 4_096])
    const [one, two] = emitted.map((it) => it.args.emissions as bigint[])
    expect(one![2]).toBe(two![0])
    expect([one![0], two![2]]).toEqual([0n, 0n])
  })
})
