import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freezeSpec, type ReplaySpec } from '../../mechanisms/autoresearch/replay-spec'
import { ProcessRunner } from '../../runner/test-process-runner'
import type { ReplayJob } from './replay-job'
import { type ReplayOptions, runReplay } from './run-replay'
import { startArtifactHost, type TestArtifactHost } from './test-artifact-host'

const model = Buffer.from('weights '.repeat(200_000))
const sha256 = createHash('sha256').update(model).digest('hex')
const patch =
  'diff --git a/src/model.txt b/src/model.txt\n--- a/src/model.txt\n+++ b/src/model.txt\n@@ -1 +1 @@\n-slow\n+fast\n'

describe('the replay of a submission', { timeout: 60_000 }, () => {
  let root: string
  let commit: string
  let host: TestArtifactHost
  let runner: ProcessRunner
  let options: ReplayOptions

  beforeAll(async () => {
    root = mkdtempSync(path.join(tmpdir(), 'subledger-replay-test-'))
    mkdirSync(path.join(root, 'src'))
    writeFileSync(path.join(root, 'src/model.txt'), 'slow\n')
    const git = (...args: string[]) => execFileSync('git', ['-C', root, ...args], { encoding: 'utf8' })
    const who = ['-c', 'user.name=t', '-c', 'user.email=t@localhost']
    git('init', '-q', '-b', 'production')
    git('add', '.')
    git(...who, 'commit', '-q', '-m', 'base')
    commit = git('rev-parse', 'HEAD').trim()
    writeFileSync(path.join(root, 'src/model.txt'), 'moved on\n')
    git(...who, 'commit', '-q', '-a', '-m', 'later')
    host = await startArtifactHost((request, response) => {
      if (request.url === '/model.bin') response.writeHead(200, { 'content-length': model.length }).end(model)
      else if (request.url === '/moved') response.writeHead(302, { location: '/model.bin' }).end()
      else if (request.url === '/endless') {
        response.writeHead(200)
        response.end(model)
      } else if (request.url === '/torn') {
        response.writeHead(200, { 'content-length': model.length }).write(model.subarray(0, 1_000))
        setImmediate(() => response.destroy())
      } else response.writeHead(404).end()
    })
    runner = new ProcessRunner()
    options = {
      runner,
      image: 'bench:1',
      memoryBytes: 1_073_741_824,
      workspaceBytes: 16_777_216,
      git: { protocols: 'file' },
      artifacts: { ca: host.ca, isPrivateAllowed: true },
    }
  })
  afterAll(async () => {
    await host.close()
    rmSync(root, { recursive: true })
  })

  const job = (
    spec: Partial<ReplaySpec> = {},
    submission: Partial<ReplayJob['submission']> = {},
  ): ReplayJob => {
    const replay_spec: ReplaySpec = {
      repository: root,
      base_ref: 'production',
      base_commit_sha: commit,
      setup_command: null,
      benchmark_command: 'echo "ppl: 7.25 $(cat src/model.txt)"',
      result_path: null,
      allowed_patch_paths: ['src/*'],
      metric_name: 'ppl',
      metric_direction: 'minimize',
      ranking_mode: 'scalar',
      secondary_metric_name: null,
      secondary_metric_direction: null,
      validator_benchmark_env: {},
      time_budget_seconds: 30,
      max_patch_bytes: 1_000,
      ...spec,
    }
    return {
      job_id: 'job',
      submission: { id: 'submission', task_id: 'task', patch, ...submission },
      replay_spec,
      replay_spec_hash: freezeSpec(replay_spec).specHash,
    }
  }
  const artifact = (at = '/model.bin', over = {}) => ({
    patch: '',
    artifact_uri: `${host.url}${at}`,
    artifact_sha256: sha256,
    artifact_size_bytes: model.length,
    ...over,
  })

  it('runs the benchmark on the pinned commit with the patch, not on the branch that moved on', async () => {
    const result = await runReplay(job(), options)
    expect(result).toMatchObject({
      submission_id: 'submission',
      status: 'accepted',
      observed_metrics: { ppl: 7.25 },
      spec_hash: freezeSpec(job().replay_spec).specHash,
    })
    expect(result.replay_log).toContain('ppl: 7.25 fast')
    expect(result.replay_log).toContain(`checked out ${commit}`)
  })

  it('does not replay a specification that somebody changed on the way', async () => {
    const changed = {
      ...job({ benchmark_command: 'echo ppl: 0' }),
      replay_spec_hash: job().replay_spec_hash!,
    }
    const before = runner.started.length
    await expect(runReplay(changed, options)).rejects.toMatchObject({ code: 'SL-REPLAY-SPEC-DIFFERS' })
    expect(runner.started.length).toBe(before)
  })

  it('observes every number of the result file', async () => {
    const benchmark_command = `echo '{"ppl": 7, "runtime_seconds": 3.5, "memory_bytes": 1024}' > result.json`
    expect(await runReplay(job({ benchmark_command, result_path: 'result.json' }), options)).toMatchObject({
      status: 'accepted',
      observed_metrics: { ppl: 7, runtime_seconds: 3.5, memory_bytes: 1_024 },
    })
  })

  it('asks for a sandbox without a network, with the artifact read-only', async () => {
    await runReplay(job(), options)
    expect(runner.started.at(-1)).toMatchObject({
      network: 'none',
      image: 'bench:1',
      workingDir: '/workspace',
      mounts: [
        { path: '/workspace', isReadOnly: false },
        { path: '/artifact', isReadOnly: true },
      ],
      limits: { maxProcesses: 512, memoryBytes: 1_073_741_824 },
    })
    expect(runner.left).toBe(0)
  })

  it('reads the result file after setup and benchmark, both metrics of a Pareto task', async () => {
    const spec: Partial<ReplaySpec> = {
      setup_command: 'echo 3 > speed',
      benchmark_command: `echo "{\\"metrics\\": {\\"ppl\\": 7, \\"speed\\": $(cat speed)}}" > result.json`,
      result_path: 'result.json',
      ranking_mode: 'pareto',
      secondary_metric_name: 'speed',
      secondary_metric_direction: 'maximize',
    }
    expect(await runReplay(job(spec), options)).toMatchObject({
      status: 'accepted',
      observed_metrics: { ppl: 7, speed: 3 },
    })
    const without = { ...spec, secondary_metric_name: 'size' }
    expect(await runReplay(job(without), options)).toMatchObject({
      status: 'error',
      reason_code: 'metric_missing',
      notes: expect.stringContaining('size'),
    })
  })

  it('gives the verified artifact to the benchmark', async () => {
    const benchmark_command =
      'test "$(wc -c < "$AUTORESEARCH_ARTIFACT_PATH")" -eq "$AUTORESEARCH_ARTIFACT_BYTES" && echo ppl=6'
    const result = await runReplay(job({ benchmark_command }, artifact()), options)
    expect(result, result.replay_log).toMatchObject({ status: 'accepted', observed_metrics: { ppl: 6 } })
  })

  it('does not let an artifact’s address reach the validator’s own network', async () => {
    const result = await runReplay(job({}, artifact()), { ...options, artifacts: { ca: host.ca } })
    expect(result).toMatchObject({ status: 'error', reason_code: 'artifact_host_private' })
  })

  it('lets no private value into log or notes', async () => {
    const result = await runReplay(
      job({
        validator_benchmark_env: { SLOT: 'secret-slot' },
        benchmark_command: 'echo "slot $SLOT"; echo "validator_rejection=$SLOT"',
      }),
      options,
    )
    expect(result.status).toBe('rejected')
    expect(JSON.stringify(result)).not.toContain('secret-slot')
    expect(result.replay_log).toContain('slot [redacted]')
  })

  it('gives the sandbox nothing of this process’s environment', async () => {
    process.env.REPLAY_TEST_SECRET = 'mine'
    const result = await runReplay(job({ benchmark_command: 'env; echo ppl=1' }), options)
    delete process.env.REPLAY_TEST_SECRET
    expect(result.status).toBe('accepted')
    expect(result.replay_log).not.toContain('REPLAY_TEST_SECRET')
  })

  it('does not follow a result file that is a link to a file of this machine', async () => {
    const outside = path.join(root, 'outside.json')
    writeFileSync(outside, '{"ppl": 1}')
    for (const benchmark_command of [`ln -s ${outside} r.json`, `ln -s ${root} d`]) {
      const result_path = benchmark_command.endsWith(' d') ? 'd/outside.json' : 'r.json'
      const result = await runReplay(job({ benchmark_command, result_path }), options)
      expect(result).toMatchObject({ status: 'error', reason_code: 'metric_missing' })
    }
  })

  const other = patch.replaceAll('src/model.txt', 'bench/run.sh')
  it.each<[string, 'rejected' | 'error', () => ReplayJob]>([
    ['patch_too_large', 'rejected', () => job({ max_patch_bytes: 10 })],
    ['unparseable_patch_surface', 'rejected', () => job({}, { patch: 'please be faster' })],
    ['generated_python_cache_paths', 'rejected', () => job({}, { patch: patch.replaceAll('.txt', '.pyc') })],
    ['disallowed_patch_paths', 'rejected', () => job({}, { patch: other })],
    ['clone_failed', 'error', () => job({ repository: path.join(root, 'nowhere') })],
    ['clone_failed', 'error', () => job({ repository: 'ext::sh -c "echo ppl=1"' })],
    ['checkout_failed', 'error', () => job({ base_commit_sha: 'ab'.repeat(20) })],
    ['patch_apply_failed', 'error', () => job({}, { patch: patch.replace('-slow', '-other') })],
    ['artifact_missing', 'error', () => job({}, { patch: '' })],
    ['artifact_undeclared', 'error', () => job({}, artifact('/model.bin', { artifact_sha256: null }))],
    [
      'artifact_uri_not_https',
      'error',
      () => job({}, artifact('', { artifact_uri: 'http://localhost/model' })),
    ],
    ['artifact_unavailable', 'error', () => job({}, artifact('/missing'))],
    ['artifact_unavailable', 'error', () => job({}, artifact('/torn'))],
    ['artifact_redirect_refused', 'error', () => job({}, artifact('/moved'))],
    ['artifact_size_mismatch', 'error', () => job({}, artifact('/endless'))],
    ['artifact_size_mismatch', 'error', () => job({}, artifact('/model.bin', { artifact_size_bytes: 9 }))],
    ['artifact_sha256_mismatch', 'error', () => job({}, artifact('/model.bin', { artifact_sha256: commit }))],
    [
      'workspace_too_large',
      'error',
      () => job({ benchmark_command: 'head -c 20000000 /dev/zero > filled; sleep 60' }),
    ],
    ['workspace_too_large', 'error', () => job({ setup_command: 'head -c 20000000 /dev/zero > filled' })],
    ['setup_failed', 'error', () => job({ setup_command: 'exit 3' })],
    ['setup_timeout', 'error', () => job({ setup_command: 'sleep 60', time_budget_seconds: 1 })],
    ['benchmark_timeout', 'error', () => job({ benchmark_command: 'sleep 60', time_budget_seconds: 1 })],
    ['benchmark_failed', 'error', () => job({ benchmark_command: 'echo ppl=1; exit 4' })],
    ['metric_missing', 'error', () => job({ benchmark_command: 'echo done' })],
    ['metric_missing', 'error', () => job({ result_path: 'none.json' })],
    [
      'validator_rejection',
      'rejected',
      () => job({ benchmark_command: 'echo ppl=1 validator_rejection=cheat; exit 1' }),
    ],
  ])('says %s (%s)', async (code, status, made) => {
    const result = await runReplay(made(), options)
    expect(result, result.notes).toMatchObject({ status, reason_code: code, observed_metrics: {} })
    expect(result.notes.startsWith(code)).toBe(true)
    expect(runner.left).toBe(0)
  })
})
