import { setTimeout as sleep } from 'node:timers/promises'
import type { Sandbox, SandboxLimits, SandboxRunner } from '../../../runner/sandbox'

export interface SandboxSettings {
  readonly runner: SandboxRunner
  readonly image: string
  /** Network on which nothing but the tool gateway of this validator answers. */
  readonly network: string | undefined
  /** This validator as sandboxes reach it. */
  readonly toolsUrl: string
  readonly startDelayMs: number
  readonly healthTimeoutMs: number
  /** Longest run of an entry point, which the sandbox itself ends. */
  readonly entryTimeoutMs: number
  /** Longest wait for the sandbox's answer. */
  readonly clientTimeoutMs: number
}

/** Of the published validators (spec caster §3.2). */
export const SANDBOX_TIMES = {
  startDelayMs: 2_000,
  healthTimeoutMs: 15_000,
  entryTimeoutMs: 120_000,
  clientTimeoutMs: 130_000,
} as const

export const SCRIPT_PURPOSE = 'caster-script'
/** A script's fixed name, within the folder that a sandbox is shown. */
export const SCRIPT_FILE = 'agent.py'
const SCRIPT_FOLDER = '/script'
const HTTP_PORT = 8000
const HEALTH_PAUSE_MS = 200
const MS_PER_SECOND = 1_000
const MIB = 1_048_576
const LIMITS: SandboxLimits = {
  memoryBytes: 1_024 * MIB,
  cpus: 1,
  maxProcesses: 128,
  maxOpenFiles: 512,
  scratchBytes: 64 * MIB,
}

/**
 * Starts the sandbox of one script and waits until it is healthy.
 * @param hostFolder holds the script under its fixed name, and nothing else
 * @throws Error when it does not start or does not become healthy; nothing of it is left then
 */
export async function startScriptSandbox(
  hostFolder: string,
  settings: SandboxSettings,
  signal: AbortSignal,
): Promise<Sandbox> {
  const sandbox = await settings.runner.start({
    image: settings.image,
    purpose: SCRIPT_PURPOSE,
    env: {
      SANDBOX_HOST: '0.0.0.0',
      SANDBOX_PORT: String(HTTP_PORT),
      CASTER_AGENT_PATH: `${SCRIPT_FOLDER}/${SCRIPT_FILE}`,
      CASTER_TOKEN_HEADER: 'x-caster-token',
      ENTRYPOINT_TIMEOUT_SECONDS: String(settings.entryTimeoutMs / MS_PER_SECOND),
    },
    httpPort: HTTP_PORT,
    network: settings.network === undefined ? 'none' : { only: settings.network },
    limits: LIMITS,
    mounts: [{ hostPath: hostFolder, path: SCRIPT_FOLDER, isReadOnly: true }],
  })
  try {
    await sleep(settings.startDelayMs, undefined, { signal })
    const deadline = Date.now() + settings.healthTimeoutMs
    while (!(await isHealthy(sandbox, settings.healthTimeoutMs))) {
      if (Date.now() >= deadline) throw new Error('the sandbox did not become healthy in time')
      await sleep(HEALTH_PAUSE_MS, undefined, { signal })
    }
    return sandbox
  } catch (error) {
    await sandbox.remove()
    throw error
  }
}

export async function isHealthy({ url }: Sandbox, timeoutMs: number): Promise<boolean> {
  const answer = await fetch(`${url}/healthz`, {
    redirect: 'error',
    signal: AbortSignal.timeout(timeoutMs),
  }).catch(() => undefined)
  await answer?.body?.cancel()
  return answer?.status === 200
}
