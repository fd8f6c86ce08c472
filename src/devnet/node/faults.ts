import type { Block } from './block'

export type Lie =
  /** The header of the block names another parent. */
  | 'parent-hash'
  /** `System.Events` of the block lacks its last event. */
  | 'events'
  /** The height is answered with the hash of the block before. */
  | 'wrong-block'

/** What goes wrong on demand. Each may be set at any time. */
export interface Faults {
  /** Delay of every answer. */
  latencyMs: number
  /** State of blocks below is gone, as on a node that is no archive. */
  prunedBelowHeight: number
  readonly lies: Map<number, Lie>
}

export const OTHER_PARENT = `0x${'ee'.repeat(32)}`

/** The block as a lying node shows it. */
export function shown(faults: Faults, block: Block): Block {
  if (faults.lies.size === 0) return block
  const lie = faults.lies.get(block.height)
  if (lie === 'parent-hash') return { ...block, header: { ...block.header, parentHash: OTHER_PARENT } }
  return block
}

/** `System.Events` as a lying node shows it: one event fewer is claimed, and its bytes are missing. */
export function shownEvents(faults: Faults, block: Block, withoutLast: (events: string) => string): string {
  return faults.lies.get(block.height) === 'events' ? withoutLast(block.events) : block.events
}
