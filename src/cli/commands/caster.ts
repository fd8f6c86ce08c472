import { readFile } from 'node:fs/promises'
import { u8aToHex } from '@polkadot/util'
import { cryptoWaitReady } from '@polkadot/util-crypto'
import { Command } from 'commander'
import { LedgerError } from '../../errors/ledger-error'
import { GRADER_MODEL } from '../../validator/caster/grading/chat-grader'
import { submitScript } from '../../validator/caster/submit-script'
import { CHUTES_URL } from '../../validator/caster/tools/chat-completions'
import { DESEARCH_URL } from '../../validator/caster/tools/desearch'
import { HOTKEY_VARIABLE, hotkeyOf } from '../hotkey'
import { runSession, type Session } from '../session'
import { casterValidate } from '../start/caster-validate'
import {
  type CasterValidateFlags,
  LLM_KEY_VARIABLE,
  SEARCH_KEY_VARIABLE,
} from '../start/caster-validate-flags'

/** `subledger caster`: what miners and validators of Caster run. */
export function casterCommand(): Command {
  const command = new Command('caster').description('tools for miners and validators of Caster')
  addValidate(command)
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

function addValidate(command: Command): void {
  command
    .command('validate')
    .description(
      'evaluate scripts in containers, report to the platform, and with --set set weights (needs Docker)',
    )
    .requiredOption('--platform <URL>', 'platform, without /v1')
    .requiredOption(
      '--rpc <URL>',
      'node (ws, wss): who owns the subnet is read there, and weights are sent to it',
    )
    .requiredOption('--image <NAME>', 'image of the sandboxes: serves /healthz and /entry/evaluate_criterion')
    .requiredOption(
      '--network <NAME>',
      'internal network of the sandboxes, on which only this validator answers',
    )
    .requiredOption('--base-url <URL>', 'this validator as the platform reaches it')
    .option('--netuid <N>', 'subnet', '67')
    .option('--host <ADDRESS>', 'address to listen on', '0.0.0.0')
    .option('--port <N>', 'port to listen on', '8100')
    .option('--data-dir <DIR>', 'folder of journals, scripts and copies of the logs', '.subledger')
    .option(
      '--tools-url <URL>',
      'this validator as sandboxes reach it; default: the gateway of their network',
    )
    .option('--parallel <N>', 'sandboxes at once', '4')
    .option('--strict', 'sign time and nonce, and ask them of the platform')
    .option('--desearch-url <URL>', 'host of the search tools', DESEARCH_URL)
    .option('--llm-url <URL>', 'OpenAI-compatible host of llm_chat, without /v1', CHUTES_URL)
    .option('--grader-url <URL>', 'OpenAI-compatible host of the grader; default: --llm-url')
    .option('--grader-model <NAME>', 'model of the grader', GRADER_MODEL)
    .option('--set', 'set weights: what the platform serves, when the decision computed again says the same')
    .option('--api <URL>', 'with --set: Subledger API that logs are read from; default: --platform')
    .option('--systems <LIST>', 'with --set: which subnet system runs on the subnet', 'auto')
    .option('--version-key <N>', 'with --set: version key of the weights', '0')
    .option(
      '--beacon-key <HEX>',
      'with --set: public key of the drand beacon, when the chain does not hold it',
    )
    .addHelpText(
      'after',
      `\nFrom the environment: ${HOTKEY_VARIABLE} (seed, mnemonic or //uri of the hotkey), ${SEARCH_KEY_VARIABLE}, ${LLM_KEY_VARIABLE}.`,
    )
    .action((flags: CasterValidateFlags) =>
      runSession(async (session) => {
        await cryptoWaitReady()
        await casterValidate(flags, hotkeyOf(process.env), process.env, session)
      }),
    )
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
