import { spawn } from 'node:child_process'
import { checkoutTarget, type ReplaySpec } from '../../mechanisms/autoresearch/replay-spec'
import { ReplayFailed } from './replay-job'

const GIT_TIMEOUT_MS = 600_000
const GIT_OUTPUT_MAX_CHARS = 16_384

export interface CheckoutOptions {
  /** Transports that git may use; production: https alone, so that no specification reads this machine's files. */
  readonly protocols: string
  readonly signal?: AbortSignal
}

/**
 * Clones a task's repository into an empty folder at its pinned commit and applies the patch.
 * @throws ReplayFailed clone_failed, checkout_failed, patch_apply_failed
 */
export async function checkout(
  folder: string,
  spec: Pick<ReplaySpec, 'repository' | 'base_ref' | 'base_commit_sha'>,
  patch: string,
  options: CheckoutOptions,
): Promise<string> {
  const git = (args: string[], input = '') => run(['-C', folder, ...args], input, options)
  const cloned = await run(
    ['clone', '--quiet', '--no-checkout', '--no-recurse-submodules', '--', spec.repository, folder],
    '',
    options,
  )
  if (cloned.status !== 0) throw new ReplayFailed('clone_failed', cloned.output)
  const target = checkoutTarget(spec)
  const names = [`${target}^{commit}`, `refs/remotes/origin/${target}^{commit}`]
  let commit: string | undefined
  for (const name of names) {
    const found = await git(['rev-parse', '--verify', '--quiet', '--end-of-options', name])
    commit ??= found.status === 0 ? found.output.trim() : undefined
  }
  if (!commit) throw new ReplayFailed('checkout_failed', `the repository has no commit ${target}`)
  const out = await git(['checkout', '--quiet', '--detach', commit])
  if (out.status !== 0) throw new ReplayFailed('checkout_failed', out.output)
  if (patch !== '') {
    const applied = await git(['apply', '--whitespace=nowarn', '-'], patch)
    if (applied.status !== 0) throw new ReplayFailed('patch_apply_failed', applied.output)
  }
  return commit
}

/** git without this machine's configuration, credentials, prompts and hooks. */
function run(args: string[], input: string, { protocols, signal }: CheckoutOptions) {
  return new Promise<{ status: number; output: string }>((resolve) => {
    const child = spawn(
      'git',
      ['-c', 'core.hooksPath=/dev/null', '-c', 'http.followRedirects=false', ...args],
      {
        env: {
          PATH: process.env.PATH ?? '',
          GIT_CONFIG_NOSYSTEM: '1',
          GIT_CONFIG_GLOBAL: '/dev/null',
          GIT_TERMINAL_PROMPT: '0',
          GIT_ALLOW_PROTOCOL: protocols,
        },
        timeout: GIT_TIMEOUT_MS,
        killSignal: 'SIGKILL',
        ...(signal && { signal }),
      },
    )
    let output = ''
    const keep = (chunk: Buffer) => {
      output = (output + chunk).slice(-GIT_OUTPUT_MAX_CHARS)
    }
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    // git may end before it has read a patch; its status tells.
    child.stdin.on('error', () => undefined)
    child.stdin.end(input)
    child.on('error', (error) => resolve({ status: -1, output: error.message }))
    child.on('close', (status) => resolve({ status: status ?? -1, output }))
  })
}
