import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { subtensor } from '../../scenario/calls'
import { NETUID, person, register, stake, TestChain } from '../test-chain'

const [ann, ben] = [person('ann'), person('ben')]
const S = (item: string) => `SubtensorModule.${item}`
const TAO = 10n ** 9n
const unstake = (amountUnstaked: bigint) =>
  subtensor('remove_stake', { hotkey: ann.hotkey.account, netuid: NETUID, amountUnstaked })

describe('stake on the devnet', () => {
  let chain: TestChain
  beforeEach(async () => {
    chain = await TestChain.start({ people: [ann, ben] })
    await chain.must(ann.coldkey, register(ann.hotkey))
  })
  afterEach(() => chain.close())
  const total = () => chain.get<bigint>(S('TotalHotkeyAlpha'), ann.hotkey.account, NETUID)

  it('is the sum of what coldkeys staked on a hotkey, which each of them gets back', async () => {
    expect(await chain.must(ann.coldkey, stake(ann.hotkey, 5n * TAO))).toEqual([
      {
        name: S('StakeAdded'),
        args: [ann.coldkey.account, ann.hotkey.account, 5n * TAO, 5n * TAO, NETUID, 0n],
      },
    ])
    await chain.must(ben.coldkey, stake(ann.hotkey, 2n * TAO))
    expect(total()).toBe(7n * TAO)
    expect((await chain.send(ben.coldkey, unstake(3n * TAO))).error).toBe(S('NotEnoughStakeToWithdraw'))
    const before = chain.freeOf(ben.coldkey.account)
    await chain.must(ben.coldkey, unstake(2n * TAO))
    expect(total()).toBe(5n * TAO)
    expect(chain.freeOf(ben.coldkey.account) - before).toBeGreaterThan(2n * TAO - 10n ** 6n)
  })

  it.each<[string, () => ReturnType<typeof stake>, string]>([
    ['a hotkey of nobody', () => stake(person('nobody').hotkey, TAO), 'HotKeyAccountNotExists'],
    ['an unknown subnet', () => stake(ann.hotkey, TAO, 99), 'SubnetNotExists'],
    ['too little', () => stake(ann.hotkey, 1n), 'AmountTooLow'],
    ['more than there is', () => stake(ann.hotkey, 10n ** 18n), 'NotEnoughBalanceToStake'],
  ])('is refused for %s', async (_, call, error) => {
    expect((await chain.send(ann.coldkey, call())).error).toBe(S(error))
    expect(total()).toBe(0n)
  })

  it('gives a permit at the end of the epoch, and takes it when it is gone', async () => {
    const permit = () => chain.get<boolean[]>(S('ValidatorPermit'), NETUID)[1]
    await chain.must(ann.coldkey, stake(ann.hotkey, TAO))
    expect(permit()).toBe(false)
    await chain.advance(21)
    expect(permit()).toBe(true)
    await chain.must(ann.coldkey, unstake(TAO))
    expect(permit()).toBe(true)
    await chain.advance(21)
    expect(permit()).toBe(false)
  })
})
