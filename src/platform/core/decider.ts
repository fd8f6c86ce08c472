import type { Anchor } from '../../database/anchor'
import type { Blob } from './blobs'
import type { PlatformDraft, PlatformEvent } from './platform-event'

/** When a command is decided: the finalized block it is tied to, and the platform's own clock (ms since the Unix epoch). */
export interface Moment extends Anchor {
  readonly timeMs: number
}

export interface Decided<Reply> {
  readonly events: readonly PlatformDraft[]
  /** Content that the events name by its SHA-256; kept in the same transaction. */
  readonly blobs?: readonly Blob[]
  /** Given to the client after the events are committed. */
  readonly reply: Reply
}

/** A command is a pure function of the state: whatever it needs from outside was fetched before and is closed over as data. */
export type Command<State, Reply> = (state: State, moment: Moment) => Decided<Reply>

/** A subnet system's state as a fold of its platform log (decide/evolve): nothing else may change it. */
export interface Decider<State> {
  /** Name of the subnet system, e.g. bitrecs. */
  readonly system: string
  readonly initial: (netuid: number) => State
  /** Changes the state in place. Unknown types are passed over. */
  readonly evolve: (state: State, event: PlatformEvent) => void
}
