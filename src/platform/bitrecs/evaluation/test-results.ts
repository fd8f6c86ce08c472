/** One test of a run as nodes report it (spec bitrecs §4): exactly one, of the whole task. */
export interface TestResult {
  readonly name: string
  readonly category?: string
  readonly status: string
  readonly score: number
  readonly duration: number
  /** Rows that the score is the mean of; the reference's tasks cap at 5. */
  readonly samples?: number
}

/** Solved: there are results and every one passed (§3.2). */
export const isSolved = (results: readonly unknown[]): boolean =>
  results.length > 0 && results.every((result) => (result as TestResult | null)?.status === 'pass')

/** Rows of a task when the node does not say (`TOP_RECORDS`, §4). */
const DEFAULT_SAMPLES = 5

/** What a run's result says of its task; a string: why it does not count. */
export function scoreIn(results: readonly unknown[]): Omit<TestResult, 'name'> | string {
  const [result] = results as readonly (TestResult | null)[]
  if (results.length !== 1 || !result || typeof result !== 'object') return 'not_one_result'
  const { score, duration, status } = result
  if (typeof score !== 'number' || !Number.isFinite(score)) return 'score_not_finite'
  if (score < 0 || score > 1) return 'score_out_of_range'
  const seconds = typeof duration === 'number' && Number.isFinite(duration) && duration >= 0 ? duration : 0
  const samples = Number.isInteger(result.samples) && result.samples! >= 0 ? result.samples! : DEFAULT_SAMPLES
  return { score, duration: seconds, status, samples }
}
