import { autoresearchClaimEvents } from './autoresearch-claims'
import { autoresearchWorkEvents } from './autoresearch-work'

/** Events of the autoresearch platform; fields as in its spec. */
export const autoresearchEvents = { ...autoresearchWorkEvents, ...autoresearchClaimEvents }
