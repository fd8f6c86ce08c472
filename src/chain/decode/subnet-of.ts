import type { Subnet } from '../state/subnet'
import type { BlockContext } from './context'
import { snapshotSubnet } from './snapshot'
import type { Reading } from './storage-read'

/**
 * The live subnet that an event speaks of. One that the log does not know existed before the first indexed block
 * (genesis, or a start in the middle): it is opened from the chain's storage, as a snapshot.
 */
export function* subnetOf(ctx: BlockContext, netuid: number): Reading<Subnet> {
  const known = ctx.state.get(netuid)
  if (known) return known
  yield* snapshotSubnet(ctx, netuid)
  return ctx.state.get(netuid)!
}
