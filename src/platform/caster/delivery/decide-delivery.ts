import type { Hex } from '../../../log/envelope'
import type { Command } from '../../core/decider'
import { draft, type PlatformDraft } from '../../core/platform-event'
import type { CasterState, Delivery } from '../state'

/** One batch at one validator. */
export interface Route {
  readonly batchId: string
  readonly validator: Hex
}

type Deciding = Command<CasterState, boolean>

const nothing = { events: [], reply: false }
const because = (event: PlatformDraft) => ({ events: [event], reply: true })

/** Characters of a validator's own words that are kept. */
const DETAIL_MAX_CHARS = 300

/** A stranger's words as they can stand in the log: one line, no half characters, not for ever. */
export const plainDetail = (text: string): string =>
  text
    .slice(0, DETAIL_MAX_CHARS)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is taken out
    .replace(/[\u0000-\u001f\u007f]+/g, ' ')
    .replace(/\p{Surrogate}/gu, '\ufffd')

function openDelivery(state: CasterState, { batchId, validator }: Route): Delivery | null | undefined {
  const batch = state.batches.get(batchId)
  return batch?.status === 'created' ? (batch.deliveries.get(validator) ?? null) : undefined
}

/** Before a batch is sent, so that a crash in between leaves the attempt behind. */
export const sendBatch =
  (route: Route): Deciding =>
  (state, { timeMs: at }) => {
    const known = openDelivery(state, route)
    const validator = state.validators.get(route.validator)
    if (known === undefined || !validator || known?.status === 'completed' || known?.status === 'failed')
      return nothing
    const attempt = (known?.attempt ?? 0) + 1
    return because(draft('BatchSent', { ...route, baseUrl: validator.baseUrl, attempt, at }))
  }

export const acceptBatch =
  (route: Route): Deciding =>
  (state, { timeMs: at }) =>
    openDelivery(state, route)?.status === 'sent'
      ? because(draft('BatchAccepted', { ...route, at }))
      : nothing

/** All results are in and checked; what they are is told when the batch closes (invariant 14). */
export const completeBatch =
  (route: Route, results: number, resultsSha256: string): Deciding =>
  (state, { timeMs: at }) => {
    const status = openDelivery(state, route)?.status
    if (status !== 'sent' && status !== 'accepted') return nothing
    return because(draft('BatchCompleted', { ...route, results, resultsSha256, at }))
  }

/** The validator does not count in this batch. */
export const failBatch =
  (route: Route, reason: string, detail: string): Deciding =>
  (state, { timeMs: at }) => {
    const status = openDelivery(state, route)?.status
    if (status !== 'sent' && status !== 'accepted') return nothing
    return because(draft('BatchFailed', { ...route, reason, detail: plainDetail(detail), at }))
  }
