import { autoresearchEvents } from './platform/autoresearch'
import { bitrecsEvents } from './platform/bitrecs'
import { casterEvents } from './platform/caster'
import { coreEvents } from './platform/core'

/** Asserted events, signed by whoever sent them (design §2). Each subnet system adds its own file. */
export const platformEvents = { ...coreEvents, ...bitrecsEvents, ...autoresearchEvents, ...casterEvents }
