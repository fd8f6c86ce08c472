import path from 'node:path'
import { ApiPromise, WsProvider } from '@polkadot/api'
import { Keyring } from '@polkadot/keyring'
import type { KeyringPair } from '@polkadot/keyring/types'
import { cryptoWaitReady } from '@polkadot/util-crypto'
import { Command } from 'commander'
import { systemsOn } from '../../engine/systems'
import { LedgerError } from '../../errors/ledger-error'
import { followDecisions } from '../../validator/follow-decisions'
import { SubnetReplica } from '../../validator/replica/verify-decision'
import type { Outcome } from '../../validator/set-weights/set-weights'
import { runSession } from '../session'
import { evaluate } from '../start/evaluate'

interface ValidatorFlags {
  readonly api: string
  readonly rpc: string
  readonly netuid: string
  readonly dataDir: string
  readonly systems: string
  readonly versionKey?: string
  readonly beaconKey?: string
  readonly set?: true
  readonly once?: true
  readonly evaluate?: true
  readonly evalsImage: string
  readonly inferenceNetwork?: string
}

const HOTKEY_VARIABLE = 'SUBLEDGER_HOTKEY_URI'

/** `subledger validator`: verifies each decision from its own copy of the logs, then sets it on chain. */
export function validatorCommand(): Command {
  return new Command('validator')
    .description(
      'verify each decision from the logs and set its weights; without --set it only says what it would do',
    )
    .requiredOption('--netuid <N>', 'subnet whose weights are set')
    .requiredOption('--rpc <URL>', 'node that weights are sent to (ws, wss)')
    .option('--api <URL>', 'Subledger API that decisions and logs are read from', 'http://127.0.0.1:4350')
    .option('--data-dir <DIR>', 'folder of the copies of the logs', '.subledger')
    .option('--systems <LIST>', 'which subnet system runs on the subnet; auto: the one of its netuid', 'auto')
    .option('--version-key <N>', 'version key of the weights; without it that of the subnet’s rules, else 0')
    .option('--beacon-key <HEX>', 'public key of the drand beacon, when the chain does not hold it')
    .option('--set', 'really set weights')
    .option('--once', 'one decision, then end')
    .option('--evaluate', 'also run evaluations, each in a container (needs Docker)')
    .option('--evals-image <NAME>', 'image of the evaluations', 'ghcr.io/bitrecs/bitrecs-evals:main')
    .option(
      '--inference-network <NAME>',
      'network of the containers, on which only the inference proxy answers',
    )
    .addHelpText(
      'after',
      `\nThe hotkey is read from the environment: ${HOTKEY_VARIABLE} (seed, mnemonic or //uri); with --evaluate also SUBLEDGER_PLATFORM_API_KEY and a provider’s key.`,
    )
    .action((flags: ValidatorFlags) => runSession((session) => run(flags, session)))
}

async function run(
  flags: ValidatorFlags,
  session: Parameters<Parameters<typeof runSession>[0]>[0],
): Promise<void> {
  const netuid = Number(flags.netuid)
  const [served] = systemsOn(flags.systems, [netuid])
  if (!served) throw noSystem(netuid)
  await cryptoWaitReady()
  const pair = hotkeyFrom(process.env[HOTKEY_VARIABLE])
  const replica = await SubnetReplica.open({
    apiUrl: flags.api.replace(/\/$/, ''),
    netuid,
    system: served.system,
    folder: path.resolve(flags.dataDir, 'replica'),
  })
  const api = await ApiPromise.create({
    provider: new WsProvider(flags.rpc),
    throwOnConnect: true,
    noInitWarn: true,
  })
  session.closers.add('node', () => api.disconnect())
  session.say(
    `Validator ${pair.address} on subnet ${netuid}${flags.set ? '' : ' (dry run: --set sets weights)'}`,
  )
  const evaluating = flags.evaluate
    ? evaluate(
        {
          platformUrl: flags.api,
          pair,
          image: flags.evalsImage,
          network: flags.inferenceNetwork,
          environment: process.env,
        },
        session,
      )
    : new Promise<never>(() => undefined)
  const following = followDecisions({
    apiUrl: flags.api.replace(/\/$/, ''),
    netuid,
    replica,
    api,
    pair,
    callRules: (policy) => served.system.callRules(policy),
    setting: {
      ...(flags.versionKey !== undefined && { versionKey: BigInt(flags.versionKey) }),
      isReal: flags.set === true,
      ...(flags.beaconKey && { beaconKey: flags.beaconKey }),
    },
    isOnce: flags.once === true,
    signal: session.signal,
    onOutcome: ({ seq, height }, outcome) =>
      session.say(`decision ${seq} of block ${height}: verified; ${shown(outcome)}`),
    onFailure: (error) => session.say(`${error instanceof Error ? error.message : error}; trying again`),
  })
  await Promise.race([following, evaluating])
}

function shown(outcome: Outcome): string {
  if (outcome.kind === 'refused') return `not set: ${outcome.plan.code}: ${outcome.plan.reason}`
  if (outcome.kind === 'dry_run') return `would ${outcome.plan.kind}`
  return `${outcome.kind} in block ${outcome.call.height} (${outcome.call.extrinsicHash})`
}

function hotkeyFrom(uri: string | undefined): KeyringPair {
  try {
    if (uri) return new Keyring({ type: 'sr25519', ss58Format: 42 }).addFromUri(uri)
  } catch {
    // Falls through: what was given is not told, it may be a secret.
  }
  throw new LedgerError('SL-CONFIG', 'user', `${HOTKEY_VARIABLE} holds no key.`, {
    remedy: 'Set it to the seed (0x and 64 hex digits), mnemonic or //uri of the validator’s hotkey.',
  })
}

const noSystem = (netuid: number) =>
  new LedgerError('SL-NO-SYSTEM', 'user', `No subnet system runs on netuid ${netuid}.`, {
    remedy: 'Name it, e.g. --systems bitrecs:122.',
    facts: { netuid },
  })
