/** Result files beyond this are not read (spec autoresearch §2.1). */
export const MAX_RESULT_BYTES = 10 * 1024 * 1024

/**
 * A metric from a parsed result file: the `{metric_name, metric_value}` pair, else `metrics[name]`, else `name` at the top.
 * Only finite numbers count.
 */
export function metricFromResult(result: unknown, name: string): number | null {
  if (!isRecord(result)) return null
  const candidates = [
    result.metric_name === name ? result.metric_value : undefined,
    isRecord(result.metrics) && Object.hasOwn(result.metrics, name) ? result.metrics[name] : undefined,
    Object.hasOwn(result, name) ? result[name] : undefined,
  ]
  const found = candidates.find((value) => value !== undefined)
  return typeof found === 'number' && Number.isFinite(found) ? found : null
}

/** A metric from a program's output: the last `name: number` or `name=number`, in any case. */
export function metricFromOutput(output: string, name: string): number | null {
  const escaped = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  const pattern = new RegExp(`${escaped}\\s*[:=]\\s*([-+]?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][-+]?\\d+)?)`, 'gi')
  let last: number | null = null
  for (const match of output.matchAll(pattern)) last = Number(match[1])
  return last !== null && Number.isFinite(last) ? last : null
}

/** The program itself refuses the submission: a verdict, not a failure (spec §7, step 7). */
export function validatorRejection(output: string): string | null {
  return /validator_rejection=(\S+)/.exec(output)?.[1] ?? null
}

export interface ReplayOutput {
  /** Parsed result file; undefined when the task has no `result_path`. */
  readonly result?: unknown
  /** Standard output and error. */
  readonly output: string
  readonly exitCode: number
}

export type ReplayVerdict =
  | { readonly status: 'accepted'; readonly metrics: Readonly<Record<string, number>> }
  | { readonly status: 'rejected' | 'error'; readonly reason: string }

/** Steps 7 to 9 of the replay: exit code, rejection by the program, the metrics the task needs. */
export function judgeReplay(replay: ReplayOutput, metric: string, secondary?: string): ReplayVerdict {
  const rejection = validatorRejection(replay.output)
  if (rejection !== null) return { status: 'rejected', reason: `validator_rejection=${rejection}` }
  if (replay.exitCode !== 0) return { status: 'error', reason: `benchmark exited with ${replay.exitCode}` }
  const extract = (name: string) =>
    replay.result === undefined
      ? metricFromOutput(replay.output, name)
      : metricFromResult(replay.result, name)
  const metrics: Record<string, number> = {}
  for (const name of secondary === undefined ? [metric] : [metric, secondary]) {
    const value = extract(name)
    if (value === null) return { status: 'error', reason: `metric missing: ${name}` }
    metrics[name] = value
  }
  return { status: 'accepted', metrics: { ...otherMetrics(replay.result, metrics), ...metrics } }
}

/** Names and metrics that a platform takes of one result. */
const OBSERVED_MAX = 256
const NAME_MAX_CHARS = 200

/** Every other number of the result file: run time and memory, which break ties, are told this way (spec §2.1). */
function otherMetrics(result: unknown, needed: Readonly<Record<string, number>>): Record<string, number> {
  if (!isRecord(result)) return {}
  const nested = isRecord(result.metrics) ? Object.keys(result.metrics) : []
  const pair = typeof result.metric_name === 'string' ? [result.metric_name] : []
  const names = new Set([...pair, ...nested, ...Object.keys(result).filter((key) => key !== 'metric_value')])
  const found: Record<string, number> = {}
  let room = OBSERVED_MAX - Object.keys(needed).length
  for (const name of names) {
    const value = Object.hasOwn(needed, name) ? null : metricFromResult(result, name)
    if (value === null || name.length > NAME_MAX_CHARS || room-- <= 0) continue
    found[name] = value
  }
  return found
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
