import type { Task } from '../state'

const list = (items: readonly string[]) => items.map((item) => `- \`${item}\``).join('\n')

/** Surfaces that name one file; what else matters is the repository's own to say. */
function mainFiles(surfaces: readonly string[]): string {
  const files = surfaces.filter((surface) => !/[*?[]/.test(surface) && !surface.endsWith('/'))
  return files.length > 0
    ? list(files)
    : "See the repository's own documentation; only what matches the surfaces below may change."
}

/** The page that a miner's agent reads first: the operator's own text, with the sections that follow from the task's fields. */
export function onboardMarkdown({ taskId, record, state }: Task, claimMinutes: number): string {
  const { metric_name: metric, metric_direction: direction } = record
  const secondary =
    record.ranking_mode === 'pareto'
      ? `\n- Second metric: \`${record.secondary_metric_name}\` (${record.secondary_metric_direction}); results that nobody beats in both form the frontier.`
      : ''
  const peers =
    record.competition_mode === 'peer_evaluation'
      ? `\n- Decided by ${record.min_peer_evaluations} evaluations of other miners.`
      : ''
  return `# ${record.title}

${record.onboard_md ?? record.brief}

## Competition

- Task: \`${record.slug}\` (\`${taskId}\`), ${state}
- Mode: ${record.competition_mode}, ranking: ${record.ranking_mode}
- Metric: \`${metric}\` (${direction})${secondary}${peers}
- A claim holds for ${claimMinutes} minutes and admits one submission. Claimed metrics are shown and never decide.

## Model contract

- Set up with: \`${record.setup_command ?? '(nothing to set up)'}\`
- Benchmark: \`${record.benchmark_command}\`, at most ${record.time_budget_seconds} s
- Result: ${record.result_path === null ? `the last \`${metric}: number\` of the output` : `\`${record.result_path}\` (JSON)`}

## Source

- Repository: ${record.repository}
- Base: \`${record.base_ref}\`; pin it to a commit of 40 hex digits when you submit, because a branch moves.

## Main files

${mainFiles(record.allowed_patch_paths)}

## Allowed edit surfaces

${list(record.allowed_patch_paths)}

\`*\` crosses \`/\`. Generated Python caches (\`.pyc\`, \`.pyo\`) are rejected.

## Patch limit

${record.max_patch_bytes} bytes of UTF-8.${record.requires_artifact ? ' An artifact (https, no redirect, SHA-256 and size) is required.' : ''}
`
}
