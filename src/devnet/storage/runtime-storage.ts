import type { ItemCodec } from './item-codec'
import type { StateLayers } from './layers'
import type { Decoded, Storage, StorageKeys } from './storage'

/** Where values lie: of a block under construction, or of one that is made. */
export type Layers = Pick<StateLayers, 'get' | 'set' | 'keys' | 'begin' | 'commit' | 'rollback'>

/** `Storage` of a block under construction, in the shapes of its runtime. */
export class RuntimeStorage implements Storage {
  constructor(
    private readonly codec: ItemCodec,
    private readonly layers: Layers,
  ) {}

  get<T = Decoded>(item: string, ...keys: unknown[]): T {
    return this.codec.decodeValue(item, this.layers.get(this.codec.key(item, keys))) as T
  }

  has(item: string, ...keys: unknown[]): boolean {
    return this.layers.get(this.codec.key(item, keys)) !== null
  }

  put(item: string, keys: StorageKeys, value: unknown): void {
    this.layers.set(this.codec.key(item, keys), this.codec.encodeValue(item, value))
  }

  mutate<T = Decoded>(item: string, keys: StorageKeys, change: (value: T) => T): void {
    this.put(item, keys, change(this.get<T>(item, ...keys)))
  }

  remove(item: string, ...keys: unknown[]): void {
    this.layers.set(this.codec.key(item, keys), null)
  }

  entries<K extends StorageKeys = Decoded[], T = Decoded>(
    item: string,
    ...keys: unknown[]
  ): [keys: K, value: T][] {
    return this.rawKeys(item, keys).map((raw) => [
      this.codec.decodeKey(item, raw) as unknown as K,
      this.codec.decodeValue(item, this.layers.get(raw)) as T,
    ])
  }

  keys<K extends StorageKeys = Decoded[]>(item: string, ...keys: unknown[]): K[] {
    return this.rawKeys(item, keys).map((raw) => this.codec.decodeKey(item, raw) as unknown as K)
  }

  removePrefix(item: string, ...keys: unknown[]): number {
    const raw = this.rawKeys(item, keys)
    for (const key of raw) this.layers.set(key, null)
    return raw.length
  }

  knows(item: string): boolean {
    return this.codec.knows(item)
  }

  transaction<T>(run: () => T): T {
    this.layers.begin()
    try {
      const result = run()
      this.layers.commit()
      return result
    } catch (error) {
      this.layers.rollback()
      throw error
    }
  }

  private rawKeys(item: string, keys: StorageKeys): string[] {
    return this.layers.keys(this.codec.key(item, keys))
  }
}
