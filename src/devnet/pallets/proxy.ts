import type { DispatchContext, Pallet, RuntimeCall } from './dispatch'
import { DispatchFailure, ensureSigned } from './dispatch'
import { resultOf } from './sudo'

interface Grant {
  readonly delegate: string
  readonly proxyType: { readonly __kind: string }
  readonly delay: number
}

const MAX_PROXIES = 20

/**
 * One account acting for another. The outer call succeeds though the inner one fails: `ProxyExecuted` tells.
 * Delays and the deposits are not kept; kinds other than `Any` allow what the real ones do for the calls known here.
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
      const delegate = ensureSigned(context)
      const grant = grantsOf(context, real.value).find(
        (g) => g.delegate === delegate && (!forceProxyType || g.proxyType.__kind === forceProxyType.__kind),
      )
      if (!grant) throw new DispatchFailure('Proxy', 'NotProxy')
      if (grant.delay > 0) throw new DispatchFailure('Proxy', 'Unannounced')
      const error = allows(grant.proxyType.__kind, call)
        ? context.dispatch(call, { kind: 'Signed', account: real.value })
        : context.errorValue(new DispatchFailure('System', 'CallFiltered'))
      context.deposit('Proxy.ProxyExecuted', { result: resultOf(error) })
    },
  },
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
