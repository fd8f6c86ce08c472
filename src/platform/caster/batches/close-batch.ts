import type { Command } from '../../core/decider'
import { draft } from '../../core/platform-event'
import { type Answer, done, refuse } from '../answer'
import type { CasterState } from '../state'
import { isEnded } from './spec'

export type CloseCause = 'all_done' | 'deadline' | 'operator'

/**
 * Ends a batch: validators that have not reported do not count, and the claims become public content.
 * @param content the exact bytes of `claimsSha256`
 */
export const closeBatch =
  (batchId: string, cause: CloseCause, content: Uint8Array): Command<CasterState, Answer> =>
  (state, { timeMs: at }) => {
    const no = (status: number, code: string, reason: string) =>
      refuse({ command: 'close-batch', status, code, reason, subject: batchId }, at)
    const batch = state.batches.get(batchId)
    if (!batch) return no(404, 'batch_not_found', 'There is no such batch')
    const { claimsSha256, status } = batch
    const body = { batch_id: batchId, status: 'closed', claims_sha256: claimsSha256 }
    if (status !== 'created')
      return cause === 'operator' ? no(409, 'batch_closed', 'The batch is closed already') : done(body)
    const open = [...batch.deliveries.values()].filter((delivery) => !isEnded(delivery))
    const failed = open.map(({ validator }) => {
      const detail = `no complete progress when the batch closed (${cause})`
      return draft('BatchFailed', { batchId, validator, reason: 'not_completed', detail, at })
    })
    const closed = draft('BatchClosed', { batchId, cause, claimsSha256, at })
    return done(body, [...failed, closed], { blobs: [{ sha256: claimsSha256, bytes: content }] })
  }
