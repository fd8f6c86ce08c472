/** Keys of one item share the hash of pallet and item: 32 bytes, `0x` and 64 digits. */
const ITEM_PREFIX_LENGTH = 2 + 64

/**
 * All raw keys that ever had a value, by item, sorted on demand: the order in which a node walks its trie. A key
 * that lost its value stays until `forget`, since an older block may still have it.
 */
export class KeyOrder {
  private readonly items = new Map<string, { keys: Set<string>; sorted?: string[] }>()

  add(key: string): void {
    const prefix = key.slice(0, ITEM_PREFIX_LENGTH)
    const item = this.items.get(prefix)
    if (!item) this.items.set(prefix, { keys: new Set([key]) })
    else if (!item.keys.has(key)) {
      item.keys.add(key)
      item.sorted = undefined
    }
  }

  forget(key: string): void {
    const prefix = key.slice(0, ITEM_PREFIX_LENGTH)
    const item = this.items.get(prefix)
    if (!item?.keys.delete(key)) return
    item.sorted = undefined
    if (item.keys.size === 0) this.items.delete(prefix)
  }

  /** Keys that begin with `prefix` and follow `after`, in ascending order. */
  *from(prefix: string, after = ''): Generator<string> {
    for (const item of this.matching(prefix)) {
      item.sorted ??= [...item.keys].sort()
      const start = after > prefix ? after : prefix
      for (let i = lowerBound(item.sorted, start); i < item.sorted.length; i++) {
        const key = item.sorted[i]!
        if (!key.startsWith(prefix)) break
        if (key !== after) yield key
      }
    }
  }

  private matching(prefix: string): { keys: Set<string>; sorted?: string[] }[] {
    if (prefix.length >= ITEM_PREFIX_LENGTH) {
      const item = this.items.get(prefix.slice(0, ITEM_PREFIX_LENGTH))
      return item ? [item] : []
    }
    return [...this.items]
      .filter(([item]) => item.startsWith(prefix))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, it]) => it)
  }
}

/** Index of the first element that is not less than `value`. */
function lowerBound(sorted: readonly string[], value: string): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (sorted[middle]! < value) low = middle + 1
    else high = middle
  }
  return low
}
