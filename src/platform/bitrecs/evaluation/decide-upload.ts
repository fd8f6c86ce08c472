import type { Hex } from '../../../log/envelope'
import type { Registration } from '../../core/chain-facts'
import type { Decided, Moment } from '../../core/decider'
import { draft, type PlatformDraft } from '../../core/platform-event'
import { type BitrecsState, isExcluded } from '../state'
import { nonceKey } from '../submission/evolve'
import { type Answer, done, refusalEvent, refuse } from './answer'

/** One row as a validator's own database has it (spec bitrecs §4: `miner_scores`). */
export interface UploadedScore {
  readonly run_id: string
  readonly hotkey: string
  readonly task_name: string
  readonly score: number
  readonly success: boolean
  readonly duration: number
  readonly evaluation_set_id: number
  readonly sample_size: number
}

export interface Upload {
  /** null: no SS58 address. */
  readonly validator: Hex | null
  readonly address: string
  readonly nonce: string
  /** s since the Unix epoch, as signed */
  readonly timestamp: number
  readonly isSigned: boolean
  readonly isWhitelisted: boolean
  /** SHA-256 over the signed message. */
  readonly requestHash: string
  readonly rows: readonly UploadedScore[]
  /** By address: its account; addresses that are none are left out. */
  readonly accounts: ReadonlyMap<string, Hex>
  /** By account. */
  readonly registrations: ReadonlyMap<Hex, Registration | null>
}

const WINDOW_MS = 300_000

/**
 * Scores that a validator signs itself. The request stands or falls by its signature; rows are taken or refused one by one,
 * each refusal with its reason, so that one bad row spoils nothing and changes nothing.
 */
export function uploadScores(state: BitrecsState, { timeMs: at }: Moment, upload: Upload): Decided<Answer> {
  const { validator, address, nonce, timestamp, requestHash } = upload
  const no = (status: number, code: string, reason: string) =>
    refuse(
      { command: 'upload-scores', status, code, reason, subject: address, actor: validator, requestHash },
      at,
    )
  if (validator === null || !upload.isWhitelisted)
    return no(403, 'not_whitelisted', `${address} is not a known validator`)
  if (Math.abs(at - timestamp * 1_000) > WINDOW_MS)
    return no(400, 'timestamp_skew', 'The timestamp is not within 300 seconds of the present time')
  if (!upload.isSigned) return no(401, 'bad_signature', 'The signature of the upload is not valid')
  if (state.nonces.has(nonceKey(validator, nonce)))
    return no(409, 'nonce_used', 'This upload was sent before')
  const events: PlatformDraft[] = [
    draft('BitrecsNonceUsed', { hotkey: validator, nonce, timestampS: timestamp, at }, { actor: validator }),
  ]
  const refused: { run_id: string; code: string }[] = []
  const taken = new Set<string>()
  for (const row of upload.rows) {
    const code = faultOf(state, row, upload, taken)
    if (code) {
      refused.push({ run_id: row.run_id, code })
      const reason = `The score of run ${row.run_id} does not count: ${code}`
      const refusal = { command: 'upload-scores', status: 422, code, reason, subject: row.run_id }
      events.push(refusalEvent({ ...refusal, actor: validator, requestHash }, at))
      continue
    }
    taken.add(row.run_id)
    events.push(scored(state, row, upload, validator, at))
  }
  return done({ accepted: taken.size, refused }, events)
}

/** Why a row does not count; undefined: it does. */
function faultOf(
  state: BitrecsState,
  row: UploadedScore,
  { accounts }: Upload,
  taken: ReadonlySet<string>,
): string | undefined {
  const { set, scoredRuns } = state.evaluation
  if (!Number.isFinite(row.score)) return 'score_not_finite'
  if (row.score < 0 || row.score > 1) return 'score_out_of_range'
  if (taken.has(row.run_id) || scoredRuns.has(row.run_id)) return 'duplicate_run'
  const account = accounts.get(row.hotkey)
  const agent = account && state.agents.get(state.byHotkey.get(account) ?? '')
  if (!agent) return 'unknown_hotkey'
  if (isExcluded(state, agent)) return 'excluded_agent'
  if (row.evaluation_set_id !== set?.setId) return 'other_set'
  return set.problems.validator.includes(row.task_name) ? undefined : 'unknown_task'
}

function scored(
  state: BitrecsState,
  row: UploadedScore,
  { accounts, registrations }: Upload,
  validator: Hex,
  at: number,
): PlatformDraft {
  const hotkey = accounts.get(row.hotkey)!
  const registration = registrations.get(hotkey) ?? null
  const payload = {
    runId: row.run_id,
    agentId: state.byHotkey.get(hotkey)!,
    hotkey,
    uid: registration?.uid ?? null,
    registeredAt: registration?.registeredAt ?? null,
    task: row.task_name,
    score: row.score,
    success: row.success,
    durationSeconds: row.duration,
    sampleSize: row.sample_size,
    setId: row.evaluation_set_id,
    validator,
    source: 'upload' as const,
    at,
  }
  return draft('BitrecsScoreRecorded', payload, { actor: validator })
}
