/** Evaluation sets, sessions, evaluations and runs of the bitrecs platform (spec bitrecs.md §3, §4). */
export const bitrecsEvaluationEvents = {}
