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
