import type { RuntimeCall } from '../../pallets/dispatch'
import { commit, data, id, multisigCall, proxyCall, shield, subtensor, utility } from '../calls'
import { type Act, keyless, multisigOthers, people, randomRoot, type World } from './world'

/** Fails wherever it is called. */
const failing: RuntimeCall = commit(4_000, data('no such subnet'))

const wrapper =
  (make: (act: Act, world: World) => RuntimeCall | undefined) =>
  (act: Act, world: World): Act => {
    const call = make(act, world)
    return call ? { ...act, call } : act
  }

const batch = (name: string) =>
  wrapper(({ call }, { dice }) => {
    const calls = dice.chance(0.3) ? dice.shuffled([call, failing]) : [call]
    return utility(name, { calls })
  })

const remark: RuntimeCall = { __kind: 'System', value: { __kind: 'remark', remark: '0x00' } }

/** In the signer's name by a delegate, who has the right to it or not. */
const proxied = (act: Act, { dice }: World): Act => ({
  signer: delegateOf(act.signer.account) ?? dice.pick(people).coldkey,
  call: proxyCall('proxy', { real: id(act.signer.account), forceProxyType: undefined, call: act.call }),
})

/** Everybody's coldkey may act for the person's hotkeys. */
const delegateOf = (account: string) =>
  people.find(({ hotkeys }) => hotkeys.some((it) => it.account === account))?.coldkey

export const grants: readonly Act[] = people.flatMap(({ coldkey, hotkeys }) =>
  hotkeys.map((signer) => ({
    signer,
    call: proxyCall('add_proxy', { delegate: id(coldkey.account), proxyType: { __kind: 'Any' }, delay: 0 }),
  })),
)

const asRootFor = ({ call, signer }: Act): Act => ({
  signer: randomRoot,
  call: { __kind: 'Sudo', value: { __kind: 'sudo_as', who: id(signer.account), call } } as RuntimeCall,
})

const ifElse = wrapper(({ call }, { dice, context }) => {
  if (!context.knowsCall('Utility.if_else')) return undefined
  const [main, fallback] = dice.chance(0.5) ? [failing, call] : [call, remark]
  return utility('if_else', { main, fallback })
})

/** Runs when the next block begins, in no extrinsic. */
const hidden = wrapper(({ call }, { context }) =>
  context.knowsCall('MevShield.store_encrypted')
    ? shield('store_encrypted', { encryptedCall: context.encodeCall(call) })
    : undefined,
)

const twice = wrapper(({ call }) =>
  utility('batch', { calls: [call, utility('force_batch', { calls: [call] })] }),
)

/** Mostly as it is; else by one of the wrappers, or by two. */
export function wrapped(act: Act, world: World): Act {
  const wrap = world.dice.weighted<(act: Act, world: World) => Act>([
    [30, (it) => it],
    [2, batch('batch')],
    [2, batch('batch_all')],
    [2, batch('force_batch')],
    [2, proxied],
    [1, asRootFor],
    [1, ifElse],
    [1, hidden],
    [1, twice],
    [1, (it, w) => wrapped(proxied(it, w), w)],
  ])
  return wrap(act, world)
}

/** A hotkey registered by an account that has no key: only wrappers speak for it. */
export function registerByKeyless(world: World): Act {
  const { dice } = world
  const [first] = people
  const hotkey = dice.pick(first!.hotkeys).account
  const call = subtensor('burned_register', { netuid: world.anyNetuid(), hotkey })
  const signer = first!.coldkey
  return dice.chance(0.5)
    ? { signer, call: multisigCall('as_multi_threshold_1', { otherSignatories: multisigOthers, call }) }
    : { signer, call: utility('as_derivative', { index: keyless.length - 2, call }) }
}
