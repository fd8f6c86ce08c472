import { hexToU8a } from '@polkadot/util'
import { blake2AsHex } from '@polkadot/util-crypto'
import type { DispatchContext, Pallet, RuntimeCall } from './dispatch'
import { DispatchFailure, ensureSigned } from './dispatch'
import { resultOf } from './sudo'

interface Grant {
  readonly delegate: string
  readonly proxyType: { readonly __kind: string }
  readonly delay: number
}

/** What a delegate means to do; the real account may reject it before the delay is over. */
interface Announcement {
  readonly real: string
  readonly callHash: string
  readonly height: number
}

const MAX_PROXIES = 20
const MAX_ANNOUNCEMENTS = 75

/**
 * One account acting for another. The outer call succeeds though the inner one fails: `ProxyExecuted` tells.
 * Deposits are not taken; kinds other than `Any` allow what the real ones do for the calls known here.
 * Public source: `frame/proxy/src/lib.rs` of polkadot-sdk; `InstanceFilter` in `runtime/src/lib.rs` of subtensor.
 */
export const proxyPallet: Pallet = {
  name: 'Proxy',
  calls: {
    add_proxy(context, { delegate, proxyType, delay }) {
      const delegator = ensureSigned(context)
      const grants = grantsOf(context, delegator)
      if (grants.length >= MAX_PROXIES) throw new DispatchFailure('Proxy', 'TooMany')
      if (delegate.value === delegator) throw new DispatchFailure('Proxy', 'NoSelfProxy')
      if (grants.some((g) => g.delegate === delegate.value && g.proxyType.__kind === proxyType.__kind)) {
        throw new DispatchFailure('Proxy', 'Duplicate')
      }
      putGrants(context, delegator, [...grants, { delegate: delegate.value, proxyType, delay }])
      context.deposit('Proxy.ProxyAdded', { delegator, delegatee: delegate.value, proxyType, delay })
    },
    remove_proxy(context, { delegate, proxyType, delay }) {
      const delegator = ensureSigned(context)
      const grants = grantsOf(context, delegator)
      const kept = grants.filter(
        (g) => g.delegate !== delegate.value || g.proxyType.__kind !== proxyType.__kind || g.delay !== delay,
      )
      if (kept.length === grants.length) throw new DispatchFailure('Proxy', 'NotFound')
      putGrants(context, delegator, kept)
      context.deposit('Proxy.ProxyRemoved', { delegator, delegatee: delegate.value, proxyType, delay })
    },
    remove_proxies(context) {
      context.storage.remove('Proxy.Proxies', ensureSigned(context))
    },
    proxy(context, { real, forceProxyType, call }) {
      const grant = grantFor(context, real.value, ensureSigned(context), forceProxyType)
      if (grant.delay > 0) throw new DispatchFailure('Proxy', 'Unannounced')
      act(context, grant, real.value, call)
    },
    announce(context, { real, callHash }) {
      const proxy = ensureSigned(context)
      grantFor(context, real.value, proxy)
      const open = announcementsOf(context, proxy)
      if (open.length >= MAX_ANNOUNCEMENTS) throw new DispatchFailure('Proxy', 'TooMany')
      putAnnouncements(context, proxy, [...open, { real: real.value, callHash, height: context.height }])
      context.deposit('Proxy.Announced', { real: real.value, proxy, callHash })
    },
    remove_announcement: (context, { real, callHash }) =>
      forget(context, ensureSigned(context), real.value, callHash),
    reject_announcement: (context, { delegate, callHash }) =>
      forget(context, delegate.value, ensureSigned(context), callHash),
    proxy_announced(context, { delegate, real, forceProxyType, call }) {
      ensureSigned(context)
      const grant = grantFor(context, real.value, delegate.value, forceProxyType)
      const callHash = blake2AsHex(hexToU8a(context.encodeCall(call)), 256)
      const ripe = announcementsOf(context, delegate.value).some(
        (it) =>
          it.real === real.value && it.callHash === callHash && context.height - it.height >= grant.delay,
      )
      if (!ripe) throw new DispatchFailure('Proxy', 'Unannounced')
      forget(context, delegate.value, real.value, callHash)
      act(context, grant, real.value, call)
    },
  },
}

function grantFor(
  context: DispatchContext,
  real: string,
  delegate: string,
  kind?: Grant['proxyType'],
): Grant {
  const grant = grantsOf(context, real).find(
    (it) => it.delegate === delegate && (!kind || it.proxyType.__kind === kind.__kind),
  )
  if (!grant) throw new DispatchFailure('Proxy', 'NotProxy')
  return grant
}

function act(context: DispatchContext, grant: Grant, real: string, call: RuntimeCall): void {
  const error = allows(grant.proxyType.__kind, call)
    ? context.dispatch(call, { kind: 'Signed', account: real })
    : context.errorValue(new DispatchFailure('System', 'CallFiltered'))
  context.deposit('Proxy.ProxyExecuted', { result: resultOf(error) })
}

const announcementsOf = (context: DispatchContext, proxy: string): readonly Announcement[] =>
  context.storage.get<readonly [readonly Announcement[], bigint]>('Proxy.Announcements', proxy)?.[0] ?? []

function putAnnouncements(context: DispatchContext, proxy: string, open: readonly Announcement[]): void {
  if (open.length === 0) context.storage.remove('Proxy.Announcements', proxy)
  else context.storage.put('Proxy.Announcements', [proxy], [open, 0n])
}

function forget(context: DispatchContext, proxy: string, real: string, callHash: string): void {
  const open = announcementsOf(context, proxy)
  const kept = open.filter((it) => it.real !== real || it.callHash !== callHash)
  if (kept.length === open.length) throw new DispatchFailure('Proxy', 'NotFound')
  putAnnouncements(context, proxy, kept)
}

const registration = ['burned_register', 'register', 'register_limit']

function allows(kind: string, { __kind: pallet, value }: RuntimeCall): boolean {
  if (kind === 'Any') return true
  if (kind === 'Registration') return pallet === 'SubtensorModule' && registration.includes(value.__kind)
  if (kind === 'NonTransfer') return pallet !== 'Balances'
  return kind === 'NonCritical' ? pallet !== 'Sudo' && value.__kind !== 'dissolve_network' : false
}

function grantsOf(context: DispatchContext, delegator: string): readonly Grant[] {
  return context.storage.get<readonly [readonly Grant[], bigint]>('Proxy.Proxies', delegator)?.[0] ?? []
}

function putGrants(context: DispatchContext, delegator: string, grants: readonly Grant[]): void {
  if (grants.length === 0) context.storage.remove('Proxy.Proxies', delegator)
  else context.storage.put('Proxy.Proxies', [delegator], [grants, 0n])
}
