import type { BlockCall, BlockEvent } from './block'
import type { BlockContext } from './context'
import type { Reading } from './storage-read'

/** Why it could not be decoded, as text; nothing when it was. */
// biome-ignore lint/suspicious/noConfusingVoidType: a generator that just ends returns void
export type Problem = string | undefined | void

/**
 * Decodes one event. A returned text says why it could not be decoded: the event is then logged as `Undecoded`
 * in every live subnet, since nothing in it can be attributed.
 */
export type Handler = (ctx: BlockContext, event: BlockEvent) => Reading<Problem>

/** Decodes a successful call that has no event of its own. */
export type CallHandler = (ctx: BlockContext, call: BlockCall) => Reading<Problem>
