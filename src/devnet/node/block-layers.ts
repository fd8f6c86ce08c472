import type { Layers } from '../storage'
import type { Block } from './block'
import type { Chain } from './chain'

/** The state after a block that is made, also of one that a fork left behind. */
export class BlockLayers implements Layers {
  constructor(
    private readonly chain: Chain,
    private readonly block: Block,
  ) {}

  get(key: string): string | null {
    return this.chain.storageAt(this.block, key)
  }

  keys(prefix: string): string[] {
    return [...this.chain.keysAt(this.block, prefix)]
  }

  set = readOnly
  begin = readOnly
  commit = readOnly
  rollback = readOnly
}

function readOnly(): never {
  throw new Error('the state of a finished block cannot be changed')
}
