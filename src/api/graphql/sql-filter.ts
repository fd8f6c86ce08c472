import type { Page, Position } from './connection'

/** Collects conditions and their values; every value travels as a parameter. */
export class SqlFilter {
  readonly values: unknown[] = []
  private readonly conditions: string[] = []

  /** Adds `condition` with `$?` standing for the value; nothing when the value is null or undefined. */
  and(condition: string, value: unknown): this {
    if (value === null || value === undefined) return this
    this.conditions.push(condition.replaceAll('$?', `$${this.values.push(value)}`))
    return this
  }

  /** Adds a condition without a value when `holds`. */
  when(holds: boolean | null | undefined, condition: string): this {
    if (holds) this.conditions.push(condition)
    return this
  }

  get where(): string {
    return this.conditions.length ? `where ${this.conditions.join(' and ')}` : ''
  }

  /** The same conditions within a page of rows ordered by `key`, and the ordering and limit that go with it. */
  page(page: Page, key: readonly string[]): { where: string; tail: string; values: unknown[] } {
    const within = new SqlFilter()
    within.conditions.push(...this.conditions)
    within.values.push(...this.values)
    within.beyond(key, '>', page.after)
    within.beyond(key, '<', page.before)
    const direction = page.backward ? ' desc' : ''
    return {
      where: within.where,
      values: within.values,
      tail: `order by ${key.map((column) => column + direction).join(', ')} limit ${page.limitRows + 1}`,
    }
  }

  /** Row comparison, so that an index on the key's columns is entered at the position. */
  private beyond(key: readonly string[], sign: '<' | '>', position: Position | null): void {
    if (!position) return
    const parameters = position.map((part) => `$${this.values.push(part)}`)
    this.conditions.push(`(${key.join(', ')}) ${sign} (${parameters.join(', ')})`)
  }
}
