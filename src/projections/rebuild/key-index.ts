import type { Key, Row } from '../fold/projection'

/** Where the value of a key stands, if it has one. */
export interface Place<T> {
  value: T | undefined
}
type Level<T> = Map<unknown, Level<T> | Place<T>>

const EMPTY_MAX = 65_536

/**
 * Values by key: a map for each number of it within the one for the number before, and in the last one its texts together. Netuids,
 * instances and uids are few and come again and again; texts are looked up once. A key that lost its value keeps its place, since
 * it mostly gets the next one at once.
 */
export class KeyIndex<T> {
  private readonly root: Level<T> = new Map()
  private taken = 0
  private empty = 0
  /** Columns of numbers but the last one when there is no text; undefined before the first key shows which they are. */
  private levels: readonly string[] | undefined
  private last: readonly string[] = []
  /** The key that was looked for last: a fold ends its row and opens the next one with the same object. */
  private lastKey: Key | Row | undefined
  private lastPlace: Place<T> | undefined

  /**
   * @param columns of the key
   * @param emptyMax places kept for keys without a value, beside as many as have one
   */
  constructor(
    private readonly columns: readonly string[],
    private readonly emptyMax = EMPTY_MAX,
  ) {}

  get size(): number {
    return this.taken
  }

  get(key: Key | Row): T | undefined {
    return this.find(key)?.value
  }

  /** @returns the place, by which the value can be taken away without looking for it */
  set(key: Key | Row, value: T): Place<T> {
    const place = this.find(key) ?? this.make(key)
    if (place.value === undefined) {
      this.taken += 1
      this.empty -= 1
    }
    place.value = value
    return place
  }

  clear(place: Place<T>): void {
    if (place.value === undefined) return
    place.value = undefined
    this.taken -= 1
    this.empty += 1
    if (this.empty > this.emptyMax + this.taken) this.sweep()
  }

  private find(key: Key | Row): Place<T> | undefined {
    if (key === this.lastKey && this.lastPlace) return this.lastPlace
    const levels = this.levels ?? this.split(key)
    let level: Level<T> | undefined = this.root
    for (let i = 0; i < levels.length && level; i++)
      level = level.get(key[levels[i]!]) as Level<T> | undefined
    this.lastKey = key
    this.lastPlace = level?.get(this.lastOf(key)) as Place<T> | undefined
    return this.lastPlace
  }

  private make(key: Key | Row): Place<T> {
    let level = this.root
    for (const column of this.levels!) {
      let next = level.get(key[column]) as Level<T> | undefined
      if (!next) {
        next = new Map()
        level.set(key[column], next)
      }
      level = next
    }
    const place: Place<T> = { value: undefined }
    level.set(this.lastOf(key), place)
    this.empty += 1
    this.lastKey = key
    this.lastPlace = place
    return place
  }

  private sweep(): void {
    this.lastKey = undefined
    this.empty = 0
    sweepLevel(this.root)
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

function sweepLevel<T>(level: Level<T>): void {
  for (const [key, inner] of level) {
    if (inner instanceof Map) sweepLevel(inner)
    else if (inner.value === undefined) level.delete(key)
  }
}
