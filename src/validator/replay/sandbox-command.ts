import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { SandboxLimits } from '../../runner/sandbox'
import { ReplayFailed, type ReplayJob } from './replay-job'
import type { ReplayOptions } from './run-replay'
import { usedBytes, watchWorkspace } from './workspace-limit'

export const REPLAY_PURPOSE = 'autoresearch-replay'
export const ARTIFACT_FILE = 'artifact.bin'
const WORKSPACE = '/workspace'
const ARTIFACT_FOLDER = '/artifact'
const MIB = 1_048_576
const MS_PER_SECOND = 1_000
const WATCH_EVERY_MS = 2_000
const OUTPUT_MAX_BYTES = 1 * MIB
/** Of the reference's sandbox (spec autoresearch §7). */
const LIMITS: Omit<SandboxLimits, 'memoryBytes'> = { cpus: 4, maxProcesses: 512, scratchBytes: 512 * MIB }

export interface Folders {
  readonly workspace: string
  readonly artifact: string
}

export interface CommandRun {
  readonly status: number
  readonly output: string
  readonly isTimeout: boolean
}

const execute = promisify(execFile)

/**
 * One shell command of a task in a sandbox of its own, without a network, within the task's time budget.
 * @throws ReplayFailed sandbox_failed when there is none, workspace_too_large
 */
export async function runCommand(
  command: string,
  { submission, replay_spec: spec }: ReplayJob,
  folders: Folders,
  { runner, image, memoryBytes, workspaceBytes }: ReplayOptions,
): Promise<CommandRun> {
  // The sandbox runs as nobody: what it may change has to be open to everybody. chmod does not follow links.
  await execute('chmod', ['-R', 'a+rwX', folders.workspace])
  const artifactPath = `${ARTIFACT_FOLDER}/${ARTIFACT_FILE}`
  const sandbox = await runner
    .start({
      image,
      purpose: REPLAY_PURPOSE,
      command: ['/bin/sh', '-c', command],
      workingDir: WORKSPACE,
      mounts: [
        { hostPath: folders.workspace, path: WORKSPACE, isReadOnly: false },
        { hostPath: folders.artifact, path: ARTIFACT_FOLDER, isReadOnly: true },
      ],
      env: {
        HOME: '/tmp',
        ...spec.validator_benchmark_env,
        ...(submission.artifact_uri && {
          AUTORESEARCH_ARTIFACT_PATH: artifactPath,
          AUTORESEARCH_ARTIFACT_URI: submission.artifact_uri,
          AUTORESEARCH_ARTIFACT_BYTES: String(submission.artifact_size_bytes),
        }),
      },
      network: 'none',
      limits: { ...LIMITS, memoryBytes },
    })
    .catch((error: Error) => {
      throw new ReplayFailed('sandbox_failed', error.message)
    })
  let timer: NodeJS.Timeout | undefined
  const watch = watchWorkspace(folders.workspace, workspaceBytes, WATCH_EVERY_MS)
  try {
    const late = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), spec.time_budget_seconds * MS_PER_SECOND)
    })
    const full = watch.exceeded.then(() => Promise.reject(tooLarge(workspaceBytes)))
    const status = await Promise.race([sandbox.wait(), late, full])
    const output = await sandbox.logs(OUTPUT_MAX_BYTES)
    if ((await usedBytes(folders.workspace)) > workspaceBytes) throw tooLarge(workspaceBytes)
    return { status: status ?? -1, output, isTimeout: status === undefined }
  } finally {
    clearTimeout(timer)
    watch.stop()
    await sandbox.remove()
  }
}

const tooLarge = (maxBytes: number) =>
  new ReplayFailed('workspace_too_large', `the workspace holds more than ${maxBytes} bytes`)
