import { type Static, Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import { LedgerError } from '../../errors/ledger-error'
import { type CasterDecision, type CasterView, decide, decideWith, rulingPolicy } from './decide'
import type { CasterPolicy } from './policy'
import { readCasterPolicy } from './read-caster-policy'

/** What to change: the policy in part, totals of scripts, or which validators count. */
const Change = Type.Object(
  {
    policy: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
    totals: Type.Optional(
      Type.Array(
        Type.Object(
          { artifactId: Type.String(), total: Type.Number({ minimum: 0 }) },
          { additionalProperties: false },
        ),
      ),
    ),
    /** Hotkeys (SS58). */
    excludedValidators: Type.Optional(Type.Array(Type.String())),
  },
  { additionalProperties: false },
)

export interface CasterWhatIf {
  readonly before: CasterDecision
  readonly after: CasterDecision
  /** Whether the roster, the outcome or the emitted vector differ. */
  readonly changes: boolean
}

/**
 * The decision as it was and as it would have been: another rule, margin, shares or absent policy; other totals; fewer validators.
 * Past decisions are not touched.
 * @throws LedgerError SL-DECIDE-INPUT, SL-POLICY-INVALID
 */
export function whatIf(view: CasterView, policy: CasterPolicy, change: unknown): CasterWhatIf {
  const { policy: partial, totals, excludedValidators = [] } = read(change)
  const known = new Set(view.candidates.map(({ artifactId }) => artifactId))
  const stranger = totals?.find(({ artifactId }) => !known.has(artifactId))
  if (stranger) throw refuse(`/totals: the batch has no artifact ${stranger.artifactId}`)
  const before = decide(view, policy)
  const matrices = view.matrices.filter(({ validator }) => !excludedValidators.includes(validator))
  const after = decideWith(
    { ...view, matrices, rosterPolicy: { ...rulingPolicy(view, policy), ...partial } },
    readCasterPolicy({ ...policy, ...partial }),
    totals && new Map(totals.map(({ artifactId, total }) => [artifactId, total])),
  )
  const digest = ({ outcome, roster, u16 }: CasterDecision) => JSON.stringify([outcome, roster, u16])
  return { before, after, changes: digest(before) !== digest(after) }
}

function read(change: unknown): Static<typeof Change> {
  if (Value.Check(Change, change)) return change
  const [first] = Value.Errors(Change, change)
  throw refuse(`${first?.path || '/'}: ${first?.message ?? 'unreadable'}`)
}

const refuse = (what: string) =>
  new LedgerError('SL-DECIDE-INPUT', 'user', `The change cannot be tried: ${what}.`, {
    remedy: 'Give policy (in part), totals ([{artifactId, total}]) or excludedValidators ([SS58]).',
  })
