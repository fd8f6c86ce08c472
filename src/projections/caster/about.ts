import { codec } from '@subsquid/ss58'
import type { Hex } from '../../log/envelope'
import type { RowSource } from '../core/row-source'
import type { Row } from '../fold/projection'
import { account } from '../fold/row-values'
import { addressOf } from './address'
import { readDecidedBatch } from './view'

const SS58_PREFIX = 42
const ss58 = codec(SS58_PREFIX)
const ARTIFACT = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const ACCOUNT = /^0x[0-9a-f]{64}$/

/** What the mechanism's explanation of a candidate looks at beside the view. Hotkeys are SS58. */
export interface About {
  readonly hotkey: string
  readonly artifactId: string | null
  readonly batch: {
    readonly batchId: string
    readonly claimIds: readonly string[]
    readonly claimsSha256: string
    readonly cutoffAtMs: number
  } | null
  readonly deliveries: readonly {
    readonly validator: string
    readonly status: string
    readonly reason: string | null
    readonly detail: string | null
  }[]
  readonly script: { readonly artifactId: string; readonly submittedAtMs: number } | null
  readonly cells: readonly Cell[]
  readonly comparisons: readonly Comparison[]
}

interface Cell {
  readonly validator: string
  readonly claimId: string
  readonly verdict: number | null
  readonly errorCode: string | null
  readonly verdictScore: number
  readonly supportScore: number
}

interface Comparison {
  readonly batchId: string
  readonly artifactId: string
  readonly total: number
  readonly incumbent: string | null
  readonly incumbentTotal: number | null
  readonly needed: number | null
  readonly beats: boolean
  readonly cause: string | null
  readonly effect: string
}

/**
 * Rows about a hotkey or one script of it.
 * @param subject SS58, the account as hex, or an artifact id; null for anything else and for a script that was never submitted
 */
export async function readAbout(source: RowSource, subject: string): Promise<About | null> {
  const artifactId = ARTIFACT.test(subject) ? subject : null
  const hotkey = artifactId === null ? accountOf(subject) : await submitterOf(source, artifactId)
  if (hotkey === null) return null
  const [batch, scripts, comparisons] = await Promise.all([
    readBatch(source),
    source.rows('caster_script', { hotkey }),
    source.rows('caster_comparison', { challenger: hotkey }),
  ])
  const address = addressOf(hotkey)
  const inBatch = batch?.candidates.findLast(
    (one) => one.hotkey === address && (artifactId === null || one.artifactId === artifactId),
  )
  const [script] = scripts
  return {
    hotkey: address,
    artifactId,
    batch: batch && {
      batchId: batch.batchId,
      claimIds: batch.claimIds,
      claimsSha256: batch.claimsSha256,
      cutoffAtMs: batch.cutoffAtMs,
    },
    deliveries: batch ? await deliveriesOf(source, batch.batchId) : [],
    script: script
      ? { artifactId: script.artifact_id as string, submittedAtMs: Number(script.submitted_at) }
      : null,
    cells: batch && inBatch ? await cellsOf(source, batch.batchId, inBatch.artifactId) : [],
    comparisons: comparisons
      .filter((row) => artifactId === null || row.challenger_artifact === artifactId)
      .map(comparisonOf),
  }
}

function accountOf(subject: string): string | null {
  if (ACCOUNT.test(subject)) return account(subject as Hex)
  try {
    return account(ss58.decode(subject))
  } catch {
    return null
  }
}

async function submitterOf(source: RowSource, artifactId: string): Promise<string | null> {
  const [script] = await source.history('caster_script', { artifact_id: artifactId })
  return (script?.hotkey as string | undefined) ?? null
}

async function readBatch(source: RowSource) {
  const decided = await readDecidedBatch(source)
  if (!decided) return null
  const columns = ['claims_sha256', 'cutoff_at']
  const [row] = await source.rows('caster_batch', { batch_id: decided.batchId }, columns)
  return { ...decided, claimsSha256: row!.claims_sha256 as string, cutoffAtMs: Number(row!.cutoff_at) }
}

async function deliveriesOf(source: RowSource, batchId: string): Promise<About['deliveries']> {
  const rows = await source.rows('caster_delivery', { batch_id: batchId })
  return rows.map((row) => ({
    validator: addressOf(row.validator),
    status: row.status as string,
    reason: row.reason as string | null,
    detail: row.detail as string | null,
  }))
}

async function cellsOf(source: RowSource, batchId: string, artifactId: string): Promise<Cell[]> {
  const of = { batch_id: batchId, artifact_id: artifactId }
  const [grades, answers] = await Promise.all([
    source.rows('caster_grade', of, ['validator', 'claim_id', 'verdict_score', 'support_score']),
    source.rows('caster_answer', of, ['validator', 'claim_id', 'verdict', 'error_code']),
  ])
  const cell = (row: Row) => `${row.validator}/${row.claim_id}`
  const answerOf = new Map(answers.map((row) => [cell(row), row]))
  return grades.map((row) => {
    const answer = answerOf.get(cell(row))
    return {
      validator: addressOf(row.validator),
      claimId: row.claim_id as string,
      verdict: (answer?.verdict as number | null | undefined) ?? null,
      errorCode: (answer?.error_code as string | null | undefined) ?? null,
      verdictScore: Number(row.verdict_score),
      supportScore: Number(row.support_score),
    }
  })
}

const numberOrNull = (value: unknown): number | null => (value === null ? null : Number(value))

const comparisonOf = (row: Row): Comparison => ({
  batchId: row.batch_id as string,
  artifactId: row.challenger_artifact as string,
  total: Number(row.challenger_total),
  incumbent: row.incumbent === null ? null : addressOf(row.incumbent),
  incumbentTotal: numberOrNull(row.incumbent_total),
  needed: numberOrNull(row.needed),
  beats: row.beats as boolean,
  cause: row.cause as string | null,
  effect: row.effect as string,
})
