import type { Case } from '../../case-rule'

/** Fields of a vector that its cases rely on. */
export const CONTEXT_FIELDS = [
  'topic',
  'root',
  'created_at',
  'metric_name',
  'allowed_patch_paths',
  'max_patch_bytes',
] as const

/** Anything but text counts as no text; turning an object into text could run its own code. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

/** The vectors state some parameters inside their topic line. */
export function fromTopic(entry: Case, pattern: RegExp): Case[string] {
  const found = pattern.exec(textOf(entry.topic))
  return found ? JSON.parse(found[1]!) : undefined
}

export function metricNameOf({ metric_name, topic }: Case): string | undefined {
  return typeof metric_name === 'string' ? metric_name : /metric_name (\S+)/.exec(textOf(topic))?.[1]
}
