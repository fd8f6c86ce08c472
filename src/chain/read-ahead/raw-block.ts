/** A finalized block as the node gave it, as JSON text that can be served without a parse. */
export interface RawBlock {
  readonly height: number
  /** 0x-prefixed hex. */
  readonly hash: string
  readonly parentHash: string
  /** Answer to `chain_getBlock`. */
  readonly blockText: string
  /** Answer to `state_getStorage` of System.Events: a JSON string or null. */
  readonly eventsText: string
  /** Identifies the runtime version that the block reports; see `RuntimeVersions`. */
  readonly runtimeId: string
}

export interface NodeHeader {
  readonly parentHash: string
  readonly number: string
  readonly stateRoot: string
  readonly extrinsicsRoot: string
  readonly digest: { readonly logs: readonly string[] }
}

export interface NodeBlock {
  readonly block: { readonly header: NodeHeader; readonly extrinsics: readonly string[] }
}

/** Objects, keys and the strings' headers, beside the text itself. Measured roughly, rounded up. */
const BLOCK_OVERHEAD_BYTES = 512

/** Memory the block takes (bytes): its text is ASCII, one byte a character. */
export function memoryBytes(block: RawBlock): number {
  return block.blockText.length + block.eventsText.length + BLOCK_OVERHEAD_BYTES
}
