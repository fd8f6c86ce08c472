import { draft, type PlatformDraft } from '../../platform/core/platform-event'
import type { RowSource } from '../../projections/core/row-source'
import type { EngineState } from '../engine-state'
import { differenceOf, type Recommended } from './compare'
import { type InForce, weightsInForce } from './in-force'

/** Which decision each validator is held against: the one it acted upon, or the one that should be in force by now. */
export type Against = 'acted_upon' | 'newest'

/** Compares validators' weights with the decisions and tells what changed since it was last looked at. */
export async function watchWeights(
  state: EngineState,
  source: RowSource,
  mechanism: number,
  against: Against,
  only?: ReadonlySet<string>,
): Promise<PlatformDraft[]> {
  if (state.decisions.length === 0) return []
  const limit = await rateLimitOf(source)
  const present = await weightsInForce(source, mechanism)
  const events: PlatformDraft[] = only ? [] : gone(state, mechanism, present)
  for (const inForce of present) {
    if (only && !only.has(inForce.validator)) continue
    const recommended = recommendedTo(state, inForce, against)
    if (recommended) events.push(...changesOf(state, { source, mechanism, limit, inForce, recommended }))
  }
  return events
}

/** Open divergences of those that have no weights any more, because they have lost their uid. */
function gone(state: EngineState, mechanism: number, present: readonly InForce[]): PlatformDraft[] {
  const left = new Set(present.map(({ validator }) => validator))
  const { epoch, seq: decisionSeq } = state.decisions[0]!
  return [...state.divergences.keys()]
    .filter((validator) => !left.has(validator))
    .map((validator) =>
      draft('DivergenceEnded', { mechanism, epoch, validator, decisionSeq, reason: 'no_weights' }),
    )
}

function recommendedTo(state: EngineState, { submitted }: InForce, against: Against) {
  const [newest] = state.decisions
  if (against === 'newest' || !submitted) return newest
  return state.decisions.find(({ height }) => height <= submitted.actedAt)
}

interface Looked {
  readonly source: RowSource
  readonly mechanism: number
  /** Blocks between two calls of a validator. */
  readonly limit: number | null
  readonly inForce: InForce
  readonly recommended: Recommended
}

function changesOf(state: EngineState, looked: Looked): PlatformDraft[] {
  const { source, mechanism, limit, inForce, recommended } = looked
  const { validator, uid, submitted } = inForce
  const earlier = state.decisions.filter(({ seq }) => seq < recommended.seq)
  const limitedUntil = limit === null || !submitted ? null : submitted.actedAt + limit
  const difference = differenceOf({
    ...inForce,
    recommended,
    earlier,
    limitedUntil,
    height: source.point.height,
  })
  const open = state.divergences.get(validator)
  const { epoch, seq: decisionSeq } = recommended
  if (!difference) {
    return open ? [draft('DivergenceEnded', { mechanism, epoch, validator, decisionSeq })] : []
  }
  const submittedSeq = submitted?.seq ?? null
  const isKnown =
    open?.cause === difference.cause && open.submittedSeq === submittedSeq && open.decisionSeq === decisionSeq
  if (isKnown) return []
  return [
    draft('DivergenceFound', {
      mechanism,
      epoch,
      validator,
      validatorUid: uid,
      ...difference,
      decisionSeq,
      submittedSeq,
      recommended: recommended.u16,
      submitted: submitted?.vector ?? [],
      effective: submitted?.effective ?? [],
    }),
  ]
}

/** `WeightsSetRateLimit` of the chain, in blocks. */
export async function rateLimitOf(source: RowSource): Promise<number | null> {
  const [row] = await source.rows('hyperparameter', { name: 'WeightsSetRateLimit' })
  return row === undefined ? null : Number(row.value)
}
