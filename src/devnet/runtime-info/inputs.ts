import { compactFromU8a, u8aToHex } from '@polkadot/util'
import type { ScaleShape } from '../../../abi/shape'

const BYTES: Readonly<Record<string, number>> = { U8: 1, U16: 2, U32: 4, U64: 8 }

/**
 * The arguments of a runtime API: numbers, accounts, and lists of them.
 * @throws Error when the bytes are too few
 */
export function decodeInputs(shapes: readonly ScaleShape[], input: Uint8Array): unknown[] {
  let at = 0
  const take = (count: number): Uint8Array => {
    if (at + count > input.length) throw new Error('the arguments end too early')
    at += count
    return input.subarray(at - count, at)
  }
  const decode = (shape: ScaleShape): unknown => {
    if (shape.kind === 'primitive') {
      const bytes = take(BYTES[shape.primitive] ?? 0)
      const value = BigInt(u8aToHex(Uint8Array.from(bytes).reverse()))
      return shape.primitive === 'U64' ? value : Number(value)
    }
    if (shape.kind === 'fixedBytes') return u8aToHex(take(shape.length))
    if (shape.kind === 'sequence') {
      const [prefixBytes, count] = compactFromU8a(input.subarray(at))
      take(prefixBytes)
      return Array.from({ length: Math.min(count.toNumber(), input.length) }, () => decode(shape.of))
    }
    throw new Error(`an argument of kind ${shape.kind} is not known`)
  }
  return shapes.map(decode)
}
