import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { revealedContent } from './content'

const hex = (bytes: Uint8Array) => `0x${Buffer.from(bytes).toString('hex')}`
const scaleText = (bytes: Uint8Array): Uint8Array => {
  const n = bytes.length
  return Buffer.concat(
    [n < 64 ? [n << 2] : [((n << 2) | 1) & 0xff, n >> 6], bytes].map((it) => Buffer.from(it)),
  )
}

describe('content of a timelocked commitment', () => {
  it('is the text that the Python client locked, without the length that SCALE puts before it', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 1_000 }), (text) => {
        expect(revealedContent(hex(scaleText(text)))).toBe(hex(text))
      }),
    )
  })

  it.each([
    ['no length', 'plain text'],
    ['a length that is too small', `${String.fromCharCode(4 << 2)}five!`],
    ['a length that is too large', `${String.fromCharCode(6 << 2)}five!`],
    ['the length of nothing', '\0'],
  ])('stays as it is with %s before it', (_, text) => {
    expect(revealedContent(hex(Buffer.from(text)))).toBe(hex(Buffer.from(text)))
  })

  it('stays as it is when it is empty, or its length is written longer than it need be', () => {
    expect(revealedContent('0x')).toBe('0x')
    expect(revealedContent(hex(Buffer.from([(2 << 2) | 1, 0, 1, 2])))).toBe('0x09000102')
  })
})
