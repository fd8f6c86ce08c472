import { Src } from '@subsquid/scale-codec'
import type { Runtime } from '@subsquid/substrate-runtime'
import type { StorageKeys } from './storage'

type Item = Runtime['description']['storage'][string]['items'][string]

/** Bytes of hash that come before the key itself. */
const HASH_BYTES: Record<string, number> = { Identity: 0, Twox64Concat: 8, Blake2_128Concat: 16 }
const ITEM_PREFIX_BYTES = 32
const MAX_CACHED_KEYS = 200_000

/** Raw keys and SCALE values of one runtime's storage items, by item name and decoded values. */
export class ItemCodec {
  private readonly items = new Map<string, Item | undefined>()
  private readonly keys = new Map<string, string>()

  constructor(readonly runtime: Runtime) {}

  knows(name: string): boolean {
    return this.find(name) !== undefined
  }

  /** Raw key; a prefix when fewer keys than the item has are given. */
  key(name: string, keys: StorageKeys): string {
    if (keys.some((it) => typeof it === 'object')) return this.runtime.encodeStorageKey(name, ...keys)
    const label = `${name}/${keys.join('/')}`
    let raw = this.keys.get(label)
    if (raw === undefined) {
      this.item(name)
      raw = this.runtime.encodeStorageKey(name, ...keys)
      if (this.keys.size >= MAX_CACHED_KEYS) this.keys.clear()
      this.keys.set(label, raw)
    }
    return raw
  }

  decodeKey(name: string, raw: string): unknown[] {
    const item = this.item(name)
    const src = new Src(raw)
    src.skip(ITEM_PREFIX_BYTES)
    return item.keys.map((type, i) => {
      src.skip(HASH_BYTES[item.hashers[i]!]!)
      return this.runtime.scaleCodec.decode(type, src)
    })
  }

  encodeValue(name: string, value: unknown): string {
    return this.runtime.scaleCodec.encodeToHex(this.item(name).value, value)
  }

  decodeValue(name: string, raw: string | null): unknown {
    const item = this.item(name)
    if (raw !== null) return this.runtime.scaleCodec.decodeBinary(item.value, raw)
    return item.modifier === 'Optional'
      ? undefined
      : this.runtime.scaleCodec.decodeBinary(item.value, item.fallback)
  }

  private item(name: string): Item {
    const item = this.find(name)
    if (!item) throw new Error(`spec ${this.runtime.specVersion} has no storage item ${name}`)
    return item
  }

  private find(name: string): Item | undefined {
    let item = this.items.get(name)
    if (item === undefined && !this.items.has(name)) {
      const [pallet, item_] = name.split('.') as [string, string]
      item = this.runtime.description.storage[pallet]?.items[item_]
      this.items.set(name, item)
    }
    return item
  }
}
