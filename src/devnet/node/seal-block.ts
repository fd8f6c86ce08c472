import { blake2AsHex } from '@polkadot/util-crypto'
import { SLOT_MS } from '../metadata/frame-pallets'
import type { GenesisOptions, Pallet } from '../pallets/dispatch'
import { RuntimeStorage, StateHistory, StateLayers } from '../storage'
import {
  type Block,
  CODE_UPDATED_DIGEST,
  extrinsicsRoot,
  headerHash,
  quantity,
  slotDigest,
  stateRoot,
  ZERO_HASH,
} from './block'
import type { BlockBuilder } from './block-builder'
import { runtimeSpec } from './runtime-spec'

const EMPTY_EVENTS = '0x00'

/** @param branch how many forks came before: the same height has another slot, and hash, on each branch */
export function sealBlock(builder: BlockBuilder, parent: Block, timeMs: number, branch: number): Block {
  const height = parent.height + 1
  const specVersion = parent.nextSpecVersion
  const events = builder.events.encode()
  const changes = builder.layers.seal()
  const logs = [slotDigest(Math.floor(timeMs / SLOT_MS) + branch)]
  if (builder.nextSpecVersion !== specVersion) logs.push(CODE_UPDATED_DIGEST)
  const header = {
    parentHash: parent.hash,
    number: quantity(height),
    stateRoot: stateRoot(parent.header.stateRoot, changes, events),
    extrinsicsRoot: extrinsicsRoot(builder.extrinsics),
    digest: { logs },
  }
  return {
    height,
    hash: headerHash(header),
    header,
    extrinsics: builder.extrinsics,
    events,
    timeMs,
    specVersion,
    nextSpecVersion: builder.nextSpecVersion,
    changes,
  }
}

export interface GenesisBlockOptions extends GenesisOptions {
  readonly specVersion: number
  readonly genesisTimeMs: number
}

/** Block 0: the state that the pallets begin with, and no extrinsics. */
export function genesisBlock(options: GenesisBlockOptions, pallets: readonly Pallet[]): Block {
  const { specVersion, genesisTimeMs, seed } = options
  const { codec, metadata } = runtimeSpec(specVersion)
  const layers = new StateLayers(new StateHistory())
  const storage = new RuntimeStorage(codec, layers)
  storage.put('Timestamp.Now', [], BigInt(genesisTimeMs))
  for (const pallet of pallets) pallet.genesis?.(storage, options)
  const changes = layers.seal()
  const header = {
    parentHash: ZERO_HASH,
    number: quantity(0),
    // As on a real chain, other code makes another genesis: clients keep metadata by genesis and spec.
    stateRoot: stateRoot(`${seed}/${blake2AsHex(metadata)}`, changes, EMPTY_EVENTS),
    extrinsicsRoot: extrinsicsRoot([]),
    digest: { logs: [] },
  }
  return {
    height: 0,
    hash: headerHash(header),
    header,
    extrinsics: [],
    events: EMPTY_EVENTS,
    timeMs: genesisTimeMs,
    specVersion,
    nextSpecVersion: specVersion,
    changes,
  }
}
