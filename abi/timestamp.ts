import { callsOf, since, storageOf } from './item'
import { compact, struct, u64 } from './shape'

const source = 'substrate/frame/timestamp/src/lib.rs'

/** Always extrinsic 0; ms since the Unix epoch. */
export const set = callsOf(source)('Timestamp', 'set', 0, since(165, struct({ now: compact(u64) })))
export const now = storageOf(source)('Timestamp', 'Now', 'Default', [], [since(165, u64)])
