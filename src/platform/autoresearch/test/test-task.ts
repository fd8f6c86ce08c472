/** A task as an operator posts it. */
export const testTask = (over: Record<string, unknown> = {}) => ({
  slug: 'ternary-frontier',
  title: 'Ternary frontier',
  brief: 'Lower the perplexity of the ternary model.',
  repository: 'https://git.example/frontier.git',
  base_ref: 'production',
  setup_command: 'make setup',
  benchmark_command: 'make bench',
  result_path: 'result.json',
  allowed_patch_paths: ['src/*'],
  metric_name: 'heldout_ppl',
  metric_direction: 'minimize',
  competition_mode: 'standard',
  validator_benchmark_env: { HELDOUT_SLOT: 'secret-slot' },
  ...over,
})

export const TEST_COMMIT = 'ab'.repeat(20)

export const testPatch = (text = 'faster') =>
  `diff --git a/src/model.py b/src/model.py\n--- a/src/model.py\n+++ b/src/model.py\n@@ -1 +1 @@\n-slow\n+${text}\n`

export const testArtifact = (bytes = 1_000) => ({
  artifact_uri: 'https://artifacts.example/model.bin',
  artifact_sha256: 'cd'.repeat(32),
  artifact_size_bytes: bytes,
})
