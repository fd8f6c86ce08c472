import { codec } from '@subsquid/ss58'
import type { Hex } from '../../log/envelope'
import type { Equals, RowSource } from '../core/row-source'
import type { Row } from '../fold/projection'
import { account } from '../fold/row-values'

const SS58_PREFIX = 42
const ss58 = codec(SS58_PREFIX)
/** Submissions of one hotkey that an explanation goes into, the newest. */
const SUBMISSIONS_MAX = 50
const SUBMISSION = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const ACCOUNT = /^0x[0-9a-f]{64}$/

/** What an explanation of a submission or of a hotkey looks at beside the view: every verdict, the lost ones too. */
export interface About {
  readonly hotkey: string
  readonly submissions: readonly AboutSubmission[]
  /** Running totals of the claim pool, smallest units; null: nothing was published for the hotkey. */
  readonly balance: { readonly published: string; readonly paid: string; readonly outstanding: string } | null
}

export interface AboutSubmission {
  readonly submissionId: string
  readonly taskId: string
  readonly status: string
  readonly reasonCode: string | null
  readonly reason: string | null
  readonly decidedBy: string | null
  readonly ruleVersion: string | null
  /** As it was recorded with the verdict, against whoever was best then. */
  readonly comparison: unknown
  /** What miner and observers say of the metric; the claimed one is shown and decides nothing. */
  readonly claimedMetrics: unknown
  readonly replays: readonly Observation[]
  readonly peers: readonly Observation[]
}

interface Observation {
  readonly by: string
  readonly status: string
  readonly reasonCode: string | null
  readonly notes: string
}

/**
 * Rows about a submission, or about all submissions of a hotkey.
 * @param subject submission id, SS58, or the account as hex; null for anything else, and for a submission that never came
 */
export async function readAbout(source: RowSource, subject: string): Promise<About | null> {
  const isSubmission = SUBMISSION.test(subject)
  const hotkey = isSubmission ? undefined : accountOf(subject)
  if (hotkey === null) return null
  const of: Equals = isSubmission ? { submission_id: subject } : { hotkey: hotkey! }
  const verdicts = await source.rows('autoresearch_verdict', of)
  const owner = hotkey ?? (verdicts[0]?.hotkey as string | undefined)
  if (owner === undefined) return null
  const [balances, submissions] = await Promise.all([
    source.rows('autoresearch_balance', { hotkey: owner }),
    Promise.all(verdicts.slice(-SUBMISSIONS_MAX).map((verdict) => submissionOf(source, verdict))),
  ])
  const [balance] = balances
  return {
    hotkey: addressOf(owner),
    submissions,
    balance: balance
      ? {
          published: String(balance.published),
          paid: String(balance.paid),
          outstanding: String(balance.outstanding),
        }
      : null,
  }
}

async function submissionOf(source: RowSource, verdict: Row): Promise<AboutSubmission> {
  const of = { submission_id: verdict.submission_id as string }
  const [received, replays, peers] = await Promise.all([
    source.rows('autoresearch_submission', of),
    source.rows('autoresearch_job_result', of),
    source.rows('autoresearch_peer_evaluation', of),
  ])
  return {
    submissionId: of.submission_id,
    taskId: verdict.task_id as string,
    status: verdict.status as string,
    reasonCode: verdict.reason_code as string | null,
    reason: verdict.reason as string | null,
    decidedBy: verdict.decided_by as string | null,
    ruleVersion: verdict.rule_version as string | null,
    comparison: verdict.comparison,
    claimedMetrics: received[0]?.claimed_metrics ?? {},
    replays: replays.map((row) => observation(row, row.validator, row.reason_code as string | null)),
    peers: peers.map((row) => observation(row, row.evaluator, null)),
  }
}

const observation = (row: Row, by: unknown, reasonCode: string | null): Observation => ({
  by: addressOf(by),
  status: row.status as string,
  reasonCode,
  notes: row.notes as string,
})

const addressOf = (stored: unknown): string => ss58.encode(`0x${String(stored).slice(2)}`)

function accountOf(subject: string): string | null {
  if (ACCOUNT.test(subject)) return account(subject as Hex)
  try {
    return account(ss58.decode(subject))
  } catch {
    return null
  }
}
