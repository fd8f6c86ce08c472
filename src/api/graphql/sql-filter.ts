import type { Page } from './connection'

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

  /** The same conditions within a page of `seqColumn`, and the ordering and limit that go with it. */
  page(page: Page, seqColumn: string): { where: string; tail: string; values: unknown[] } {
    const within = new SqlFilter()
    within.conditions.push(...this.conditions)
    within.values.push(...this.values)
    within.and(`${seqColumn} > $?`, page.afterSeq).and(`${seqColumn} < $?`, page.beforeSeq)
    const order = page.backward ? 'desc' : 'asc'
    return {
      where: within.where,
      values: within.values,
      tail: `order by ${seqColumn} ${order} limit ${page.limitRows + 1}`,
    }
  }
}
