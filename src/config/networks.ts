interface Network {
  readonly rpcUrl: string | undefined
  /** Subnets indexed when none is named; undefined: the user must name them. */
  readonly netuids: readonly number[] | undefined
  /** Hash of block 0, so that a wrong node is refused before anything is written. */
  readonly genesisHash: string | undefined
}

/** Public endpoints and genesis hashes as published in Bittensor's SDK (`bittensor/core/settings.py`). */
export const networks: Readonly<Record<'devnet' | 'finney' | 'test' | 'custom', Network>> = {
  devnet: { rpcUrl: undefined, netuids: [67, 94, 122], genesisHash: undefined },
  finney: {
    rpcUrl: 'wss://archive.chain.opentensor.ai:443',
    netuids: undefined,
    genesisHash: '0x2f0555cc76fc2840a25a6ea3b9637146806f1f44b090c175ffde2a7e5ab36c03',
  },
  test: { rpcUrl: 'wss://test.finney.opentensor.ai:443', netuids: undefined, genesisHash: undefined },
  custom: { rpcUrl: undefined, netuids: undefined, genesisHash: undefined },
}
