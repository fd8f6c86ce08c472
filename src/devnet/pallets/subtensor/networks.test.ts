import { afterEach, describe, expect, it } from 'vitest'
import { subtensor, utility } from '../../scenario/calls'
import {
  commitText,
  NETUID,
  owner,
  person,
  register,
  root,
  setWeights,
  stake,
  TestChain,
} from '../test-chain'

const [ann, ben] = [person('ann'), person('ben')]
const S = (item: string) => `SubtensorModule.${item}`
const create = (hotkey = ann.hotkey) => subtensor('register_network', { hotkey: hotkey.account })
const names = (events: readonly { readonly name: string }[]) => events.map((it) => it.name)
const dissolve = (netuid: number) => subtensor('root_dissolve_network', { netuid })

describe('subnets on the devnet', () => {
  let chain: TestChain
  afterEach(() => chain.close())
  const start = async (options: Parameters<typeof TestChain.start>[0] = {}) => {
    chain = await TestChain.start({ people: [ann, ben], ...options })
  }
  const added = (netuid: number) => chain.get(S('NetworksAdded'), netuid)

  it('take the lowest free netuid and their price; the owner gets uid 0 without a registration', async () => {
    await start()
    const before = chain.freeOf(ann.coldkey.account)
    const events = await chain.must(ann.coldkey, create())
    expect(events.at(-1)).toEqual({ name: S('NetworkAdded'), args: [1, 0] })
    expect(names(events)).not.toContain(S('NeuronRegistered'))
    expect(names(events)).toContain(S('TempoSet'))
    expect(chain.get(S('Keys'), 1, 0)).toBe(ann.hotkey.account)
    expect(chain.get(S('SubnetOwner'), 1)).toBe(ann.coldkey.account)
    expect(chain.get(S('NetworkRegisteredAt'), 1)).toBe(BigInt(chain.height))
    expect(chain.get(S('RegisteredSubnetCounter'), 1)).toBe(1n)
    const price = chain.get<bigint>(S('NetworkMinLockCost'))
    expect(before - chain.freeOf(ann.coldkey.account)).toBeGreaterThanOrEqual(price)
  })

  it('need a hotkey that is free or one’s own, and the price', async () => {
    await start({ limits: { lockCostRao: 10n ** 18n } })
    expect((await chain.send(ann.coldkey, create(owner.hotkey))).error).toBe(S('NonAssociatedColdKey'))
    expect((await chain.send(ann.coldkey, create())).error).toBe(S('CannotAffordLockCost'))
    expect(added(1)).toBe(false)
  })

  it('leave nothing when they are dissolved: neurons, weights, commitments, stake', async () => {
    await start()
    await chain.openWeights()
    await chain.makeValidators(owner, ann)
    await chain.must(ann.hotkey, setWeights([[0, 1]]))
    await chain.must(ann.hotkey, commitText('gone soon'))
    const before = chain.freeOf(ann.coldkey.account)
    expect(await chain.sudo(dissolve(NETUID))).toEqual([{ name: S('NetworkRemoved'), args: NETUID }])
    expect(added(NETUID)).toBe(false)
    for (const item of ['Keys', 'Uids', 'Weights', 'BlockAtRegistration']) {
      expect(chain.devnet.node.storage.entries(S(item), NETUID)).toEqual([])
    }
    expect(chain.get('Commitments.CommitmentOf', NETUID, ann.hotkey.account)).toBeUndefined()
    expect(chain.get(S('TotalHotkeyAlpha'), ann.hotkey.account, NETUID)).toBe(0n)
    expect(chain.freeOf(ann.coldkey.account) - before).toBe(100n * 10n ** 9n)
  })

  it('keep their commitments when they are dissolved before 320', async () => {
    await start({ specVersion: 240 })
    await chain.must(ann.coldkey, register(ann.hotkey))
    await chain.must(ann.hotkey, commitText('stays'))
    await chain.sudo(subtensor('dissolve_network', { coldkey: owner.coldkey.account, netuid: NETUID }))
    expect(added(NETUID)).toBe(false)
    expect(chain.get('Commitments.CommitmentOf', NETUID, ann.hotkey.account)).toBeDefined()
  })

  it('are dissolved by root alone', async () => {
    await start()
    expect((await chain.send(ann.coldkey, dissolve(NETUID))).error).toBe('BadOrigin')
    const [sudid] = await chain.must(root, {
      __kind: 'Sudo',
      value: { __kind: 'sudo', call: dissolve(99) },
    })
    expect(chain.nameOf(sudid!.args.sudoResult.value)).toBe(S('SubnetNotExists'))
  })

  it('are given up and used again in one extrinsic', async () => {
    await start()
    await chain.must(ann.coldkey, register(ann.hotkey))
    const asOwner = {
      __kind: 'Sudo',
      value: { __kind: 'sudo_as', who: { __kind: 'Id', value: ann.coldkey.account }, call: create() },
    } as const
    const again = utility('batch_all', { calls: [asSudo(dissolve(NETUID)), asOwner] })
    // The lowest free netuid must be the one that was given up.
    for (let netuid = 1; netuid < NETUID; netuid++) await chain.must(ben.coldkey, create(ben.hotkey))
    const events = await chain.must(root, again)
    const told = names(events).filter((name) => /Network(Added|Removed)/.test(name))
    expect(told).toEqual([S('NetworkRemoved'), S('NetworkAdded')])
    expect(chain.get(S('Keys'), NETUID, 0)).toBe(ann.hotkey.account)
    expect(chain.get(S('SubnetworkN'), NETUID)).toBe(1)
    expect(chain.get(S('RegisteredSubnetCounter'), NETUID)).toBe(2n)
  })

  it('make room at the limit: the one with least staked goes, in the same extrinsic', async () => {
    await start({ limits: { subnetLimit: 2, networkImmunityBlocks: 5n } })
    await chain.must(ann.coldkey, create())
    await chain.must(owner.coldkey, stake(owner.hotkey, 10n ** 10n))
    expect((await chain.send(ben.coldkey, stake(ann.hotkey, 10n ** 9n, 1))).error).toBeUndefined()
    await chain.advance(5)
    const events = await chain.must(ben.coldkey, create(ben.hotkey))
    const told = events.filter(({ name }) => /Network(Added|Removed)/.test(name))
    expect(told).toEqual([
      { name: S('NetworkRemoved'), args: 1 },
      { name: S('NetworkAdded'), args: [1, 0] },
    ])
    expect(chain.get(S('SubnetOwner'), 1)).toBe(ben.coldkey.account)
    expect(added(NETUID)).toBe(true)
  })

  it('are refused at the limit while every other one is immune', async () => {
    await start({ limits: { subnetLimit: 1, networkImmunityBlocks: 1_000n } })
    expect((await chain.send(ann.coldkey, create())).error).toBe(S('SubnetLimitReached'))
    expect(added(NETUID)).toBe(true)
  })
})

const asSudo = (call: ReturnType<typeof dissolve>) => ({ __kind: 'Sudo', value: { __kind: 'sudo', call } })
