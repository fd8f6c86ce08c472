/** A submission of a centerless task as far as ideas go, in order of arrival. */
export interface IdeaSubmission {
  readonly submissionId: string
  readonly hotkey: string
  readonly isAccepted: boolean
  readonly proposedIdea?: string
  readonly implementedSubmissionId?: string
}

export type IdeaFault =
  | 'proposed_idea_required'
  | 'implemented_submission_required'
  | 'implemented_submission_unknown'
  | 'implemented_submission_not_accepted'
  | 'implemented_own_submission'

/** The idea fields of a new centerless submission against those before it (spec autoresearch §6). */
export function ideaFault(
  candidate: IdeaSubmission,
  earlier: readonly IdeaSubmission[],
): IdeaFault | undefined {
  if (!candidate.proposedIdea?.trim()) return 'proposed_idea_required'
  const offers = earlier.some(
    (idea) => idea.isAccepted && idea.proposedIdea && idea.hotkey !== candidate.hotkey,
  )
  if (candidate.implementedSubmissionId === undefined)
    return offers ? 'implemented_submission_required' : undefined
  const parent = earlier.find((idea) => idea.submissionId === candidate.implementedSubmissionId)
  if (!parent) return 'implemented_submission_unknown'
  if (parent.hotkey === candidate.hotkey) return 'implemented_own_submission'
  return parent.isAccepted ? undefined : 'implemented_submission_not_accepted'
}

export interface IdeaReward {
  readonly ideaSubmissionId: string
  readonly ideaHotkey: string
  readonly implementedBy: string
  readonly implementerHotkey: string
  /** The formula was never published: null, never guessed. */
  readonly amountUnits: null
}

/** Accepted submissions that implement another miner's accepted idea. */
export function ideaRewards(submissions: readonly IdeaSubmission[]): IdeaReward[] {
  const byId = new Map(submissions.map((submission) => [submission.submissionId, submission]))
  return submissions.flatMap((submission) => {
    const parent = byId.get(submission.implementedSubmissionId ?? '')
    if (!submission.isAccepted || !parent?.isAccepted || parent.hotkey === submission.hotkey) return []
    return [
      {
        ideaSubmissionId: parent.submissionId,
        ideaHotkey: parent.hotkey,
        implementedBy: submission.submissionId,
        implementerHotkey: submission.hotkey,
        amountUnits: null,
      },
    ]
  })
}
