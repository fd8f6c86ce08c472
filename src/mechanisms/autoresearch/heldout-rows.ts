import { sha256Hex } from '../sha256-hex'

/** Which rows of a public data set a validator holds out. */
export interface HeldoutSlot {
  readonly dataset: string
  readonly config: string
  readonly split: string
  /** As the slot's own definition gives it; hashed, not added. */
  readonly offset: number
  /** Rows that are taken, at least 1. */
  readonly limit: number
  readonly slot: string
  readonly number: number
}

const HEX_DIGITS_OF_8_BYTES = 16

/**
 * First row of a held-out slice: the big-endian first 8 bytes of the hash of the slot's name, modulo the places at which a slice of
 * `limit` rows fits (spec autoresearch §7).
 * @throws RangeError when no slice fits
 */
export function heldoutOffset(slot: HeldoutSlot, rowCount: number): number {
  const places = rowCount - slot.limit + 1
  if (!(Number.isSafeInteger(places) && places > 0 && slot.limit > 0))
    throw new RangeError(`${slot.limit} rows do not fit into ${rowCount}`)
  const { dataset, config, split, offset, limit, number } = slot
  const name = [dataset, config, split, offset, limit, slot.slot, number].join(':')
  const head = BigInt(`0x${sha256Hex(name).slice(0, HEX_DIGITS_OF_8_BYTES)}`)
  return Number(head % BigInt(places))
}
