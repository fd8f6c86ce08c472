import type { ScaleShape } from '../../../abi/shape'

const BYTES_OF = {
  U8: 1,
  U16: 2,
  U32: 4,
  U64: 8,
  U128: 16,
  I16: 2,
  I64: 8,
  I128: 16,
  Bool: 1,
  Str: 1,
} as const

const zeros = (lengthBytes: number): string => '00'.repeat(lengthBytes)

/** SCALE bytes (hex without prefix) of Rust's `Default` for a shape: zero, empty, none, the first variant. */
export function zeroValue(shape: ScaleShape): string {
  switch (shape.kind) {
    case 'primitive':
      return zeros(BYTES_OF[shape.primitive])
    case 'compact':
    case 'bytes':
    case 'sequence':
    case 'option':
      return '00'
    case 'fixedBytes':
      return zeros(shape.length)
    case 'array':
      return zeroValue(shape.of).repeat(shape.length)
    case 'tuple':
      return shape.of.map(zeroValue).join('')
    case 'struct':
      return Object.values(shape.fields).map(zeroValue).join('')
    case 'variant': {
      const first = [...shape.variants].sort((a, b) => a.index - b.index)[0]
      if (!first) return ''
      const index = first.index.toString(16).padStart(2, '0')
      return index + (first.fields ?? []).map((f) => zeroValue(f.shape)).join('')
    }
    case 'runtime':
      throw new Error(`${shape.name} has no default value`)
  }
}
