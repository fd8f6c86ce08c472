import { versionAt } from '../../../abi/item'
import {
  accountId,
  fixedBytes,
  option,
  runtimeType,
  type ScaleShape,
  sequence,
  struct,
  u16,
  u32,
  u64,
} from '../../../abi/shape'
import { addProxy } from '../../../abi/wrappers'
import type { PalletSpec } from './pallet-spec'
import { multiAddress, weight } from './runtime-types'
import { variant } from './variant'

/** Since this spec the proxy pallet is Subtensor's own, with `PureKilled` in the middle of its events. */
const OWN_PROXY_SPEC = 346

/**
 * What the pallets that wrap calls keep and tell, beyond what an indexer reads: keys, proxies, open multisigs.
 * Public sources: `frame/sudo`, `frame/multisig`, `frame/proxy` of polkadot-sdk, `pallets/proxy` of subtensor.
 */
export function wrapperPallets(specVersion: number): PalletSpec[] {
  return [sudo, utility, multisig, proxy(specVersion)]
}

const sudo: PalletSpec = {
  name: 'Sudo',
  index: 12,
  calls: [variant(2, 'set_key', { new: multiAddress })],
  events: [variant(1, 'KeyChanged', { old: option(accountId), new: accountId })],
  storage: [{ name: 'Key', modifier: 'Optional', hashers: [], keys: [], value: accountId.scale }],
}

const innerCall = runtimeType('RuntimeCall')

const utility: PalletSpec = {
  name: 'Utility',
  index: 11,
  calls: [variant(5, 'with_weight', { call: innerCall, weight })],
}

const timepoint = struct({ height: u32, index: u32 }, ['pallet_multisig', 'Timepoint'])
const hash = fixedBytes(32)
const openMultisig = struct(
  { when: timepoint, deposit: u64, depositor: accountId, approvals: sequence(accountId) },
  ['pallet_multisig', 'Multisig'],
)

const multisig: PalletSpec = {
  name: 'Multisig',
  index: 13,
  calls: [
    variant(2, 'approve_as_multi', {
      threshold: u16,
      otherSignatories: sequence(accountId),
      maybeTimepoint: option(timepoint),
      callHash: hash,
      maxWeight: weight,
    }),
    variant(3, 'cancel_as_multi', {
      threshold: u16,
      otherSignatories: sequence(accountId),
      timepoint,
      callHash: hash,
    }),
  ],
  events: [
    variant(1, 'MultisigApproval', { approving: accountId, timepoint, multisig: accountId, callHash: hash }),
    variant(3, 'MultisigCancelled', {
      cancelling: accountId,
      timepoint,
      multisig: accountId,
      callHash: hash,
    }),
  ],
  storage: [
    {
      name: 'Multisigs',
      modifier: 'Optional',
      hashers: ['Twox64Concat', 'Blake2_128Concat'],
      keys: [accountId.scale, hash.scale],
      value: openMultisig.scale,
    },
  ],
}

/** The kinds of proxy at a spec, as `abi/` states them for `add_proxy`. */
function proxyTypeAt(specVersion: number): ScaleShape {
  const scale = versionAt(addProxy, specVersion)?.shape.scale
  const type = scale?.kind === 'struct' ? scale.fields.proxyType : undefined
  if (!type) throw new Error(`spec ${specVersion} states no proxy type`)
  return type
}

const announcement = (crate: string): ScaleShape => ({
  kind: 'struct',
  path: [crate, 'Announcement'],
  fields: { real: accountId.scale, callHash: hash.scale, height: u32.scale },
})

function proxy(specVersion: number): PalletSpec {
  const proxyType = proxyTypeAt(specVersion)
  const crate = specVersion < OWN_PROXY_SPEC ? 'pallet_proxy' : 'pallet_subtensor_proxy'
  const definition: ScaleShape = {
    kind: 'struct',
    path: [crate, 'ProxyDefinition'],
    fields: { delegate: accountId.scale, proxyType, delay: u32.scale },
  }
  const grant = { delegator: accountId, delegatee: accountId, proxyType, delay: u32 }
  const addedAt = specVersion < OWN_PROXY_SPEC ? 3 : 4
  return {
    name: 'Proxy',
    index: 16,
    calls: [
      variant(2, 'remove_proxy', { delegate: multiAddress, proxyType, delay: u32 }),
      variant(3, 'remove_proxies'),
      variant(6, 'announce', { real: multiAddress, callHash: hash }),
      variant(7, 'remove_announcement', { real: multiAddress, callHash: hash }),
      variant(8, 'reject_announcement', { delegate: multiAddress, callHash: hash }),
      variant(9, 'proxy_announced', {
        delegate: multiAddress,
        real: multiAddress,
        forceProxyType: { kind: 'option', of: proxyType },
        call: innerCall,
      }),
    ],
    events: [
      variant(addedAt - 1, 'Announced', { real: accountId, proxy: accountId, callHash: hash }),
      variant(addedAt, 'ProxyAdded', grant),
      variant(addedAt + 1, 'ProxyRemoved', grant),
    ],
    storage: [
      {
        name: 'Proxies',
        modifier: 'Default',
        hashers: ['Twox64Concat'],
        keys: [accountId.scale],
        value: { kind: 'tuple', of: [{ kind: 'sequence', of: definition }, u64.scale] },
      },
      {
        name: 'Announcements',
        modifier: 'Default',
        hashers: ['Twox64Concat'],
        keys: [accountId.scale],
        value: { kind: 'tuple', of: [{ kind: 'sequence', of: announcement(crate) }, u64.scale] },
      },
    ],
  }
}
