import type { Hex } from '../../../log/envelope'
import type { Decided, Moment } from '../../core/decider'
import { draft } from '../../core/platform-event'
import type { BitrecsState } from '../state'
import { nonceKey } from '../submission/evolve'
import { type Answer, done, refuse } from './answer'

const WINDOW_MS = 300_000

export interface BackupRequest {
  /** null: no SS58 address. */
  readonly validator: Hex | null
  readonly address: string
  readonly timestamp: number
  readonly nonce: string
  readonly isSigned: boolean
  readonly isWhitelisted: boolean
  readonly requestHash: string
  /** Path that the file may be put to. */
  readonly path: string
  readonly baseUrl: string
}

/** Lifetime that the reference promises for a signed URL (s). */
export const BACKUP_EXPIRES_SECONDS = 1_800

/** POST /backup/upload-request: where a validator may put its score file (spec bitrecs §4). */
export function requestBackup(
  state: BitrecsState,
  { timeMs: at }: Moment,
  asked: BackupRequest,
): Decided<Answer> {
  const { validator, address, nonce, timestamp, requestHash } = asked
  const no = (status: number, code: string, reason: string) => {
    const refused = { command: 'backup-upload-request', status, code, reason, subject: address }
    return refuse({ ...refused, actor: validator, requestHash }, at)
  }
  if (validator === null || !asked.isWhitelisted)
    return no(403, 'not_whitelisted', `${address} is not a known validator`)
  if (Math.abs(at - timestamp * 1_000) > WINDOW_MS)
    return no(400, 'timestamp_skew', 'The timestamp is not within 300 seconds of the present time')
  if (!asked.isSigned) return no(401, 'bad_signature', 'The signature of the request is not valid')
  if (state.nonces.has(nonceKey(validator, nonce)))
    return no(409, 'nonce_used', 'This request was sent before')
  const body = {
    signed_url: `${asked.baseUrl}${asked.path}`,
    expires_in: BACKUP_EXPIRES_SECONDS,
    status: 'success',
  }
  const used = { hotkey: validator, nonce, timestampS: timestamp, at }
  return done(body, [draft('BitrecsNonceUsed', used, { actor: validator })])
}

export interface WeightReport {
  readonly validator: Hex | null
  readonly address: string
  readonly block: number
  readonly winnerUid: number
  readonly winnerHotkey: Hex | null
  readonly winnerWeight: number
  readonly weights: string
}

/** POST /scoring/weight-set: what a validator says it set. Unsigned: kept as said, and never believed (§6). */
export function reportWeights(
  _state: BitrecsState,
  { timeMs: at }: Moment,
  report: WeightReport,
): Decided<Answer> {
  const { address, validator, ...said } = report
  if (validator === null) {
    const reason = `${address} is no SS58 address`
    return refuse(
      { command: 'weight-set', status: 400, code: 'hotkey_invalid', reason, subject: address },
      at,
    )
  }
  return done({ status: 'success' }, [draft('BitrecsWeightSetReported', { validator, ...said, at })])
}
