/** A block as a recording holds it: raw, in the node's own JSON. */
export interface RecordedBlock {
  readonly height: number
  /** 32 bytes, 0x-prefixed hex. Served as recorded, never recomputed. */
  readonly hash: string
  /** Spec version the block was executed under. */
  readonly spec: number
  readonly header: RecordedHeader
  /** SCALE bytes of each extrinsic, 0x-prefixed hex. */
  readonly extrinsics: readonly string[]
  /** Storage value of System.Events; null at genesis. */
  readonly events: string | null
}

export interface RecordedHeader {
  readonly parentHash: string
  /** Height as 0x-prefixed hex. */
  readonly number: string
  readonly stateRoot: string
  readonly extrinsicsRoot: string
  readonly digest: { readonly logs: readonly string[] }
}

const HASH = /^0x[0-9a-f]{64}$/
const HEX = /^0x(?:[0-9a-f]{2})*$/

/** Reads one line; a string says what is wrong with it. */
export function parseRecordedBlock(line: string): RecordedBlock | string {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    return 'it is not JSON'
  }
  if (typeof value !== 'object' || value === null) return 'it is not a JSON object'
  const { number, hash, spec, header, extrinsics, events } = value as Record<string, unknown>
  if (!Number.isSafeInteger(number) || (number as number) < 0) return 'its number is not a height'
  if (!isHash(hash)) return 'its hash is not 32 bytes of hex'
  if (!Number.isSafeInteger(spec)) return 'its spec is not an integer'
  if (!isHeader(header))
    return 'its header lacks parentHash, number, stateRoot, extrinsicsRoot or digest.logs'
  if (Number.parseInt(header.number, 16) !== number) return 'its number is not that of its header'
  if (!Array.isArray(extrinsics) || !extrinsics.every(isHex)) return 'its extrinsics are not a list of hex'
  if (events !== null && !isHex(events)) return 'its events are neither hex nor null'
  return { height: number as number, hash, spec: spec as number, header, extrinsics, events }
}

function isHeader(value: unknown): value is RecordedHeader {
  if (typeof value !== 'object' || value === null) return false
  const { parentHash, number, stateRoot, extrinsicsRoot, digest } = value as Record<string, unknown>
  const logs = (digest as { logs?: unknown } | null | undefined)?.logs
  return (
    isHash(parentHash) &&
    typeof number === 'string' &&
    /^0x[0-9a-f]{1,8}$/.test(number) &&
    isHash(stateRoot) &&
    isHash(extrinsicsRoot) &&
    Array.isArray(logs) &&
    logs.every(isHex)
  )
}

const isHash = (value: unknown): value is string => typeof value === 'string' && HASH.test(value)
const isHex = (value: unknown): value is string => typeof value === 'string' && HEX.test(value)
