import { canonicalJson } from '../../../log/canonical-json'
import type { Fault } from '../auth/faults'
import type { CasterRules } from '../rules'
import type { ClaimInput, DatasetBody } from './claim-record'

const MICRO_PER_USD = 1_000_000

/** A claim on the wire: what validators are given and what becomes public when the batch closes. */
export interface WireClaim extends Omit<ClaimInput, 'champion_verdict'> {
  readonly budget_usd: number
  readonly budget_micro_usd: string
}

/** What a command needs to know of a data set; the claims themselves lie apart from the log. */
export interface DatasetInput {
  readonly datasetId: string
  readonly claimIds: readonly string[]
  readonly verdicts: readonly { readonly reference: number; readonly champion: number | null | undefined }[]
  readonly factoidWindow: { readonly from: number; readonly to: number }
  readonly referenceModel: string
  /** undefined: not stated. */
  readonly championArtifactId: string | null | undefined
  readonly claimsSha256: string
}

/**
 * The text that `claimsSha256` is of: claims in order with a salt, so that nobody can guess a reference from the hash.
 * @param salt 64 hex digits
 */
export function sealClaims(claims: readonly ClaimInput[], budgetMicroUsd: string, salt: string): string {
  const wired = claims.map(({ champion_verdict: _, ...claim }): WireClaim => {
    const budget_usd = Number(budgetMicroUsd) / MICRO_PER_USD
    return { ...claim, budget_usd, budget_micro_usd: budgetMicroUsd }
  })
  return canonicalJson({ salt, claims: wired })
}

export const openClaims = (content: Uint8Array): readonly WireClaim[] =>
  JSON.parse(Buffer.from(content).toString('utf8')).claims

/** What is wrong with a data set by itself: the task contract of each claim, names, verdicts among the options (spec caster §2.1, §5). */
export function datasetFault(body: DatasetBody, rules: CasterRules): Fault | undefined {
  const invalid = (reason: string, claim_id?: string): Fault => ({
    status: 422,
    code: 'dataset_invalid',
    reason,
    ...(claim_id !== undefined && { facts: { claim_id } }),
  })
  const { from, to } = body.factoid_window
  if (!(Date.parse(from) <= Date.parse(to))) return invalid('factoid_window ends before it begins')
  const ids = new Set<string>()
  for (const { claim_id, text, rubric, reference_answer, champion_verdict } of body.claims) {
    if (ids.has(claim_id)) return invalid('claim_id is there twice', claim_id)
    ids.add(claim_id)
    const { title: rubric_title, description: rubric_description, verdict_options } = rubric
    const fault = rules.requestFault({ claim_text: text, rubric_title, rubric_description, verdict_options })
    if (fault) return invalid(`rubric: ${fault}`, claim_id)
    const values = verdict_options.map(({ value }) => value)
    if (!values.includes(reference_answer.verdict))
      return invalid('the reference verdict is none of the options', claim_id)
    if (typeof champion_verdict === 'number' && !values.includes(champion_verdict))
      return invalid('champion_verdict is none of the options; null is no verdict', claim_id)
  }
  return undefined
}

export const datasetInput = (body: DatasetBody, datasetId: string, claimsSha256: string): DatasetInput => ({
  datasetId,
  claimIds: body.claims.map(({ claim_id }) => claim_id),
  verdicts: body.claims.map(({ reference_answer, champion_verdict }) => ({
    reference: reference_answer.verdict,
    champion: champion_verdict,
  })),
  factoidWindow: { from: Date.parse(body.factoid_window.from), to: Date.parse(body.factoid_window.to) },
  referenceModel: body.reference_model,
  championArtifactId: body.champion_artifact_id,
  claimsSha256,
})
