import type { Key, Row } from '../fold/projection'

/** Numbers below this are joined into one; 2^16 to the third power is still exact. */
const JOINED_MAX = 65_536
const JOINED_COLUMNS_MAX = 3

/** Values by key: by its first column, and by the others together. */
export class KeyIndex<T> {
  private readonly first: string
  private readonly others: readonly string[]
  private readonly groups = new Map<unknown, Map<unknown, T>>()
  private count = 0
  private lastKey: unknown
  private lastRest: unknown
  private lastFirst: unknown
  private lastGroup: Map<unknown, T> | undefined

  /** @param columns of the key */
  constructor(columns: readonly string[]) {
    this.first = columns[0] ?? ''
    this.others = columns.slice(1)
  }

  get size(): number {
    return this.count
  }

  get(key: Key | Row): T | undefined {
    return this.group(key[this.first])?.get(this.rest(key))
  }

  set(key: Key | Row, value: T): void {
    const first = key[this.first]
    let group = this.group(first)
    if (!group) {
      group = new Map()
      this.groups.set(first, group)
      this.lastGroup = group
    }
    const before = group.size
    group.set(this.rest(key), value)
    this.count += group.size - before
  }

  delete(key: Key | Row): void {
    if (this.group(key[this.first])?.delete(this.rest(key))) this.count -= 1
  }

  private group(first: unknown): Map<unknown, T> | undefined {
    if (first === this.lastFirst && this.lastGroup) return this.lastGroup
    this.lastFirst = first
    this.lastGroup = this.groups.get(first)
    return this.lastGroup
  }

  private rest(key: Key | Row): unknown {
    const { others } = this
    if (others.length === 1) return key[others[0]!]
    // A fold that looks twice does it with the same key.
    if (key !== this.lastKey) {
      this.lastKey = key
      this.lastRest = this.joinedNumber(key) ?? this.joinedText(key)
    }
    return this.lastRest
  }

  private joinedNumber(key: Key | Row): number | undefined {
    const { others } = this
    if (others.length > JOINED_COLUMNS_MAX) return undefined
    let joined = 0
    for (let i = 0; i < others.length; i++) {
      const value = key[others[i]!]
      if (typeof value !== 'number' || value < 0 || value >= JOINED_MAX) return undefined
      joined = joined * JOINED_MAX + value
    }
    return joined
  }

  private joinedText(key: Key | Row): string {
    const { others } = this
    let text = ''
    let before: unknown
    for (let i = 0; i < others.length; i++) {
      const value = key[others[i]!]
      // A lineage is mostly the hotkey itself: half of a long text that has to be hashed.
      text += value === before ? '=/' : `${value}/`
      if (typeof value === 'string') before = value
    }
    return text
  }
}
