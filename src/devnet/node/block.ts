import { compactToU8a, hexToU8a, u8aConcat, u8aToHex } from '@polkadot/util'
import { blake2AsHex } from '@polkadot/util-crypto'
import type { Changes } from '../storage'

export const ZERO_HASH = `0x${'00'.repeat(32)}`

/** As JSON-RPC shows it. */
export interface Header {
  readonly parentHash: string
  /** Hex quantity without leading zeros. */
  readonly number: string
  readonly stateRoot: string
  readonly extrinsicsRoot: string
  readonly digest: { readonly logs: readonly string[] }
}

export interface Block {
  readonly height: number
  readonly hash: string
  readonly header: Header
  /** SCALE bytes as hex, with their length prefix. */
  readonly extrinsics: readonly string[]
  /** Value of `System.Events`. */
  readonly events: string
  readonly timeMs: number
  /** The spec that executed the block. */
  readonly specVersion: number
  /** The spec that the state after the block holds: what `state_getRuntimeVersion` reports for it. */
  readonly nextSpecVersion: number
  /** Empty once the block is final: the state's history has them. */
  changes: Changes
}

/** Hash of a header: blake2_256 of parent, compact number, roots and digest. */
export function headerHash(header: Header): string {
  return blake2AsHex(
    u8aConcat(
      hexToU8a(header.parentHash),
      compactToU8a(Number(header.number)),
      hexToU8a(header.stateRoot),
      hexToU8a(header.extrinsicsRoot),
      compactToU8a(header.digest.logs.length),
      ...header.digest.logs.map((log) => hexToU8a(log)),
    ),
    256,
  )
}

/** `PreRuntime('aura', slot)`: who may author is decided by the slot, and two branches differ in it. */
export function slotDigest(slot: number): string {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(BigInt(slot))
  return `0x0661757261${u8aToHex(compactToU8a(bytes.length)).slice(2)}${bytes.toString('hex')}`
}

/** `RuntimeEnvironmentUpdated`: the block changed the code. */
export const CODE_UPDATED_DIGEST = '0x08'

/** Commits to the extrinsics in their order; not the trie root that a real node computes. */
export function extrinsicsRoot(extrinsics: readonly string[]): string {
  return blake2AsHex(u8aConcat(compactToU8a(extrinsics.length), ...extrinsics.map((it) => hexToU8a(it))), 256)
}

/** Commits to the parent's state and what the block changed; not a trie root either. */
export function stateRoot(parentRoot: string, changes: Changes, events: string): string {
  const sorted = [...changes].sort(([a], [b]) => (a < b ? -1 : 1))
  const text = sorted.map(([key, value]) => `${key}=${value ?? ''}`).join(';')
  return blake2AsHex(`${parentRoot}|${text}|${events}`, 256)
}

export function quantity(height: number): string {
  return `0x${height.toString(16)}`
}
