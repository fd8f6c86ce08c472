import { afterEach, describe, expect, it } from 'vitest'
import { adminUtils, commit, data, subtensor, sudo } from '../../scenario/calls'
import { NETUID, owner, person, register, root, setWeights, TestChain } from '../test-chain'
import { solve } from './proof-of-work'

const [ann, ben, cat, dan] = [person('ann'), person('ben'), person('cat'), person('dan')]
const people = [ann, ben, cat, dan]
const S = (item: string) => `SubtensorModule.${item}`

describe('registration on the devnet', () => {
  let chain: TestChain
  afterEach(() => chain.close())
  const start = async (specVersion = 424) => {
    chain = await TestChain.start({ specVersion, people })
    if (specVersion === 424) await chain.openWeights()
  }

  it('gives the owner uid 0 at block 0 and the next registrant uid 1, who pays the price', async () => {
    await start()
    const before = chain.get('System.Account', ann.coldkey.account).data.free
    const events = await chain.must(ann.coldkey, register(ann.hotkey))
    expect(events).toEqual([
      { name: S('RAORecycledForRegistrationSet'), args: [NETUID, 1_000_000_000n] },
      { name: S('NeuronRegistered'), args: [NETUID, 1, ann.hotkey.account] },
    ])
    expect(chain.get(S('Keys'), NETUID, 0)).toBe(owner.hotkey.account)
    expect(chain.get(S('Uids'), NETUID, ann.hotkey.account)).toBe(1)
    expect(chain.get(S('BlockAtRegistration'), NETUID, 1)).toBe(BigInt(chain.height))
    expect(chain.get(S('Owner'), ann.hotkey.account)).toBe(ann.coldkey.account)
    const after = chain.get('System.Account', ann.coldkey.account).data.free
    expect(before - after).toBeGreaterThan(1_000_000_000n)
  })

  it('refuses who is registered already, an unknown subnet and a foreign hotkey', async () => {
    await start()
    await chain.must(ann.coldkey, register(ann.hotkey))
    expect((await chain.send(ann.coldkey, register(ann.hotkey))).error).toBe(
      S('HotKeyAlreadyRegisteredInSubNet'),
    )
    expect((await chain.send(ann.coldkey, register(ann.hotkey, 99))).error).toBe(S('SubnetNotExists'))
    const foreign = subtensor('root_register', { hotkey: ann.hotkey.account })
    expect((await chain.send(ben.coldkey, foreign)).error).toBe(S('NonAssociatedColdKey'))
    await chain.sudo(
      adminUtils('sudo_set_network_registration_allowed', { netuid: NETUID, registrationAllowed: false }),
    )
    expect((await chain.send(ben.coldkey, register(ben.hotkey))).error).toBe(S('SubNetRegistrationDisabled'))
  })

  it('keeps registrations under a price limit', async () => {
    await start()
    const limited = (limitPrice: bigint) =>
      subtensor('register_limit', { netuid: NETUID, hotkey: ann.hotkey.account, limitPrice })
    expect((await chain.send(ann.coldkey, limited(1n))).error).toBe(S('RegistrationPriceLimitExceeded'))
    expect((await chain.send(ann.coldkey, limited(2_000_000_000n))).error).toBeUndefined()
  })

  const work = (change: Readonly<Record<string, unknown>> = {}) => {
    const blockNumber = BigInt(chain.height)
    const blockHash = chain.devnet.node.chain.head.hash
    const difficulty = chain.get<bigint>(S('Difficulty'), NETUID)
    const solved = solve(blockHash, ann.hotkey.account, difficulty)
    const args = { netuid: NETUID, blockNumber, hotkey: ann.hotkey.account, coldkey: ann.coldkey.account }
    return subtensor('register', { ...args, ...solved, ...change })
  }

  it('takes proof of work from the hotkey itself, for the named coldkey, before 397', async () => {
    await start(365)
    await chain.advance(2)
    const before = chain.get('System.Account', ann.coldkey.account).data.free
    const events = await chain.must(ann.hotkey, work())
    expect(events).toEqual([{ name: S('NeuronRegistered'), args: [NETUID, 1, ann.hotkey.account] }])
    expect(chain.get(S('Owner'), ann.hotkey.account)).toBe(ann.coldkey.account)
    expect(chain.get('System.Account', ann.coldkey.account).data.free).toBe(before)
  })

  it.each<[string, () => Readonly<Record<string, unknown>>, string]>([
    ['of the future', () => ({ blockNumber: BigInt(chain.height + 5) }), 'InvalidWorkBlock'],
    ['three blocks old', () => ({ blockNumber: BigInt(chain.height - 2) }), 'InvalidWorkBlock'],
    ['too large for the difficulty', () => ({ work: `0x${'ff'.repeat(32)}` }), 'InvalidDifficulty'],
    ['of another nonce', () => ({ nonce: 123_456_789n }), 'InvalidSeal'],
  ])('refuses work %s', async (_, change, error) => {
    await start(365)
    await chain.advance(5)
    expect((await chain.send(ann.hotkey, work(change()))).error).toBe(S(error))
  })

  it('refuses work that another account brings, and all work where it is off', async () => {
    await start(365)
    await chain.advance(2)
    expect((await chain.send(ann.coldkey, work())).error).toBe(S('TransactorAccountShouldBeHotKey'))
    const off = { netuid: NETUID, registrationAllowed: false }
    await chain.sudo(adminUtils('sudo_set_network_pow_registration_allowed', off))
    expect((await chain.send(ann.hotkey, work())).error).toBe(S('SubNetRegistrationDisabled'))
  })

  it('burns for the signer instead since 397: work and coldkey of the call are ignored', async () => {
    await start(424)
    const events = await chain.must(ben.coldkey, work({ work: '0x' }))
    expect(events.map((e) => e.name)).toContain(S('RAORecycledForRegistrationSet'))
    expect(chain.get(S('Owner'), ann.hotkey.account)).toBe(ben.coldkey.account)
  })

  it('takes so many registrations a block, and so many an interval', async () => {
    await start()
    const set = (name: string, args: Readonly<Record<string, unknown>>) =>
      chain.sudo(adminUtils(name, { netuid: NETUID, ...args }))
    await set('sudo_set_max_registrations_per_block', { maxRegistrationsPerBlock: 2 })
    const { outcomes } = await chain.block(
      ...[ann, ben, cat].map((it) => [it.coldkey, register(it.hotkey)] as const),
    )
    const tooMany = S('TooManyRegistrationsThisBlock')
    expect(outcomes.map((it) => it.error)).toEqual([undefined, undefined, tooMany])
    await set('sudo_set_target_registrations_per_interval', { targetRegistrationsPerInterval: 1 })
    await chain.must(cat.coldkey, register(cat.hotkey))
    expect((await chain.send(dan.coldkey, register(dan.hotkey))).error).toBe(
      S('TooManyRegistrationsThisInterval'),
    )
    await set('sudo_set_adjustment_interval', { adjustmentInterval: 10 })
    await chain.advance(10)
    await chain.must(dan.coldkey, register(dan.hotkey))
  })

  it('registers on the root network under netuid 0', async () => {
    await start()
    const events = await chain.must(ann.coldkey, subtensor('root_register', { hotkey: ann.hotkey.account }))
    expect(events).toEqual([{ name: S('NeuronRegistered'), args: [0, 0, ann.hotkey.account] }])
    expect((await chain.send(ann.coldkey, register(ann.hotkey, 0))).error).toBe(
      S('RegistrationNotPermittedOnRootSubnet'),
    )
  })

  it('replaces the lowest emitter of a full subnet: same event, his weights and those for him gone', async () => {
    await start()
    for (const it of [ann, ben, cat]) await chain.must(it.coldkey, register(it.hotkey))
    await chain.makeValidators(ann, owner)
    await chain.must(ann.hotkey, setWeights([[3, 10]]))
    await chain.must(
      owner.hotkey,
      setWeights([
        [1, 5],
        [2, 0],
        [3, 10],
      ]),
    )
    await chain.must(ann.hotkey, commit(NETUID, data('stays')))
    // An epoch pays uid 3 most, uid 1 some and its dividends, uid 2 nothing; immunity ends after 50 blocks.
    await chain.advance(60)
    const limit = { netuid: NETUID, maxAllowedUids: 4 }
    await chain.sudo(adminUtils('sudo_set_max_allowed_uids', limit))
    const events = await chain.must(dan.coldkey, register(dan.hotkey))
    expect(events.at(-1)).toEqual({ name: S('NeuronRegistered'), args: [NETUID, 2, dan.hotkey.account] })
    expect(chain.get(S('Uids'), NETUID, ben.hotkey.account)).toBeUndefined()
    expect(chain.get(S('Keys'), NETUID, 2)).toBe(dan.hotkey.account)
    expect(chain.get(S('Weights'), NETUID, 2)).toEqual([])
    expect(chain.get(S('SubnetworkN'), NETUID)).toBe(4)
    expect(chain.get('Commitments.CommitmentOf', NETUID, ann.hotkey.account)).toBeDefined()
  })

  it('zeroes what others gave a uid that changes hands, and spares the owner', async () => {
    await start()
    await chain.must(ann.coldkey, register(ann.hotkey))
    await chain.makeValidators(owner)
    await chain.must(
      owner.hotkey,
      setWeights([
        [0, 1],
        [1, 2],
      ]),
    )
    await chain.sudo(adminUtils('sudo_set_max_allowed_uids', { netuid: NETUID, maxAllowedUids: 2 }))
    const events = await chain.must(ben.coldkey, register(ben.hotkey))
    expect(events.at(-1)!.args).toEqual([NETUID, 1, ben.hotkey.account])
    expect(chain.get(S('Weights'), NETUID, 0)).toEqual([
      [0, 32_768],
      [1, 0],
    ])
  })

  it('is undone altogether when the balance does not suffice', async () => {
    await start()
    const poor = person('poor')
    await chain.must(ann.coldkey, {
      __kind: 'Balances',
      value: {
        __kind: 'transfer_allow_death',
        dest: { __kind: 'Id', value: poor.coldkey.account },
        value: 100_000_000n,
      },
    })
    const { error, events } = await chain.send(poor.coldkey, register(poor.hotkey))
    expect(error).toBe(S('NotEnoughBalanceToStake'))
    expect(events).toEqual([])
    expect(chain.devnet.node.storage.has(S('Owner'), poor.hotkey.account)).toBe(false)
    expect(chain.get(S('SubnetworkN'), NETUID)).toBe(1)
  })

  it('trims the lowest emitters and compacts the rest without an event', async () => {
    await start()
    for (const it of people) await chain.must(it.coldkey, register(it.hotkey))
    await chain.makeValidators(dan)
    await chain.must(
      dan.hotkey,
      setWeights([
        [1, 1],
        [4, 2],
      ]),
    )
    await chain.advance(25)
    const trim = adminUtils('sudo_trim_to_max_allowed_uids', { netuid: NETUID, maxN: 3 })
    expect(await chain.sudo(trim)).toEqual([])
    expect([0, 1, 2].map((uid) => chain.get(S('Keys'), NETUID, uid))).toEqual(
      [owner, ann, dan].map((it) => it.hotkey.account),
    )
    expect(chain.get(S('Uids'), NETUID, ben.hotkey.account)).toBeUndefined()
    expect(chain.get(S('Weights'), NETUID, 2)).toEqual([
      [1, 32_768],
      [2, 65_535],
    ])
    expect(chain.get(S('SubnetworkN'), NETUID)).toBe(3)
    expect((await chain.send(ben.coldkey, register(ben.hotkey))).events.at(-1)!.args[1]).toBeLessThan(3)
  })

  it('lets only root or the owner change a subnet', async () => {
    await start()
    const tempo = adminUtils('sudo_set_tempo', { netuid: NETUID, tempo: 7 })
    expect((await chain.send(ann.coldkey, tempo)).error).toBe('BadOrigin')
    expect((await chain.send(ann.coldkey, sudo(tempo))).error).toBe('Sudo.RequireSudo')
    expect(await chain.sudo(tempo)).toEqual([{ name: S('TempoSet'), args: [NETUID, 7] }])
    expect(chain.get(S('Tempo'), NETUID)).toBe(7)
    expect(root.account).toBe(chain.get('Sudo.Key'))
  })
})
