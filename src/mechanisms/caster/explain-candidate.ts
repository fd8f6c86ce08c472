import { type ArtifactAggregate, aggregate } from './aggregation'
import { withTotals } from './batch'
import { beats, type Standing } from './beats'
import { claimDiff, type GradedCell } from './claim-diff'
import { type CasterDecision, type CasterView, decide, rulingPolicy } from './decide'
import { explainRoster } from './explain'
import type { CasterPolicy } from './policy'
import type { RosterEntry } from './roster'

/** An earlier or later comparison of the same challenger, out of the log. */
export interface PastComparison {
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

/** What an explanation needs beside the view. */
export interface AboutCandidate {
  readonly hotkey: string
  /** When the question was about one script. */
  readonly artifactId: string | null
  /** The decided batch; null before the first. */
  readonly batch: {
    readonly batchId: string
    readonly claimIds: readonly string[]
    /** Claims with their references, public at `/content/` since the batch was closed. */
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
  /** Of the candidate's answers in the batch. */
  readonly cells: readonly GradedCell[]
  /** From the first. */
  readonly comparisons: readonly PastComparison[]
}

/** Comparisons of earlier batches that are shown. */
const HISTORY_MAX = 20

/** Why a script is, or is not, in the roster: totals, the missing margin, where it lost what, and who was counted. */
export function explainCandidate(view: CasterView, policy: CasterPolicy, about: AboutCandidate) {
  const decision = decide(view, policy)
  const { evidence } = decision
  const ruling = rulingPolicy(view, policy)
  const base = explainRoster(decision, about.hotkey, about.artifactId ?? undefined)
  const scores = aggregate(view.matrices, view.candidates.length, view.taskCount)
  const own = standingOf(view, scores.artifacts, { hotkey: about.hotkey, artifactId: base.artifactId })
  const rival = rivalOf(decision, { hotkey: about.hotkey, artifactId: base.artifactId })
  const against = rival && standingOf(view, scores.artifacts, rival)
  const verdict = base.verdict === 'not_in_batch' && isCandidate(view, about) ? 'not_scored' : base.verdict
  const margin = marginOf(base, own, against, ruling)
  return {
    ...base,
    ...margin,
    verdict,
    incumbent: rival?.hotkey ?? null,
    incumbentArtifact: rival?.artifactId ?? null,
    incumbentTotal: base.incumbentTotal ?? against?.total ?? null,
    /** Equal is not enough under a relative margin. */
    mustExceed: ruling.beats.kind === 'relative_margin',
    beats: ruling.beats,
    /** The policy under which the batch was decided. */
    policyId: ruling.id,
    challengers: evidence.challengers,
    batchId: about.batch?.batchId ?? null,
    references: about.batch && `/content/${about.batch.claimsSha256}`,
    taskCount: view.taskCount,
    costAndRuntime: { own: dimensions(own), incumbent: dimensions(against) },
    claims:
      own && against && about.batch
        ? claimDiff(about.batch.claimIds, own.medians, against.medians, about.cells, evidence.counted)
        : null,
    validators: {
      counted: evidence.counted,
      excluded: evidence.excluded.map(({ validator, reason }) => ({
        validator,
        reason,
        delivery: about.deliveries.find((delivery) => delivery.validator === validator) ?? null,
      })),
    },
    waits: verdict === 'not_in_batch' ? waitsFor(view, about) : null,
    ...historyOf(about),
  }
}

/** Whether it took part, although without a complete validator nobody has a total. */
const isCandidate = ({ candidates }: CasterView, { hotkey, artifactId }: AboutCandidate) =>
  candidates.some((one) => one.hotkey === hotkey && (artifactId === null || one.artifactId === artifactId))

type Scored = Standing & Pick<ArtifactAggregate, 'medians'>

function standingOf(
  { candidates, taskCount }: CasterView,
  artifacts: readonly ArtifactAggregate[],
  { hotkey, artifactId }: { readonly hotkey: string; readonly artifactId: string | null },
): Scored | null {
  const index = candidates.findIndex((one) => one.hotkey === hotkey && one.artifactId === artifactId)
  if (index < 0 || artifacts.length === 0) return null
  const [standing] = withTotals([candidates[index]!], [artifacts[index]!], taskCount)
  return { ...standing!, medians: artifacts[index]!.medians }
}

/** Whom it was compared with; else the first place. Nobody is compared with itself. */
function rivalOf(
  { roster, evidence }: CasterDecision,
  own: { readonly hotkey: string; readonly artifactId: string | null },
): RosterEntry | null {
  const met = evidence.comparisons.findLast(
    ({ challenger }) => challenger.hotkey === own.hotkey && challenger.artifactId === own.artifactId,
  )
  const rival = met ? met.incumbent : (roster[0] ?? null)
  if (!rival || rival.artifactId === own.artifactId) return null
  return { hotkey: rival.hotkey, artifactId: rival.artifactId }
}

/** Of who was not compared: what the first place would have asked of it. */
function marginOf(
  { needed, missing }: { readonly needed: number | null; readonly missing: number | null },
  own: Scored | null,
  against: Scored | null,
  policy: CasterPolicy,
) {
  if (needed !== null || !own || !against) return { needed, missing }
  const asked = beats(own, against, policy.beats).needed
  return { needed: asked, missing: Math.max(0, asked - own.total) }
}

const dimensions = (scored: Scored | null) =>
  scored && { costUsd: scored.costUsd ?? null, runtimeMs: scored.runtimeMs ?? null }

/** Why a hotkey had no script in the batch. */
function waitsFor({ uidOf }: CasterView, { hotkey, script, batch }: AboutCandidate): string {
  if (!script) return 'no_script'
  if (!Object.hasOwn(uidOf, hotkey)) return 'not_registered'
  if (!batch) return 'no_batch_yet'
  return script.submittedAtMs > batch.cutoffAtMs ? 'submitted_after_cutoff' : 'not_a_candidate'
}

function historyOf({ comparisons, batch }: AboutCandidate) {
  const last = comparisons.at(-1) ?? null
  return {
    /** The batch of its last comparison, when that is not the decided one. */
    lastComparedIn: last && last.batchId !== batch?.batchId ? last.batchId : null,
    history: comparisons.slice(-HISTORY_MAX),
  }
}
