import { blake2AsHex } from '@polkadot/util-crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { commit, data, id, proxyCall } from '../scenario/calls'
import type { RuntimeCall } from './dispatch'
import { commitText, NETUID, person, register, TestChain } from './test-chain'

const [ann, ben] = [person('ann'), person('ben')]
const real = id(ann.hotkey.account)
const delegate = id(ben.hotkey.account)
const text = commitText('in her name')

describe('proxies on the devnet', () => {
  let chain: TestChain
  beforeEach(async () => {
    chain = await TestChain.start({ people: [ann, ben] })
    await chain.must(ann.coldkey, register(ann.hotkey))
  })
  afterEach(() => chain.close())

  const grant = (kind: string, delay = 0) =>
    chain.must(ann.hotkey, proxyCall('add_proxy', { delegate, proxyType: { __kind: kind }, delay }))
  const act = (call: RuntimeCall) => proxyCall('proxy', { real, forceProxyType: undefined, call })
  const committed = () => chain.get('Commitments.CommitmentOf', NETUID, ann.hotkey.account)
  const hashOf = (call: RuntimeCall) =>
    blake2AsHex(chain.devnet.node.spec.runtime.encodeCall(call as never), 256)

  it('lets a delegate act; the outer call succeeds though the inner one fails', async () => {
    expect((await chain.send(ben.hotkey, act(text))).error).toBe('Proxy.NotProxy')
    await grant('Any')
    const events = await chain.must(ben.hotkey, act(text))
    expect(events).toEqual([
      { name: 'Commitments.Commitment', args: { netuid: NETUID, who: ann.hotkey.account } },
      { name: 'Proxy.ProxyExecuted', args: { result: { __kind: 'Ok' } } },
    ])
    const failed = await chain.must(ben.hotkey, act(commit(99, data('no such subnet'))))
    expect(failed).toHaveLength(1)
    expect(chain.nameOf(failed[0]!.args.result.value)).toBe('Commitments.AccountNotAllowedCommit')
  })

  it('allows what the kind allows', async () => {
    await grant('Registration')
    const [filtered] = await chain.must(ben.hotkey, act(text))
    expect(chain.nameOf(filtered!.args.result.value)).toBe('System.CallFiltered')
    expect(committed()).toBeUndefined()
    const events = await chain.must(ben.hotkey, act(register(person('new').hotkey)))
    expect(events.map((it) => it.name)).toContain('SubtensorModule.NeuronRegistered')
  })

  it('ends with the grant', async () => {
    await grant('Any')
    const remove = proxyCall('remove_proxy', { delegate, proxyType: { __kind: 'Any' }, delay: 0 })
    await chain.must(ann.hotkey, remove)
    expect((await chain.send(ben.hotkey, act(text))).error).toBe('Proxy.NotProxy')
    expect((await chain.send(ann.hotkey, remove)).error).toBe('Proxy.NotFound')
  })

  it('refuses a proxy for oneself, and the same twice', async () => {
    const self = proxyCall('add_proxy', { delegate: real, proxyType: { __kind: 'Any' }, delay: 0 })
    expect((await chain.send(ann.hotkey, self)).error).toBe('Proxy.NoSelfProxy')
    await grant('Any')
    const again = proxyCall('add_proxy', { delegate, proxyType: { __kind: 'Any' }, delay: 0 })
    expect((await chain.send(ann.hotkey, again)).error).toBe('Proxy.Duplicate')
  })

  it('waits for the announced delay, and runs what was announced only', async () => {
    await grant('Any', 3)
    expect((await chain.send(ben.hotkey, act(text))).error).toBe('Proxy.Unannounced')
    const callHash = hashOf(text)
    await chain.must(ben.hotkey, proxyCall('announce', { real, callHash }))
    const announced = (call: RuntimeCall) =>
      proxyCall('proxy_announced', { delegate, real, forceProxyType: undefined, call })
    expect((await chain.send(ben.hotkey, announced(text))).error).toBe('Proxy.Unannounced')
    expect((await chain.send(ben.hotkey, announced(commitText('another')))).error).toBe('Proxy.Unannounced')
    // Three blocks after the announcement, not earlier.
    const events = await chain.must(ann.coldkey, announced(text))
    expect(events.at(-1)!.name).toBe('Proxy.ProxyExecuted')
    expect(committed().info.fields).toEqual([data('in her name')])
    expect((await chain.send(ben.hotkey, announced(text))).error).toBe('Proxy.Unannounced')
  })

  it('lets the real account reject an announcement', async () => {
    await grant('Any', 1)
    const callHash = hashOf(text)
    await chain.must(ben.hotkey, proxyCall('announce', { real, callHash }))
    await chain.must(ann.hotkey, proxyCall('reject_announcement', { delegate, callHash }))
    await chain.advance(3)
    const late = proxyCall('proxy_announced', { delegate, real, forceProxyType: undefined, call: text })
    expect((await chain.send(ben.hotkey, late)).error).toBe('Proxy.Unannounced')
  })
})
