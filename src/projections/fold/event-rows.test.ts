import { describe, expect, it } from 'vitest'
import { shownJson } from './event-rows'

describe('JSON as PostgreSQL can hold it', () => {
  it('has no NUL, in texts, lists or names', () => {
    const value = { 'a\0': ['b\0', { c: 'd\0' }], n: 1, no: null }
    expect(shownJson(value)).toEqual({ 'a\ufffd': ['b\ufffd', { c: 'd\ufffd' }], n: 1, no: null })
  })

  it('keeps text that only looks like an escaped NUL', () => {
    const value = { note: String.raw`\u0000 and \\u0000` }
    expect(shownJson(value)).toEqual(value)
  })
})
