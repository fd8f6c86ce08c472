import { type Static, Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import { MAX_SCRIPT_BYTES } from '../../../mechanisms/caster/script'
import { requestFault, type TaskRequest } from '../../../mechanisms/caster/task-contract'

/** The only entry point of this generation of the task contract (spec caster §2.3). */
export const ENTRYPOINT = 'evaluate_criterion'

const Text = Type.String()
const Name = Type.String({ minLength: 1, maxLength: 100 })
const Uuid = Type.String({ pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' })
const Time = Type.String({ minLength: 20, maxLength: 40 })
const Uid = Type.Integer({ minimum: 0, maximum: 65_535 })

const Claim = Type.Object({
  claim_id: Name,
  text: Text,
  rubric: Type.Object({
    title: Text,
    description: Text,
    verdict_options: Type.Array(Type.Object({ value: Type.Integer(), description: Text })),
  }),
  reference_answer: Type.Object({
    verdict: Type.Integer(),
    justification: Text,
    citations: Type.Optional(Type.Array(Type.Unknown())),
    spans: Type.Optional(Type.Array(Type.Unknown())),
  }),
  budget_usd: Type.Number({ minimum: 0 }),
  /** Integer micro-USD; the float beside it is for people. */
  budget_micro_usd: Type.String({ pattern: '^\\d{1,18}$' }),
})

const Candidate = Type.Object({
  uid: Uid,
  artifact_id: Uuid,
  content_hash: Type.String({ pattern: '^[0-9a-f]{64}$' }),
  size_bytes: Type.Integer({ minimum: 1, maximum: MAX_SCRIPT_BYTES }),
})

/** Scripts × claims as the platform sends them (spec caster §6). It holds the reference answers, so it is private. */
export const BatchSpec = Type.Object({
  batch_id: Uuid,
  entrypoint: Text,
  cutoff_at: Time,
  created_at: Time,
  closes_at: Time,
  champion_uid: Type.Optional(Type.Union([Uid, Type.Null()])),
  claims: Type.Array(Claim, { minItems: 1 }),
  candidates: Type.Array(Candidate, { minItems: 1 }),
})

export type BatchSpec = Static<typeof BatchSpec>
export type BatchClaim = Static<typeof Claim>
export type BatchCandidate = Static<typeof Candidate>

/** What a miner is asked about a claim: nothing of the reference (spec caster §2.1). */
export function taskRequest({ text, rubric }: BatchClaim): TaskRequest {
  return {
    claim_text: text,
    rubric_title: rubric.title,
    rubric_description: rubric.description,
    verdict_options: rubric.verdict_options.map(({ value, description }) => ({ value, description })),
  }
}

/** Why a batch cannot be run, or undefined. A batch is refused as a whole: half of one would count for nothing. */
export function batchFault(spec: unknown): string | undefined {
  if (!Value.Check(BatchSpec, spec)) {
    const [fault] = Value.Errors(BatchSpec, spec)
    return `${fault?.path || '/'}: ${fault?.message ?? 'unreadable'}`
  }
  if (spec.entrypoint !== ENTRYPOINT) return `entrypoint ${spec.entrypoint} is not ${ENTRYPOINT}`
  if (Number.isNaN(Date.parse(spec.closes_at))) return 'closes_at is no time'
  if (hasDuplicate(spec.claims.map(({ claim_id }) => claim_id))) return 'a claim_id stands twice'
  if (hasDuplicate(spec.candidates.map(({ artifact_id }) => artifact_id)))
    return 'an artifact_id stands twice'
  for (const claim of spec.claims) {
    const fault = requestFault(taskRequest(claim))
    if (fault !== undefined) return `claim ${claim.claim_id}: ${fault}`
    const { verdict } = claim.reference_answer
    if (!claim.rubric.verdict_options.some(({ value }) => value === verdict))
      return `claim ${claim.claim_id}: the reference verdict ${verdict} is no option`
  }
  return undefined
}

const hasDuplicate = (names: readonly string[]) => new Set(names).size !== names.length
