import { afterEach, describe, expect, it } from 'vitest'
import { adminUtils, subtensor } from '../../scenario/calls'
import { NETUID, owner, person, register, setWeights, TestChain } from '../test-chain'

const [ann, ben] = [person('ann'), person('ben')]
const S = (item: string) => `SubtensorModule.${item}`
const set = (name: string, args: Readonly<Record<string, unknown>>) =>
  adminUtils(name, { netuid: NETUID, ...args })

describe('set_weights on the devnet', () => {
  let chain: TestChain
  afterEach(() => chain.close())

  /** Owner 0 and ann 1 are validators, ben 2 is not. */
  const start = async (specVersion = 424) => {
    chain = await TestChain.start({ specVersion, people: [ann, ben] })
    await chain.openWeights()
    await chain.makeValidators(owner, ann)
    await chain.must(ben.coldkey, register(ben.hotkey))
    await chain.advance(6)
  }

  it('stores the vector scaled up to the greatest u16, and tells netuid and uid', async () => {
    await start()
    const events = await chain.must(
      ann.hotkey,
      setWeights([
        [0, 1],
        [2, 4],
      ]),
    )
    expect(events).toEqual([{ name: S('WeightsSet'), args: [NETUID, 1] }])
    expect(chain.get(S('Weights'), NETUID, 1)).toEqual([
      [0, 16_384],
      [2, 65_535],
    ])
    expect(chain.get(S('LastUpdate'), NETUID)[1]).toBe(BigInt(chain.height))
  })

  it.each<[string, Parameters<typeof setWeights>, string]>([
    ['an unknown subnet', [[[0, 1]], 99], 'SubnetNotExists'],
    ['the root network', [[[0, 1]], 0], 'CanNotSetRootNetworkWeights'],
    [
      'more uids than there are',
      [
        [
          [0, 1],
          [1, 1],
          [2, 1],
          [3, 1],
        ],
      ],
      'UidsLengthExceedUidsInSubNet',
    ],
    [
      'a uid twice',
      [
        [
          [2, 1],
          [2, 1],
        ],
      ],
      'DuplicateUids',
    ],
    ['a uid that nobody holds', [[[7, 1]]], 'UidVecContainInvalidOne'],
  ])('refuses weights for %s', async (_, args, error) => {
    await start()
    const { error: told, events } = await chain.send(ann.hotkey, setWeights(...args))
    expect(told).toBe(S(error))
    expect(events).toEqual([])
    expect(chain.get(S('Weights'), NETUID, 1)).toEqual([])
  })

  it('refuses vectors of unequal lengths, and too few weights unless they are for oneself', async () => {
    await start()
    const unequal = subtensor('set_weights', { netuid: NETUID, dests: [0, 2], weights: [1], versionKey: 0n })
    expect((await chain.send(ann.hotkey, unequal)).error).toBe(S('WeightVecNotEqualSize'))
    await chain.sudo(set('sudo_set_min_allowed_weights', { minAllowedWeights: 2 }))
    expect((await chain.send(ann.hotkey, setWeights([[2, 1]]))).error).toBe(S('WeightVecLengthIsLow'))
    expect((await chain.send(ann.hotkey, setWeights([[1, 1]]))).error).toBeUndefined()
  })

  it('refuses who has no permit, unless the weight is for itself; and who is not registered', async () => {
    await start()
    expect((await chain.send(ben.hotkey, setWeights([[0, 1]]))).error).toBe(S('NeuronNoValidatorPermit'))
    expect((await chain.send(ben.hotkey, setWeights([[2, 1]]))).error).toBeUndefined()
    expect((await chain.send(ben.coldkey, setWeights([[0, 1]]))).error).toBe(S('HotKeyNotRegisteredInSubNet'))
  })

  it('has only as many validators as are allowed, from the next epoch on', async () => {
    await start()
    await chain.sudo(set('sudo_set_max_allowed_validators', { maxAllowedValidators: 1 }))
    expect((await chain.send(ann.hotkey, setWeights([[2, 1]]))).error).toBeUndefined()
    await chain.advance(25)
    expect(chain.get(S('ValidatorPermit'), NETUID)).toEqual([true, false, false])
    expect((await chain.send(ann.hotkey, setWeights([[2, 1]]))).error).toBe(S('NeuronNoValidatorPermit'))
  })

  it('waits for the rate limit, from registration and from the last vector', async () => {
    await start()
    await chain.sudo(set('sudo_set_weights_set_rate_limit', { weightsSetRateLimit: 4n }))
    await chain.must(ann.hotkey, setWeights([[2, 1]]))
    expect((await chain.send(ann.hotkey, setWeights([[2, 1]]))).error).toBe(S('SettingWeightsTooFast'))
    await chain.advance(2)
    expect((await chain.send(ann.hotkey, setWeights([[2, 1]]))).error).toBeUndefined()
  })

  it('refuses an old version key, not a newer one', async () => {
    await start()
    await chain.sudo(set('sudo_set_weights_version_key', { weightsVersionKey: 5n }))
    const versioned = (versionKey: bigint) =>
      subtensor('set_weights', { netuid: NETUID, dests: [2], weights: [1], versionKey })
    expect((await chain.send(ann.hotkey, versioned(4n))).error).toBe(S('IncorrectWeightVersionKey'))
    expect((await chain.send(ann.hotkey, versioned(6n))).error).toBeUndefined()
  })

  it('refuses a value beyond the subnet’s limit where there is one', async () => {
    await start(218)
    await chain.sudo(set('sudo_set_max_weight_limit', { maxWeightLimit: 40_000 }))
    expect(
      (
        await chain.send(
          ann.hotkey,
          setWeights([
            [0, 1],
            [2, 9],
          ]),
        )
      ).error,
    ).toBe(S('MaxWeightExceeded'))
    expect(
      (
        await chain.send(
          ann.hotkey,
          setWeights([
            [0, 1],
            [2, 1],
          ]),
        )
      ).error,
    ).toBeUndefined()
  })

  it('is refused while weights must be committed first', async () => {
    await start()
    await chain.sudo(set('sudo_set_commit_reveal_weights_enabled', { enabled: true }))
    expect((await chain.send(ann.hotkey, setWeights([[2, 1]]))).error).toBe(S('CommitRevealEnabled'))
  })

  it('keeps a vector for each mechanism, under netuid + 4096 for the second', async () => {
    await start()
    const mechanism = (mecid: number) =>
      subtensor('set_mechanism_weights', { netuid: NETUID, mecid, dests: [2], weights: [1], versionKey: 0n })
    expect((await chain.send(ann.hotkey, mechanism(1))).error).toBe(S('MechanismDoesNotExist'))
    await chain.sudo(set('sudo_set_mechanism_count', { mechanismCount: 2 }))
    expect(await chain.must(ann.hotkey, mechanism(1))).toEqual([
      { name: S('WeightsSet'), args: [NETUID + 4_096, 1] },
    ])
    expect(chain.get(S('Weights'), NETUID + 4_096, 1)).toEqual([[2, 65_535]])
    expect(chain.get(S('Weights'), NETUID, 1)).toEqual([])
  })

  it('sets many at once: what fails is told, the batch succeeds and names what was asked for', async () => {
    await start()
    const batch = subtensor('batch_set_weights', {
      netuids: [NETUID, 99],
      weights: [[[2, 1]], [[0, 1]]],
      versionKeys: [0n, 0n],
    })
    const events = await chain.must(ann.hotkey, batch)
    expect(events.map((it) => it.name)).toEqual(
      ['WeightsSet', 'BatchWeightItemFailed', 'BatchCompletedWithErrors', 'BatchWeightsCompleted'].map(S),
    )
    expect(events[1]!.args[0]).toBe(99)
    expect(chain.nameOf(events[1]!.args[1])).toBe(S('SubnetNotExists'))
    expect(events[3]!.args).toEqual([[NETUID, 99], ann.hotkey.account])
  })

  it('costs nothing: a hotkey without any balance may set weights', async () => {
    await start()
    const before = chain.freeOf(ann.hotkey.account)
    await chain.must(ann.hotkey, setWeights([[2, 1]]))
    expect(chain.freeOf(ann.hotkey.account)).toBe(before)
  })
})
