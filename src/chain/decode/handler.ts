import type { BlockCall, BlockEvent } from './block'
import type { BlockContext } from './context'
import type { Reading } from './storage-read'

/**
 * Decodes one event. A returned text says why it could not be decoded: the event is then logged as `Undecoded`
 * in every live subnet, since nothing in it can be attributed.
 */
export type Handler = (ctx: BlockContext, event: BlockEvent) => Reading<string | undefined | void>

/** Decodes a successful call that has no event of its own. */
export type CallHandler = (ctx: BlockContext, call: BlockCall) => Reading<string | undefined | void>
