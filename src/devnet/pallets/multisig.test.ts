import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { multisigCall } from '../scenario/calls'
import { multisigAccount } from './multisig'
import { person, register, TestChain } from './test-chain'

const people = [person('ann'), person('ben'), person('cat')]
const [ann, ben, cat] = people as [Person, Person, Person]
type Person = (typeof people)[number]
const accounts = people.map((it) => it.coldkey.account).sort()
const two = multisigAccount(accounts, 2)
const hotkey = person('theirs').hotkey
const maxWeight = { refTime: 10n ** 10n, proofSize: 100_000n }
const others = (who: Person) => accounts.filter((it) => it !== who.coldkey.account)

describe('multisigs on the devnet', () => {
  let chain: TestChain
  beforeEach(async () => {
    chain = await TestChain.start({ people })
    const dest = { __kind: 'Id', value: two }
    await chain.must(ann.coldkey, {
      __kind: 'Balances',
      value: { __kind: 'transfer_keep_alive', dest, value: 10n * 10n ** 9n },
    })
  })
  afterEach(() => chain.close())

  const approve = (who: Person, maybeTimepoint?: unknown) =>
    chain.send(
      who.coldkey,
      multisigCall('as_multi', {
        threshold: 2,
        otherSignatories: others(who),
        maybeTimepoint,
        call: register(hotkey),
        maxWeight,
      }),
    )
  const open = () => chain.devnet.node.storage.entries('Multisig.Multisigs', two)[0]?.[1]

  it('runs the call in the extrinsic of the last signatory, for the account of all', async () => {
    const first = await approve(ann)
    expect(first.events.map((it) => it.name)).toEqual(['Multisig.NewMultisig'])
    expect(chain.get('SubtensorModule.Owner', hotkey.account)).not.toBe(two)
    const second = await approve(ben, open().when)
    expect(second.error).toBeUndefined()
    expect(second.events.map((it) => it.name)).toEqual([
      ...['RAORecycledForRegistrationSet', 'NeuronRegistered'].map((it) => `SubtensorModule.${it}`),
      'Multisig.MultisigExecuted',
    ])
    expect(second.events.at(-1)!.args.result).toMatchObject({ __kind: 'Ok' })
    expect(chain.get('SubtensorModule.Owner', hotkey.account)).toBe(two)
    expect(chain.freeOf(two)).toBe(9n * 10n ** 9n)
    expect(open()).toBeUndefined()
  })

  it('wants the time of the first approval', async () => {
    expect((await approve(ann, { height: 1, index: 1 })).error).toBe('Multisig.UnexpectedTimepoint')
    await approve(ann)
    expect((await approve(ben)).error).toBe('Multisig.NoTimepoint')
    expect((await approve(ben, { height: 1, index: 1 })).error).toBe('Multisig.WrongTimepoint')
  })

  it('refuses signatories out of order, and the sender among them', async () => {
    const call = (otherSignatories: readonly string[]) =>
      multisigCall('as_multi', {
        threshold: 2,
        otherSignatories,
        maybeTimepoint: undefined,
        call: register(hotkey),
        maxWeight,
      })
    const reversed = [...others(ann)].reverse()
    expect((await chain.send(ann.coldkey, call(reversed))).error).toBe('Multisig.SignatoriesOutOfOrder')
    expect((await chain.send(ann.coldkey, call(accounts))).error).toBe('Multisig.SenderInSignatories')
  })

  it('is cancelled by who opened it, nobody else', async () => {
    await approve(ann)
    const { when } = open()
    const callHash = chain.devnet.node.storage.keys('Multisig.Multisigs', two)[0]![1]
    const cancel = (who: Person) =>
      chain.send(
        who.coldkey,
        multisigCall('cancel_as_multi', {
          threshold: 2,
          otherSignatories: others(who),
          timepoint: when,
          callHash,
        }),
      )
    expect((await cancel(cat)).error).toBe('Multisig.NotOwner')
    expect((await cancel(ann)).error).toBeUndefined()
    expect(open()).toBeUndefined()
  })

  it('of one acts at once, with the error of what it wraps', async () => {
    const call = multisigCall('as_multi_threshold_1', {
      otherSignatories: others(cat),
      call: register(hotkey),
    })
    expect((await chain.send(cat.coldkey, call)).error).toBe('SubtensorModule.NotEnoughBalanceToStake')
  })
})
