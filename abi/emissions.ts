import { eventsOf, since } from './item'
import { sequence, struct, u16, u64 } from './shape'

/** Alpha in rao of one epoch, indexed by the uids at that moment. */
export const incentiveAlphaEmittedToMiners = eventsOf('pallets/subtensor/src/macros/events.rs')(
  'SubtensorModule',
  'IncentiveAlphaEmittedToMiners',
  { 315: 104, 381: 108, 424: 110 },
  since(315, struct({ netuid: u16, emissions: sequence(u64) })),
)
