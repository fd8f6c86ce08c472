import { abiPallets } from './abi-items'
import { clientPallets } from './client-pallets'
import { errorsOf } from './errors'
import { framePallets } from './frame-pallets'
import type { PalletSpec } from './pallet-spec'
import { shieldPallets } from './shield-pallet'
import { stakingPallets } from './staking-pallet'
import { wrapperPallets } from './wrapper-pallets'

/** Every pallet of the devnet's runtime at a spec version, by index: what `abi/` reads and what clients expect. */
export function palletsOf(specVersion: number): PalletSpec[] {
  const pallets = new Map<string, PalletSpec>()
  const all = [
    ...framePallets(specVersion),
    ...wrapperPallets(specVersion),
    ...clientPallets(specVersion),
    ...stakingPallets(specVersion),
    ...shieldPallets(specVersion),
    ...abiPallets(specVersion),
  ]
  for (const pallet of all) {
    const base = pallets.get(pallet.name)
    pallets.set(pallet.name, base ? merge(base, pallet) : pallet)
  }
  return [...pallets.values()]
    .map((it) => ({ ...it, errors: it.errors ?? errorsOf(it.name, specVersion) }))
    .sort((a, b) => a.index - b.index)
}

/** The later wins, `abi/` above all, where both name an item: its shapes are the ones checked against real metadata. */
function merge(base: PalletSpec, abi: PalletSpec): PalletSpec {
  return {
    ...base,
    calls: mergeByName(base.calls, abi.calls),
    events: mergeByName(base.events, abi.events),
    storage: mergeByName(base.storage, abi.storage),
  }
}

function mergeByName<T extends { readonly name: string }>(
  base: readonly T[] = [],
  winning: readonly T[] = [],
): T[] {
  const names = new Set(winning.map((it) => it.name))
  return [...base.filter((it) => !names.has(it.name)), ...winning]
}
