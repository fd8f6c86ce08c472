import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { adminUtils, id, sudo } from '../scenario/calls'
import type { RuntimeCall } from './dispatch'
import { commitText, NETUID, person, register, root, TestChain } from './test-chain'

const ann = person('ann')
const tempo = adminUtils('sudo_set_tempo', { netuid: NETUID, tempo: 33 })
const sudoAs = (account: string, call: RuntimeCall) =>
  ({ __kind: 'Sudo', value: { __kind: 'sudo_as', who: id(account), call } }) as RuntimeCall

describe('sudo on the devnet', () => {
  let chain: TestChain
  beforeEach(async () => {
    chain = await TestChain.start({ people: [ann] })
    await chain.must(ann.coldkey, register(ann.hotkey))
  })
  afterEach(() => chain.close())

  it('is the key’s alone', async () => {
    expect((await chain.send(ann.coldkey, sudo(tempo))).error).toBe('Sudo.RequireSudo')
    expect(await chain.sudo(tempo)).toEqual([{ name: 'SubtensorModule.TempoSet', args: [NETUID, 33] }])
  })

  it('succeeds though the call fails, which the event tells', async () => {
    const events = await chain.must(root, sudo(adminUtils('sudo_set_tempo', { netuid: 99, tempo: 3 })))
    expect(events.map((it) => it.name)).toEqual(['Sudo.Sudid'])
    expect(chain.nameOf(events[0]!.args.sudoResult.value)).toBe('SubtensorModule.SubnetNotExists')
  })

  it('acts in anybody’s name', async () => {
    const events = await chain.must(root, sudoAs(ann.hotkey.account, commitText('by sudo')))
    expect(events).toEqual([
      { name: 'Commitments.Commitment', args: { netuid: NETUID, who: ann.hotkey.account } },
      { name: 'Sudo.SudoAsDone', args: { sudoResult: { __kind: 'Ok' } } },
    ])
  })

  it('gives the key away', async () => {
    await chain.must(root, {
      __kind: 'Sudo',
      value: { __kind: 'set_key', new: id(ann.coldkey.account) },
    } as RuntimeCall)
    expect((await chain.send(root, sudo(tempo))).error).toBe('Sudo.RequireSudo')
    expect((await chain.send(ann.coldkey, sudo(tempo))).error).toBeUndefined()
  })
})
