import type { Candidate } from './roster'

export interface SubmittedScript {
  readonly hotkey: string
  readonly artifactId: string
  readonly uid: number
  /** Unix milliseconds. */
  readonly submittedAtMs: number
}

/**
 * Candidates of a batch: each hotkey's newest script at the cutoff, the champion's artifact always among them so that scores
 * compare on the same tasks; later scripts wait (spec caster §6). In batch order.
 */
export function batchCandidates<T extends SubmittedScript>(
  scripts: readonly T[],
  cutoffMs: number,
  champion?: { readonly hotkey: string; readonly artifactId: string },
): T[] {
  const newest = new Map<string, T>()
  for (const script of scripts) {
    if (script.submittedAtMs > cutoffMs) continue
    const known = newest.get(script.hotkey)
    if (!known || isLater(script, known)) newest.set(script.hotkey, script)
  }
  const chosen = new Set(newest.values())
  const seated =
    champion && scripts.find((s) => s.hotkey === champion.hotkey && s.artifactId === champion.artifactId)
  if (seated) chosen.add(seated)
  return [...chosen].sort(
    (a, b) => a.submittedAtMs - b.submittedAtMs || a.uid - b.uid || compareText(a.artifactId, b.artifactId),
  )
}

function isLater(a: SubmittedScript, b: SubmittedScript): boolean {
  return (
    a.submittedAtMs > b.submittedAtMs || (a.submittedAtMs === b.submittedAtMs && a.artifactId > b.artifactId)
  )
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

export interface Progress<R> {
  readonly total: number
  readonly completed: number
  readonly remaining: number
  /** Empty until everything is completed, so that no partial result can be ranked. */
  readonly miner_task_results: readonly R[]
}

/** Progress of a validator's batch: artifacts × tasks. */
export function progress<R>(artifactCount: number, taskCount: number, results: readonly R[]): Progress<R> {
  const total = artifactCount * taskCount
  const completed = Math.min(results.length, total)
  return {
    total,
    completed,
    remaining: total - completed,
    miner_task_results: completed >= total ? results : [],
  }
}

export interface Curation {
  readonly accepted: boolean
  readonly wrong: number
  readonly total: number
  readonly wrongShare: number
}

/**
 * A data set is accepted when the sitting champion gets at least the policy's share of it wrong, by verdict; without a champion
 * there is no filter (spec caster §5). Null: the champion gave no verdict, which is wrong.
 */
export function curate(
  claims: readonly { readonly reference: number; readonly champion: number | null }[] | null,
  minimumWrongShare: number,
  claimCount: number = claims?.length ?? 0,
): Curation {
  if (!claims) return { accepted: claimCount > 0, wrong: 0, total: claimCount, wrongShare: 0 }
  const wrong = claims.filter((claim) => claim.champion !== claim.reference).length
  const total = claims.length
  const wrongShare = total === 0 ? 0 : wrong / total
  return { accepted: total > 0 && wrong >= minimumWrongShare * total, wrong, total, wrongShare }
}

/** Candidates with the totals that an aggregation gave them, ready for the roster. */
export function withTotals<T extends SubmittedScript>(
  candidates: readonly T[],
  aggregates: readonly { readonly total: number; readonly costUsd?: number; readonly runtimeMs?: number }[],
  taskCount: number,
): Candidate[] {
  return candidates.map(({ hotkey, artifactId, uid, submittedAtMs }, index) => {
    const { total, costUsd, runtimeMs } = aggregates[index]!
    return {
      hotkey,
      artifactId,
      uid,
      submittedAtMs,
      total,
      maximum: taskCount,
      ...(costUsd === undefined ? {} : { costUsd }),
      ...(runtimeMs === undefined ? {} : { runtimeMs }),
    }
  })
}
