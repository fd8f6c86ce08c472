import type { EventType } from '../../log/catalogue'
import type { Projection } from '../fold/projection'
import { Readers } from '../fold/readers'

/** Characters; in a shorter payload cutting takes longer than it saves. */
const LONG_CHARS = 1_000

/** By type: lists that are left as text. */
export type SparseLists = ReadonlyMap<EventType, readonly string[]>

/** Lists of which none of the read models of the chain log that get such an event wants more than single items. */
export function sparseLists(folds: readonly Projection[]): SparseLists {
  const readers = new Readers(folds)
  const lists = new Map<EventType, readonly string[]>()
  for (const type of folds.flatMap(({ sparse }) => Object.keys(sparse ?? {}) as EventType[])) {
    const [first, ...others] = readers.of({ log: 'chain', type }).map(({ sparse }) => sparse?.[type] ?? [])
    lists.set(type, (first ?? []).filter((name) => others.every((other) => other.includes(name))).sort())
  }
  return lists
}

/**
 * A payload out of its canonical JSON. Making 256 texts of a list of hotkeys that three of them are wanted of is most of what
 * reading an epoch takes, so such lists become `ListText`.
 * @param lists in the order of their names, which is that of canonical JSON; of numbers, hex or nulls only
 */
export function sparsePayload(text: string, lists: readonly string[]): unknown {
  if (text.length < LONG_CHARS) return JSON.parse(text)
  const cut: [string, ListText<unknown>][] = []
  let rest = ''
  let from = 0
  for (const name of lists) {
    // A quote within a string is escaped: this is the name of a member.
    const opening = `"${name}":[`
    const at = text.indexOf(opening, from)
    if (at < 0) continue
    const begin = at + opening.length
    const end = text.indexOf(']', begin)
    cut.push([name, new ListText(text.slice(begin, end))])
    rest += text.slice(from, begin)
    from = end
  }
  const payload = JSON.parse(rest + text.slice(from)) as Record<string, unknown>
  for (const [name, list] of cut) payload[name] = list
  return payload
}

/** A list that is still JSON, without its brackets, and reads the items it is asked for: fastest in their order. */
export class ListText<T> {
  private index = 0
  private place = 0

  constructor(private readonly text: string) {}

  /** @param index not negative */
  at(index: number): T | undefined {
    if (index < this.index) this.index = this.place = 0
    while (this.index < index) {
      const comma = this.text.indexOf(',', this.place)
      if (comma < 0) return undefined
      this.place = comma + 1
      this.index += 1
    }
    const end = this.text.indexOf(',', this.place)
    const item = this.text.slice(this.place, end < 0 ? undefined : end)
    return item === '' ? undefined : JSON.parse(item)
  }
}
