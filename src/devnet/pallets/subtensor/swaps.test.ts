import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { subtensor } from '../../scenario/calls'
import { NETUID, owner, person, register, setWeights, stake, TestChain } from '../test-chain'

const [ann, ben] = [person('ann'), person('ben')]
const next = person('ann, later').hotkey
const SECOND = 9
const S = (item: string) => `SubtensorModule.${item}`
const subnets = [NETUID, SECOND].map((netuid) => ({
  netuid,
  coldkey: owner.coldkey.account,
  hotkey: owner.hotkey.account,
}))
const swap = (netuid?: number, from = ann.hotkey, to = next) =>
  subtensor('swap_hotkey', { hotkey: from.account, newHotkey: to.account, netuid })

describe('swaps on the devnet', () => {
  let chain: TestChain
  beforeEach(async () => {
    chain = await TestChain.start({ people: [ann, ben], subnets })
    for (const netuid of [NETUID, SECOND]) await chain.must(ann.coldkey, register(ann.hotkey, netuid))
  })
  afterEach(() => chain.close())
  const uid = (netuid: number, account: string) => chain.get(S('Uids'), netuid, account)

  it('of a hotkey everywhere: one event, the same uids and registration blocks', async () => {
    const registered = [NETUID, SECOND].map((netuid) => chain.get(S('BlockAtRegistration'), netuid, 1))
    expect(await chain.must(ann.coldkey, swap())).toEqual([
      {
        name: S('HotkeySwapped'),
        args: {
          coldkey: ann.coldkey.account,
          oldHotkey: ann.hotkey.account,
          newHotkey: next.account,
        },
      },
    ])
    for (const netuid of [NETUID, SECOND]) {
      expect([uid(netuid, ann.hotkey.account), uid(netuid, next.account)]).toEqual([undefined, 1])
      expect(chain.get(S('Keys'), netuid, 1)).toBe(next.account)
    }
    expect([NETUID, SECOND].map((netuid) => chain.get(S('BlockAtRegistration'), netuid, 1))).toEqual(
      registered,
    )
    expect(chain.get(S('Owner'), next.account)).toBe(ann.coldkey.account)
  })

  it('of a hotkey on one subnet: the others stay', async () => {
    const events = await chain.must(ann.coldkey, swap(SECOND))
    expect(events).toMatchObject([{ name: S('HotkeySwappedOnSubnet'), args: { netuid: SECOND } }])
    expect([uid(NETUID, ann.hotkey.account), uid(SECOND, next.account)]).toEqual([1, 1])
    expect(uid(NETUID, next.account)).toBeUndefined()
  })

  it('take weights and stake along, in the new call too', async () => {
    await chain.openWeights()
    await chain.makeValidators(ann)
    await chain.must(ann.hotkey, setWeights([[0, 1]]))
    await chain.must(ben.coldkey, stake(ann.hotkey, 10n ** 9n))
    const before = chain.get<bigint>(S('TotalHotkeyAlpha'), ann.hotkey.account, NETUID)
    const call = subtensor('swap_hotkey_v2', {
      hotkey: ann.hotkey.account,
      newHotkey: next.account,
      netuid: undefined,
      keepStake: false,
    })
    await chain.must(ann.coldkey, call)
    expect(chain.get(S('Weights'), NETUID, 1)).toEqual([[0, 65_535]])
    expect(chain.get(S('TotalHotkeyAlpha'), next.account, NETUID)).toBe(before)
    expect(chain.get(S('TotalHotkeyAlpha'), ann.hotkey.account, NETUID)).toBe(0n)
  })

  it('are the owner’s alone, to a key that is free there', async () => {
    expect((await chain.send(ben.coldkey, swap())).error).toBe(S('NonAssociatedColdKey'))
    expect((await chain.send(ann.coldkey, swap(undefined, ann.hotkey, ann.hotkey))).error).toBe(
      S('NewHotKeyIsSameWithOld'),
    )
    await chain.must(ann.coldkey, register(next, SECOND))
    expect((await chain.send(ann.coldkey, swap())).error).toBe(S('HotKeyAlreadyRegisteredInSubNet'))
    expect(uid(NETUID, ann.hotkey.account)).toBe(1)
    expect((await chain.send(ann.coldkey, swap(99))).error).toBe(S('HotKeyNotRegisteredInSubNet'))
  })

  it('of a coldkey: its hotkeys and subnets get another owner, by root', async () => {
    const args = { oldColdkey: owner.coldkey.account, newColdkey: ben.coldkey.account, swapCost: 0n }
    const call = subtensor('swap_coldkey', args)
    expect((await chain.send(owner.coldkey, call)).error).toBe('BadOrigin')
    const events = await chain.sudo(call)
    expect(events).toEqual([
      {
        name: S('ColdkeySwapped'),
        args: { oldColdkey: owner.coldkey.account, newColdkey: ben.coldkey.account },
      },
    ])
    expect(chain.get(S('Owner'), owner.hotkey.account)).toBe(ben.coldkey.account)
    expect([NETUID, SECOND].map((netuid) => chain.get(S('SubnetOwner'), netuid))).toEqual([
      ben.coldkey.account,
      ben.coldkey.account,
    ])
  })
})
