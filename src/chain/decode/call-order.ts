import type { BlockCall, BlockEvent } from './block'

/**
 * Whether a call's effect precedes an event: it ran in an earlier extrinsic, or in an earlier place of the same one.
 * Events of the call itself come first (a call without events of its own may still emit others), those of the
 * calls around it after.
 */
export function before(call: BlockCall, event: BlockEvent): boolean {
  if (event.phase === 'Initialization') return false
  if (event.extrinsicIndex === undefined) return true
  if (call.extrinsicIndex !== event.extrinsicIndex) return call.extrinsicIndex < event.extrinsicIndex
  const path = event.call?.path ?? []
  for (const [i, step] of call.path.entries()) {
    const other = path[i]
    if (other === undefined) return true
    if (step !== other) return step < other
  }
  return false
}
