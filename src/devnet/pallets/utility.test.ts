import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { commit, data, sudo, utility } from '../scenario/calls'
import { commitText, NETUID, person, register, root, TestChain } from './test-chain'
import { derivativeAccount } from './utility'

const ann = person('ann')
const C = (item: string) => `Commitments.${item}`
const failing = commit(99, data('no such subnet'))
const names = (events: readonly { readonly name: string }[]) => events.map((it) => it.name)

describe('batches and other wrappers of calls', () => {
  let chain: TestChain
  beforeEach(async () => {
    chain = await TestChain.start({ people: [ann] })
    await chain.must(ann.coldkey, register(ann.hotkey))
  })
  afterEach(() => chain.close())
  const text = () => chain.get(C('CommitmentOf'), NETUID, ann.hotkey.account)?.info.fields[0]

  it('batch: stops at the first failure, keeps what was done before, and succeeds', async () => {
    const calls = [commitText('kept'), failing, commitText('not reached')]
    const { error, events } = await chain.send(ann.hotkey, utility('batch', { calls }))
    expect(error).toBeUndefined()
    expect(names(events)).toEqual([C('Commitment'), 'Utility.ItemCompleted', 'Utility.BatchInterrupted'])
    expect(events[2]!.args.index).toBe(1)
    expect(chain.nameOf(events[2]!.args.error)).toBe(C('AccountNotAllowedCommit'))
    expect(text()).toEqual(data('kept'))
  })

  it('batch_all: undoes everything, and leaves no event of the items', async () => {
    const calls = [commitText('undone'), failing]
    const { error, events } = await chain.send(ann.hotkey, utility('batch_all', { calls }))
    expect(error).toBe(C('AccountNotAllowedCommit'))
    expect(events).toEqual([])
    expect(text()).toBeUndefined()
  })

  it('batch_all: completes when every item does', async () => {
    const calls = [commitText('1'), commitText('2')]
    const events = await chain.must(ann.hotkey, utility('batch_all', { calls }))
    expect(names(events)).toEqual([
      ...[C('Commitment'), 'Utility.ItemCompleted', C('Commitment'), 'Utility.ItemCompleted'],
      'Utility.BatchCompleted',
    ])
  })

  it('force_batch: goes on after a failure, and says what became of each item', async () => {
    const calls = [failing, commitText('reached')]
    const events = await chain.must(ann.hotkey, utility('force_batch', { calls }))
    expect(names(events)).toEqual([
      ...['Utility.ItemFailed', C('Commitment'), 'Utility.ItemCompleted'],
      'Utility.BatchCompletedWithErrors',
    ])
    expect(text()).toEqual(data('reached'))
  })

  it('batches in batches undo what is theirs only', async () => {
    const inner = utility('batch_all', { calls: [commitText('undone'), failing] })
    const calls = [commitText('kept'), inner]
    const events = await chain.must(ann.hotkey, utility('force_batch', { calls }))
    expect(names(events)).toEqual([
      ...[C('Commitment'), 'Utility.ItemCompleted', 'Utility.ItemFailed'],
      'Utility.BatchCompletedWithErrors',
    ])
    expect(text()).toEqual(data('kept'))
  })

  it('if_else: takes the second branch when the first fails, and says which', async () => {
    const main = await chain.must(
      ann.hotkey,
      utility('if_else', { main: commitText('1'), fallback: failing }),
    )
    expect(names(main)).toEqual([C('Commitment'), 'Utility.IfElseMainSuccess'])
    const other = await chain.must(
      ann.hotkey,
      utility('if_else', { main: failing, fallback: commitText('2') }),
    )
    expect(names(other)).toEqual([C('Commitment'), 'Utility.IfElseFallbackCalled'])
    const neither = utility('if_else', { main: failing, fallback: failing })
    expect((await chain.send(ann.hotkey, neither)).error).toBe(C('AccountNotAllowedCommit'))
    expect(text()).toEqual(data('2'))
  })

  it('as_derivative: acts as an account that the signer’s gives', async () => {
    const account = derivativeAccount(ann.coldkey.account, 3)
    const hotkey = person('derived').hotkey
    const call = register(hotkey)
    expect((await chain.send(ann.coldkey, utility('as_derivative', { index: 3, call }))).error).toBe(
      'SubtensorModule.NotEnoughBalanceToStake',
    )
    const dest = { __kind: 'Id', value: account }
    await chain.must(ann.coldkey, {
      __kind: 'Balances',
      value: { __kind: 'transfer_keep_alive', dest, value: 5n * 10n ** 9n },
    })
    await chain.must(ann.coldkey, utility('as_derivative', { index: 3, call }))
    expect(chain.get('SubtensorModule.Owner', hotkey.account)).toBe(account)
  })

  it('with_weight: is root’s', async () => {
    const call = utility('with_weight', { call: failing, weight: { refTime: 0n, proofSize: 0n } })
    expect((await chain.send(ann.hotkey, call)).error).toBe('BadOrigin')
    const [event] = await chain.must(root, sudo(call))
    expect(chain.nameOf(event!.args.sudoResult.value)).toBe('BadOrigin')
  })
})
