import type { Settings } from '../../../config/config'
import type { Hex } from '../../../log/envelope'
import { accountOf } from '../../core/signatures'
import type { RunRules } from './decide-run'
import type { NodeLimits } from './decide-session'

/** Names and secrets of a list in one setting. */
export const listOf = (text: string | undefined): string[] =>
  (text ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean)

export interface EvaluationSettings {
  readonly rules: RunRules
  readonly limits: NodeLimits
  /** Accounts that may register as validators and upload scores. */
  readonly validators: ReadonlySet<Hex>
  readonly screenerPassword: string | undefined
  readonly heartbeatTimeoutMs: number
  readonly takesUploads: boolean
}

/** The settings of the whole program as the evaluation reads them. */
export function evaluationSettings(settings: Settings): EvaluationSettings {
  return {
    rules: {
      screener1Permille: settings.bitrecsScreener1Permille,
      screener2Permille: settings.bitrecsScreener2Permille,
      prunePermille: settings.bitrecsPrunePermille,
      evalsPerAgent: settings.bitrecsNumEvalsPerAgent,
      maxScreener2Attempts: settings.bitrecsMaxScreener2Attempts,
      dropSessionOnError: settings.bitrecsDropSessionOnError,
      logMaxBytes: settings.bitrecsRunLogMaxBytes,
      scoresFromRuns: settings.bitrecsScoreSource !== 'uploads',
    },
    limits: {
      runningAgentSeconds: settings.bitrecsRunningAgentSeconds,
      runningEvalSeconds: settings.bitrecsRunningEvalSeconds,
      runLogMaxBytes: settings.bitrecsRunLogMaxBytes,
    },
    validators: new Set(listOf(settings.bitrecsValidators).flatMap((address) => accountOf(address) ?? [])),
    screenerPassword: settings.bitrecsScreenerPassword,
    heartbeatTimeoutMs: settings.bitrecsHeartbeatTimeoutSeconds * 1_000,
    takesUploads: settings.bitrecsScoreSource !== 'runs',
  }
}
