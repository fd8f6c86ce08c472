import { bnToU8a, compactToU8a, hexToU8a, stringToU8a, u8aConcat } from '@polkadot/util'
import type { ScaleShape } from '../../../abi/shape'

// biome-ignore lint/suspicious/noExplicitAny: the value is what the shape says
type Value = any

const BITS: Readonly<Record<string, number>> = {
  U8: 8,
  U16: 16,
  U32: 32,
  U64: 64,
  U128: 128,
  I64: 64,
  I128: 128,
}

/** SCALE bytes of a decoded value; enums are not needed here. */
export function encodeScale(shape: ScaleShape, value: Value): Uint8Array {
  switch (shape.kind) {
    case 'primitive':
      return primitive(shape.primitive, value)
    case 'compact':
      return compactToU8a(value)
    case 'bytes': {
      const bytes = hexToU8a(value)
      return u8aConcat(compactToU8a(bytes.length), bytes)
    }
    case 'fixedBytes':
      return hexToU8a(value)
    case 'sequence': {
      const items = [...value]
      return u8aConcat(compactToU8a(items.length), ...items.map((it) => encodeScale(shape.of, it)))
    }
    case 'array':
      return u8aConcat(...[...value].map((it) => encodeScale(shape.of, it)))
    case 'tuple':
      return u8aConcat(...shape.of.map((of, i) => encodeScale(of, value[i])))
    case 'option':
      return value === undefined ? Uint8Array.of(0) : u8aConcat([1], encodeScale(shape.of, value))
    case 'struct':
      return u8aConcat(...Object.entries(shape.fields).map(([name, of]) => encodeScale(of, value[name])))
    default:
      throw new Error(`a value of kind ${shape.kind} cannot be encoded`)
  }
}

function primitive(name: string, value: Value): Uint8Array {
  if (name === 'Bool') return Uint8Array.of(value ? 1 : 0)
  if (name === 'Str') {
    const bytes = stringToU8a(value)
    return u8aConcat(compactToU8a(bytes.length), bytes)
  }
  const bitLength = BITS[name]
  if (!bitLength) throw new Error(`a value of type ${name} cannot be encoded`)
  return bnToU8a(value, { bitLength, isLe: true, isNegative: name.startsWith('I') })
}
