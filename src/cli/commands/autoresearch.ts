import { u8aToHex } from '@polkadot/util'
import { cryptoWaitReady } from '@polkadot/util-crypto'
import { Command } from 'commander'
import { LedgerError } from '../../errors/ledger-error'
import { openContainerRunner } from '../../runner/container-runner'
import { followWorklist } from '../../validator/replay/follow-worklist'
import { ReplayClient } from '../../validator/replay/replay-client'
import { REPLAY_PURPOSE } from '../../validator/replay/sandbox-command'
import { HOTKEY_VARIABLE, hotkeyOf } from '../hotkey'
import { runSession, type Session } from '../session'

interface ReplayFlags {
  readonly platform: string
  readonly image: string
  readonly memoryGib: string
  readonly workspaceGib: string
  readonly once?: true
}

const GIB = 1_073_741_824

/** `subledger autoresearch`: what a validator of autoresearch tasks runs. */
export function autoresearchCommand(): Command {
  const command = new Command('autoresearch').description('tools for validators of autoresearch tasks')
  command
    .command('replay')
    .description('replay submissions of the worklist in containers and post what was observed (needs Docker)')
    .requiredOption('--platform <URL>', 'coordinator, without /api/v1')
    .requiredOption('--image <NAME>', 'container image in which setup and benchmark run')
    .option('--memory-gib <N>', 'memory of a container in GiB', '16')
    .option('--workspace-gib <N>', 'what checkout, setup and benchmark may take on disk, in GiB', '2')
    .option('--once', 'one pass over the worklist, then end')
    .addHelpText(
      'after',
      `\nThe hotkey is read from the environment: ${HOTKEY_VARIABLE} (seed, mnemonic or //uri).`,
    )
    .action((flags: ReplayFlags) => runSession((session) => replay(flags, session)))
  return command
}

async function replay(flags: ReplayFlags, session: Session): Promise<void> {
  await cryptoWaitReady()
  const pair = hotkeyOf(process.env)
  const memoryBytes = bytesOf('--memory-gib', flags.memoryGib)
  const workspaceBytes = bytesOf('--workspace-gib', flags.workspaceGib)
  const runner = await openContainerRunner()
  const swept = await runner.sweep(REPLAY_PURPOSE)
  if (swept > 0) session.say(`Removed ${swept} containers of before.`)
  const signer = { address: pair.address, sign: (text: string) => u8aToHex(pair.sign(text)).slice(2) }
  await followWorklist({
    client: new ReplayClient(flags.platform.replace(/\/$/, ''), signer),
    runner,
    image: flags.image,
    memoryBytes,
    workspaceBytes,
    git: { protocols: 'https', signal: session.signal },
    artifacts: { signal: session.signal },
    isOnce: flags.once === true,
    signal: session.signal,
    onResult: ({ submission }, result, posted) =>
      session.say(`${submission.id}: ${result.status} ${result.reason_code ?? ''} (${posted})`),
    onFailure: (error) => session.say(`${error instanceof Error ? error.message : error}; trying again`),
  })
}

function bytesOf(flag: string, text: string): number {
  const gib = Number(text)
  if (!(gib > 0)) throw wrong(`${flag} is no positive number.`, 'Give a number of GiB, e.g. 16.')
  return Math.round(gib * GIB)
}

const wrong = (message: string, remedy: string) => new LedgerError('SL-CONFIG', 'user', message, { remedy })
