import { bnToU8a, compactToU8a, hexToU8a, stringToU8a, u8aConcat } from '@polkadot/util'

/** Appends SCALE values; just what metadata is made of. */
export class ScaleWriter {
  private readonly parts: Uint8Array[] = []

  u8(value: number): this {
    return this.raw(Uint8Array.of(value))
  }

  u32(value: number): this {
    return this.raw(bnToU8a(value, { bitLength: 32, isLe: true }))
  }

  u64(value: bigint): this {
    return this.raw(bnToU8a(value, { bitLength: 64, isLe: true }))
  }

  compact(value: number): this {
    return this.raw(compactToU8a(value))
  }

  text(value: string): this {
    const bytes = stringToU8a(value)
    return this.compact(bytes.length).raw(bytes)
  }

  /** Length-prefixed bytes given as `0x` hex. */
  bytes(hex: string): this {
    const bytes = hexToU8a(hex)
    return this.compact(bytes.length).raw(bytes)
  }

  /** Bytes given as `0x` hex, without a length. */
  hex(value: string): this {
    return this.raw(hexToU8a(value))
  }

  raw(bytes: Uint8Array): this {
    this.parts.push(bytes)
    return this
  }

  list<T>(items: readonly T[], write: (item: T) => void): this {
    this.compact(items.length)
    items.forEach(write)
    return this
  }

  option<T>(value: T | undefined, write: (value: T) => void): this {
    this.u8(value === undefined ? 0 : 1)
    if (value !== undefined) write(value)
    return this
  }

  finish(): Uint8Array {
    return u8aConcat(...this.parts)
  }
}
