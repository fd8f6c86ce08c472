/** A claim as an operator gives it. */
export const testClaim = (id: string, over: Record<string, unknown> = {}) => ({
  claim_id: id,
  text: `Claim ${id} holds.`,
  rubric: {
    title: 'Factual',
    description: 'Is the claim true?',
    verdict_options: [
      { value: -1, description: 'Fail' },
      { value: 1, description: 'Pass' },
    ],
  },
  reference_answer: {
    verdict: 1,
    justification: `secret-reference of ${id}`,
    citations: [{ url: 'https://news.example/1', note: 'as reported' }],
    spans: ['holds'],
  },
  ...over,
})

/** A data set of so many claims; `champion`: what the sitting champion answered to each. */
export const testDataset = (
  claims: number,
  champion?: number | null,
  over: Record<string, unknown> = {},
) => ({
  factoid_window: { from: '2025-11-12T00:00:00Z', to: '2025-11-13T00:00:00Z' },
  reference_model: 'reference-model',
  claims: Array.from({ length: claims }, (_, n) =>
    testClaim(`c${n + 1}`, champion === undefined ? {} : { champion_verdict: champion }),
  ),
  ...over,
})
