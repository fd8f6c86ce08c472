import type { Key, Row } from '../fold/projection'

type Level<T> = Map<unknown, Level<T> | T>

/**
 * Values by key: a map for each number of it within the one for the number before, and in the last one its texts together. Netuids,
 * instances and uids are few and come again and again; texts are looked up once.
 */
export class KeyIndex<T> {
  private readonly root: Level<T> = new Map()
  private count = 0
  /** Columns of numbers but the last one when there is no text; undefined before the first key shows which they are. */
  private levels: readonly string[] | undefined
  private last: readonly string[] = []

  /** @param columns of the key */
  constructor(private readonly columns: readonly string[]) {}

  get size(): number {
    return this.count
  }

  get(key: Key | Row): T | undefined {
    return this.leaf(key)?.get(this.lastOf(key)) as T | undefined
  }

  set(key: Key | Row, value: T): void {
    const leaf = this.leaf(key) ?? this.grow(key)
    const before = leaf.size
    leaf.set(this.lastOf(key), value)
    this.count += leaf.size - before
  }

  delete(key: Key | Row): void {
    if (this.leaf(key)?.delete(this.lastOf(key))) this.count -= 1
  }

  private leaf(key: Key | Row): Level<T> | undefined {
    const levels = this.levels ?? this.split(key)
    let level: Level<T> | undefined = this.root
    for (let i = 0; i < levels.length && level; i++)
      level = level.get(key[levels[i]!]) as Level<T> | undefined
    return level
  }

  private grow(key: Key | Row): Level<T> {
    let level = this.root
    for (const column of this.levels!) {
      let next = level.get(key[column]) as Level<T> | undefined
      if (!next) {
        next = new Map()
        level.set(key[column], next)
      }
      level = next
    }
    return level
  }

  /** All keys of a table have the same types. */
  private split(key: Key | Row): readonly string[] {
    const numbers = this.columns.filter((column) => typeof key[column] === 'number')
    const texts = this.columns.filter((column) => typeof key[column] !== 'number')
    this.last = texts.length > 0 ? texts : numbers.slice(-1)
    this.levels = texts.length > 0 ? numbers : numbers.slice(0, -1)
    return this.levels
  }

  private lastOf(key: Key | Row): unknown {
    const { last } = this
    const first = key[last[0]!]
    let joined: string | undefined
    // A lineage is mostly the hotkey itself, whose hash is known: putting a text together takes longer than looking it up.
    for (let i = 1; i < last.length; i++) {
      const value = key[last[i]!]
      if (joined !== undefined) joined += `\0${value}`
      else if (value !== first) joined = `${i}\0${first}\0${value}`
    }
    return joined ?? first
  }
}
