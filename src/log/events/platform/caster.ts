import { casterBatchEvents } from './caster-batches'
import { casterResultEvents } from './caster-results'
import { casterRosterEvents } from './caster-roster'

/** Events of the Caster platform; its rejected scripts and refused calls are `CommandRefused` (spec caster.md §12). */
export const casterEvents = { ...casterBatchEvents, ...casterResultEvents, ...casterRosterEvents }
