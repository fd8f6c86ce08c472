import { type Static, Type } from '@sinclair/typebox'

export const CLAIMS_MAX = 1_000
const TEXT_MAX_CHARS = 20_000
const CITATIONS_MAX = 100
const SPANS_MAX = 200
const OPTIONS_MAX = 5

const closed = { additionalProperties: false }
const Text = Type.String({ minLength: 1, maxLength: TEXT_MAX_CHARS })
const Verdict = Type.Integer({ minimum: -100, maximum: 100 })

const Rubric = Type.Object(
  {
    title: Text,
    description: Text,
    verdict_options: Type.Array(Type.Object({ value: Verdict, description: Text }, closed), {
      maxItems: OPTIONS_MAX,
    }),
  },
  closed,
)

const ReferenceAnswer = Type.Object(
  {
    verdict: Verdict,
    justification: Text,
    citations: Type.Array(
      Type.Object(
        { url: Text, note: Type.Union([Type.String({ maxLength: TEXT_MAX_CHARS }), Type.Null()]) },
        closed,
      ),
      { maxItems: CITATIONS_MAX },
    ),
    spans: Type.Array(
      Type.Union([Type.String({ maxLength: TEXT_MAX_CHARS }), Type.Array(Type.Integer(), { maxItems: 2 })]),
      {
        maxItems: SPANS_MAX,
        default: [],
      },
    ),
  },
  closed,
)

/** A claim as the operator gives it (spec caster §5). Its budget is the policy's. */
export const ClaimInput = Type.Object(
  {
    claim_id: Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._:-]{0,99}$' }),
    text: Text,
    rubric: Rubric,
    reference_answer: ReferenceAnswer,
    /** What the sitting champion's script answered; null: no verdict. Needed when somebody sits. */
    champion_verdict: Type.Optional(Type.Union([Verdict, Type.Null()])),
  },
  closed,
)
export type ClaimInput = Static<typeof ClaimInput>

const Time = Type.String({
  pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,3})?(Z|[+-]\\d\\d:\\d\\d)$',
})

export const DatasetBody = Type.Object(
  {
    factoid_window: Type.Object({ from: Time, to: Time }, closed),
    reference_model: Type.String({ pattern: '^[ -~]{1,200}$' }),
    /** Whose verdicts these are: checked when given. */
    champion_artifact_id: Type.Optional(Type.Union([Type.String({ maxLength: 36 }), Type.Null()])),
    claims: Type.Array(ClaimInput, { minItems: 1, maxItems: CLAIMS_MAX }),
  },
  closed,
)
export type DatasetBody = Static<typeof DatasetBody>
export { Time }
