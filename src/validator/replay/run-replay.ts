import { chmod, lstat, mkdir, mkdtemp, readFile, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { LedgerError } from '../../errors/ledger-error'
import { judgeReplay, MAX_RESULT_BYTES } from '../../mechanisms/autoresearch/metric-extraction'
import { checkPatch } from '../../mechanisms/autoresearch/patch-surface'
import { freezeSpec } from '../../mechanisms/autoresearch/replay-spec'
import type { SandboxRunner } from '../../runner/sandbox'
import { type CheckoutOptions, checkout } from './checkout'
import { type FetchArtifactOptions, fetchArtifact } from './fetch-artifact'
import { ReplayFailed, type ReplayJob, type ReplayResult } from './replay-job'
import { ARTIFACT_FILE, type Folders, runCommand } from './sandbox-command'

export interface ReplayOptions {
  readonly runner: SandboxRunner
  readonly image: string
  readonly memoryBytes: number
  /** What checkout, setup and benchmark may take on this machine's disk. */
  readonly workspaceBytes: number
  readonly git: CheckoutOptions
  readonly artifacts?: FetchArtifactOptions
}

/** Longest log that a platform takes (spec autoresearch §7). */
export const LOG_MAX_CHARS = 128_000
const NOTES_MAX_CHARS = 2_000

type Verdict = Omit<ReplayResult, 'submission_id' | 'replay_log' | 'spec_hash'>

/**
 * Replays one submission and says what was seen, in the order of spec autoresearch §7. It never throws about the submission.
 * @throws LedgerError SL-REPLAY-SPEC-DIFFERS when the job is not about the specification that it names
 */
export async function runReplay(job: ReplayJob, options: ReplayOptions): Promise<ReplayResult> {
  checkSpec(job)
  const log: string[] = []
  const verdict = await judge(job, options, log).catch((error: Error) => {
    if (!(error instanceof ReplayFailed)) throw error
    return failed('error', error.code, error.message)
  })
  const redact = redactor(job.replay_spec.validator_benchmark_env)
  return {
    submission_id: job.submission.id,
    ...verdict,
    notes: redact(verdict.notes).slice(0, NOTES_MAX_CHARS),
    replay_log: redact(log.join('\n')).slice(-LOG_MAX_CHARS),
    ...(job.replay_spec_hash && { spec_hash: job.replay_spec_hash }),
  }
}

/** Nobody between platform and validator changed what is to be replayed (invariant 1). */
function checkSpec({ job_id: job, replay_spec: spec, replay_spec_hash: named }: ReplayJob): void {
  if (named === undefined || freezeSpec(spec).specHash === named) return
  throw new LedgerError(
    'SL-REPLAY-SPEC-DIFFERS',
    'contradiction',
    'The job’s specification has another hash.',
    {
      remedy: 'Do not replay it: ask the platform for the job again, and tell its operator.',
      facts: { job },
    },
  )
}

async function judge(job: ReplayJob, options: ReplayOptions, log: string[]): Promise<Verdict> {
  const { submission, replay_spec: spec } = job
  const surface = checkPatch(submission.patch, spec.allowed_patch_paths, spec.max_patch_bytes)
  if (surface.rejection) return failed('rejected', surface.rejection, surface.offending.join(', '))
  if (submission.patch === '' && !submission.artifact_uri)
    throw new ReplayFailed('artifact_missing', 'neither a patch nor an artifact')
  const root = await mkdtemp(path.join(tmpdir(), 'subledger-replay-'))
  try {
    const folders = { workspace: path.join(root, 'workspace'), artifact: path.join(root, 'artifact') }
    for (const folder of Object.values(folders)) await mkdir(folder)
    const commit = await checkout(folders.workspace, spec, submission.patch, options.git)
    log.push(`checked out ${commit}`)
    await artifactOf(job, folders, options, log)
    return await measure(job, folders, options, log)
  } finally {
    // What a container's user made may not be ours to remove: the verdict stands all the same.
    await rm(root, { recursive: true, force: true }).catch(() => undefined)
  }
}

async function artifactOf(
  { submission }: ReplayJob,
  { artifact }: Folders,
  options: ReplayOptions,
  log: string[],
): Promise<void> {
  const { artifact_uri: uri, artifact_sha256: sha256, artifact_size_bytes: bytes } = submission
  if (!uri) return
  if (!sha256 || !bytes)
    throw new ReplayFailed('artifact_undeclared', 'the artifact has no sha256 or no size')
  const file = path.join(artifact, ARTIFACT_FILE)
  await fetchArtifact({ uri, sha256, bytes }, file, options.artifacts)
  await chmod(artifact, 0o755)
  await chmod(file, 0o644)
  log.push(`artifact ${sha256} of ${bytes} bytes`)
}

async function measure(
  job: ReplayJob,
  folders: Folders,
  options: ReplayOptions,
  log: string[],
): Promise<Verdict> {
  const { replay_spec: spec } = job
  if (spec.setup_command) {
    const setup = await runCommand(spec.setup_command, job, folders, options)
    log.push(`$ ${spec.setup_command}`, setup.output)
    if (setup.isTimeout) throw new ReplayFailed('setup_timeout', `beyond ${spec.time_budget_seconds} s`)
    if (setup.status !== 0) throw new ReplayFailed('setup_failed', `setup exited with ${setup.status}`)
  }
  const benchmark = await runCommand(spec.benchmark_command, job, folders, options)
  log.push(`$ ${spec.benchmark_command}`, benchmark.output)
  if (benchmark.isTimeout) throw new ReplayFailed('benchmark_timeout', `beyond ${spec.time_budget_seconds} s`)
  const result = spec.result_path ? await readResult(folders.workspace, spec.result_path) : undefined
  const judged = judgeReplay(
    { output: benchmark.output, exitCode: benchmark.status, ...(spec.result_path && { result }) },
    spec.metric_name,
    spec.ranking_mode === 'pareto' ? (spec.secondary_metric_name ?? undefined) : undefined,
  )
  if (judged.status === 'accepted') return { status: 'accepted', observed_metrics: judged.metrics, notes: '' }
  if (judged.status === 'rejected') return failed('rejected', 'validator_rejection', judged.reason)
  return failed('error', benchmark.status === 0 ? 'metric_missing' : 'benchmark_failed', judged.reason)
}

/** The result file, when it is one: a link out of the workspace would read this machine's own files. @returns null without one */
async function readResult(workspace: string, resultPath: string): Promise<unknown> {
  const file = path.join(workspace, resultPath)
  try {
    const stat = await lstat(file)
    const own = `${await realpath(workspace)}${path.sep}`
    const isInside = (await realpath(file)).startsWith(own)
    if (!stat.isFile() || !isInside || stat.size > MAX_RESULT_BYTES) return null
    return JSON.parse(await readFile(file, 'utf8'))
  } catch {
    return null
  }
}

const failed = (status: 'rejected' | 'error', code: string, why: string): Verdict => ({
  status,
  observed_metrics: {},
  reason_code: code,
  notes: why === '' ? code : `${code}: ${why}`,
})

/** Private values of a task reach neither notes nor logs. */
const redactor = (env: Readonly<Record<string, string>>) => (text: string) =>
  Object.values(env).reduce((rest, secret) => (secret ? rest.replaceAll(secret, '[redacted]') : rest), text)
