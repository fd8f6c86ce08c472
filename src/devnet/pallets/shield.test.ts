import { u8aToHex } from '@polkadot/util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { commit, data, shield } from '../scenario/calls'
import type { RuntimeCall } from './dispatch'
import { commitText, NETUID, person, register, TestChain } from './test-chain'

const ann = person('ann')
const M = (item: string) => `MevShield.${item}`

describe('calls that the MEV shield stores', () => {
  let chain: TestChain
  beforeEach(async () => {
    chain = await TestChain.start({ people: [ann] })
    await chain.must(ann.coldkey, register(ann.hotkey))
  })
  afterEach(() => chain.close())
  const store = (encryptedCall: string) =>
    chain.send(ann.hotkey, shield('store_encrypted', { encryptedCall }))
  const bytes = (call: RuntimeCall) => u8aToHex(chain.devnet.node.spec.runtime.encodeCall(call as never))

  it('run when the next block begins, in no extrinsic', async () => {
    const { events } = await store(bytes(commitText('hidden')))
    expect(events).toEqual([{ name: M('ExtrinsicStored'), args: { index: 0, who: ann.hotkey.account } }])
    const { initialization } = await chain.block()
    expect(initialization).toEqual([
      { name: 'Commitments.Commitment', args: { netuid: NETUID, who: ann.hotkey.account } },
      { name: M('ExtrinsicDispatched'), args: { index: 0 } },
    ])
    expect((await chain.block()).initialization).toEqual([])
  })

  it('say when they fail, and change nothing', async () => {
    await store(bytes(commit(99, data('no such subnet'))))
    const { initialization } = await chain.block()
    expect(initialization.map((it) => it.name)).toEqual([M('ExtrinsicDispatchFailed')])
    expect(chain.nameOf(initialization[0]!.args.error)).toBe('Commitments.AccountNotAllowedCommit')
  })

  it('say when they are no calls', async () => {
    await store('0xffffff')
    const { initialization } = await chain.block()
    expect(initialization).toEqual([{ name: M('ExtrinsicDecodeFailed'), args: { index: 0 } }])
  })

  it('run in the order in which they were stored', async () => {
    const text = (n: number) => shield('store_encrypted', { encryptedCall: bytes(commitText(`${n}`)) })
    await chain.block(...[0, 1, 2].map((n) => [ann.hotkey, text(n)] as const))
    const { initialization } = await chain.block()
    const ran = initialization.filter((it) => it.name === M('ExtrinsicDispatched'))
    expect(ran.map((it) => it.args.index)).toEqual([0, 1, 2])
    expect(chain.get('Commitments.CommitmentOf', NETUID, ann.hotkey.account).info.fields).toEqual([data('2')])
  })
})
