import { palletsOf } from '../metadata/pallets'
import type { Pallet } from '../pallets/dispatch'

/** Hooks run in the order of pallet indices; a later pallet of the same name adds to, and wins over, an earlier. */
export function inIndexOrder(pallets: readonly Pallet[], specVersion: number): Pallet[] {
  const merged = new Map<string, Pallet>()
  for (const pallet of pallets) {
    const base = merged.get(pallet.name)
    merged.set(pallet.name, base ? { ...base, ...pallet, calls: { ...base.calls, ...pallet.calls } } : pallet)
  }
  const indexOf = new Map(palletsOf(specVersion).map((it) => [it.name, it.index]))
  return [...merged.values()].sort((a, b) => (indexOf.get(a.name) ?? 255) - (indexOf.get(b.name) ?? 255))
}
