import { readFile } from 'node:fs/promises'
import { u8aToHex } from '@polkadot/util'
import { cryptoWaitReady } from '@polkadot/util-crypto'
import { Command } from 'commander'
import { LedgerError } from '../../errors/ledger-error'
import { submitScript } from '../../validator/caster/submit-script'
import { HOTKEY_VARIABLE, hotkeyOf } from '../hotkey'
import { runSession, type Session } from '../session'

/** `subledger caster`: what a miner of Caster runs. */
export function casterCommand(): Command {
  const command = new Command('caster').description('tools for miners of Caster')
  command
    .command('submit')
    .description('submit a script: one UTF-8 file of at most 256000 bytes')
    .argument('<script>', 'file of the script')
    .requiredOption('--platform <URL>', 'platform, without /v1')
    .addHelpText(
      'after',
      `\nThe hotkey is read from the environment: ${HOTKEY_VARIABLE} (seed, mnemonic or //uri).`,
    )
    .action((file: string, { platform }: { platform: string }) =>
      runSession((session) => submit(file, platform, session)),
    )
  return command
}

async function submit(file: string, platform: string, session: Session): Promise<void> {
  await cryptoWaitReady()
  const pair = hotkeyOf(process.env)
  const script = await readFile(file).catch((cause: Error) => {
    throw new LedgerError('SL-CONFIG', 'user', `The script cannot be read: ${cause.message}.`, {
      remedy: 'Give the path of a file.',
    })
  })
  const signer = { address: pair.address, sign: (text: string) => u8aToHex(pair.sign(text)).slice(2) }
  const { artifact_id, uid, content_hash } = await submitScript(platform.replace(/\/$/, ''), script, signer)
  session.say(`Script ${artifact_id} of uid ${uid}: sha256 ${content_hash}`)
}
