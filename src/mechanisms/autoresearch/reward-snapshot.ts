import { canonicalJson, type Json } from '../canonical-json'
import { sha256Hex } from '../sha256-hex'
import type { IdeaReward } from './idea-rewards'
import type { AutoresearchPolicy } from './policy'
import type { CompetitionMode } from './task'
import type { SnapshotPolicy } from './weight-policy'

/** A competition's line in the snapshot (spec autoresearch §9). */
export interface SnapshotCompetition {
  readonly slug: string
  readonly competitionMode: CompetitionMode
  readonly scoringMode: string
  readonly rewardScope: string
  /** Relative share of the publishable budget. */
  readonly weight: number
}

export interface SnapshotBest {
  readonly taskSlug: string
  readonly submissionId: string
  readonly hotkey: string
  readonly metric: number
  readonly acceptedAtHeight: number
  readonly comparatorVersion: string
}

export interface SnapshotView {
  /** Time of the view's block, RFC 3339 in UTC: never the clock of the machine that renders. */
  readonly generatedAt: string
  readonly competitions: readonly SnapshotCompetition[]
  readonly weightPolicy: SnapshotPolicy
  readonly best: readonly SnapshotBest[]
  readonly ideas: readonly IdeaReward[]
}

export interface RewardSnapshot {
  /** Canonical JSON: the same log gives the same bytes on any machine (invariant 13). */
  readonly body: string
  readonly sha256: string
}

/** Renders the snapshot. Lists are ordered by content, so that the order in which rows were read cannot show. */
export function rewardSnapshot(view: SnapshotView, policy: AutoresearchPolicy): RewardSnapshot {
  const { contractHotkey, contractShare, burnShare } = policy.enforcement
  const body = canonicalJson({
    generated_at: view.generatedAt,
    competitions: ordered(view.competitions, (c) => c.slug).map((c) => ({
      slug: c.slug,
      competition_mode: c.competitionMode,
      scoring_mode: c.scoringMode,
      reward_scope: c.rewardScope,
      weight: c.weight,
    })),
    reward_policy: {
      validator_weights: {
        mode: view.weightPolicy.mode,
        targets: view.weightPolicy.targets.map(({ uid, hotkey, weight }) => ({ uid, hotkey, weight })),
      },
      transition_policy: {
        status: view.weightPolicy.transitionStatus ?? 'blocked',
        required_contract_hotkey: contractHotkey,
        required_contract_weight: contractShare,
        remaining_weight: burnShare,
      },
    },
    best_results: ordered(view.best, (b) => b.taskSlug).map((b) => ({
      task_slug: b.taskSlug,
      submission_id: b.submissionId,
      miner_hotkey: b.hotkey,
      metric_value: b.metric,
      accepted_at_height: b.acceptedAtHeight,
      comparator_version: b.comparatorVersion,
    })),
    idea_rewards: ordered(view.ideas, (idea) => `${idea.ideaSubmissionId}\0${idea.implementedBy}`).map(
      (idea) => ({
        idea_submission_id: idea.ideaSubmissionId,
        idea_hotkey: idea.ideaHotkey,
        implemented_by: idea.implementedBy,
        implementer_hotkey: idea.implementerHotkey,
        amount_units: idea.amountUnits,
      }),
    ),
  } satisfies Json)
  return { body, sha256: sha256Hex(body) }
}

function ordered<T>(list: readonly T[], key: (item: T) => string): T[] {
  return [...list].sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0))
}
