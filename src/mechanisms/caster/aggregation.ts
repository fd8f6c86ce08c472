import { exactSum } from '../exact-sum'

/** What one validator reported: score of each artifact on each task; null or missing where it has none. */
export interface ValidatorMatrix {
  readonly validator: string
  /** By artifact, then task. */
  readonly scores: readonly (readonly (number | null)[] | null)[]
  /** By artifact: sums over the tasks. */
  readonly costUsd?: readonly number[]
  readonly runtimeMs?: readonly number[]
}

export interface ArtifactAggregate {
  readonly medians: Float64Array
  /** Exact float sum of the medians. */
  readonly total: number
  readonly score: number
  readonly costUsd?: number
  readonly runtimeMs?: number
}

export interface Aggregation {
  readonly artifacts: readonly ArtifactAggregate[]
  readonly counted: readonly string[]
  readonly excluded: readonly { readonly validator: string; readonly reason: string }[]
}

const DECIMALS = 12

/**
 * Per-task medians over the validators that have the whole artifact × task matrix; totals are exact sums, cost and time
 * medians of the validators' sums (spec caster §6; vector caster-aggregation). Others are excluded with a reason (invariant 8).
 */
export function aggregate(
  matrices: readonly ValidatorMatrix[],
  artifactCount: number,
  taskCount: number,
): Aggregation {
  const counted: ValidatorMatrix[] = []
  const excluded: { validator: string; reason: string }[] = []
  for (const matrix of matrices) {
    const isRepeated = counted.some((other) => other.validator === matrix.validator)
    const fault = isRepeated ? 'reported twice' : matrixFault(matrix, artifactCount, taskCount)
    if (fault === undefined) counted.push(matrix)
    else excluded.push({ validator: matrix.validator, reason: fault })
  }
  const artifacts =
    counted.length === 0
      ? []
      : Array.from({ length: artifactCount }, (_, index) => aggregateArtifact(counted, index, taskCount))
  return { artifacts, counted: counted.map((matrix) => matrix.validator), excluded }
}

function matrixFault(
  { scores }: ValidatorMatrix,
  artifactCount: number,
  taskCount: number,
): string | undefined {
  let missing = 0
  for (let artifact = 0; artifact < artifactCount; artifact++) {
    const row = scores[artifact]
    if (!row) {
      missing += taskCount
      continue
    }
    for (let task = 0; task < taskCount; task++) {
      const score = row[task]
      if (score === null || score === undefined) missing++
      else if (!(score >= 0 && score <= 1)) return `score out of range: artifact ${artifact}, task ${task}`
    }
  }
  return missing > 0 ? `incomplete: ${missing} of ${artifactCount * taskCount} results missing` : undefined
}

function aggregateArtifact(
  counted: readonly ValidatorMatrix[],
  index: number,
  taskCount: number,
): ArtifactAggregate {
  const width = counted.length
  // Task by task side by side, so that each median works on neighbouring memory.
  const columns = new Float64Array(taskCount * width)
  for (let v = 0; v < width; v++) {
    const row = counted[v]!.scores[index]!
    for (let task = 0, at = v; task < taskCount; task++, at += width) columns[at] = row[task]!
  }
  const medians = new Float64Array(taskCount)
  for (let task = 0; task < taskCount; task++) medians[task] = rounded(medianOf(columns, task * width, width))
  const total = exactSum(medians)
  const sums = (field: 'costUsd' | 'runtimeMs') => {
    const values = counted.map((matrix) => matrix[field]?.[index])
    return values.every((value) => value !== undefined)
      ? { [field]: medianOf(Float64Array.from(values), 0, values.length) }
      : {}
  }
  return {
    medians,
    total,
    score: taskCount === 0 ? 0 : total / taskCount,
    ...sums('costUsd'),
    ...sums('runtimeMs'),
  }
}

/** Median of `count` values from `start`, which are sorted in place: insertion, as they are a handful of validators. */
function medianOf(values: Float64Array, start: number, count: number): number {
  const end = start + count
  for (let i = start + 1; i < end; i++) {
    const value = values[i]!
    let j = i - 1
    for (; j >= start && values[j]! > value; j--) values[j + 1] = values[j]!
    values[j + 1] = value
  }
  const middle = start + (count >> 1)
  return count % 2 === 1 ? values[middle]! : (values[middle - 1]! + values[middle]!) / 2
}

/** Quarters, which medians of {0, 0.5, 1} are, need no rounding. */
function rounded(value: number): number {
  return Number.isInteger(value * 4) ? value : Number(value.toFixed(DECIMALS))
}
