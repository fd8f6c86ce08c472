import path from 'node:path'
import { ApiPromise, WsProvider } from '@polkadot/api'
import type { KeyringPair } from '@polkadot/keyring/types'
import { u8aToHex } from '@polkadot/util'
import { systemsOn } from '../../engine/systems'
import { LedgerError } from '../../errors/ledger-error'
import { gatewayOf, openContainerRunner } from '../../runner/container-runner'
import { chatGrader } from '../../validator/caster/grading/chat-grader'
import { subnetOwnerCheck } from '../../validator/caster/http/subnet-owner'
import { registerValidator } from '../../validator/caster/platform/register-validator'
import { startCasterValidator } from '../../validator/caster/start-caster-validator'
import { desearchTools } from '../../validator/caster/tools/desearch'
import { llmTools } from '../../validator/caster/tools/llm-chat'
import { decisionOfReplica } from '../../validator/caster/weights/decision-of-replica'
import { runWeightsLoop } from '../../validator/caster/weights/weights-loop'
import { newWeightsState } from '../../validator/caster/weights/weights-state'
import { windowOfReplica } from '../../validator/caster/weights/window-of-replica'
import { SubnetReplica } from '../../validator/replica/verify-decision'
import type { Outcome, SetWeightsOptions } from '../../validator/set-weights/set-weights'
import type { Session } from '../session'
import { untilAborted } from '../until-aborted'
import {
  type CasterValidateFlags,
  keyOf,
  LLM_KEY_VARIABLE,
  numberOf,
  SEARCH_KEY_VARIABLE,
  urlOf,
} from './caster-validate-flags'

const MAX_PORT = 65_535
const MAX_PARALLEL = 64

/** Runs batches of the platform in containers, and sets weights when told to, until the session ends. */
export async function casterValidate(
  flags: CasterValidateFlags,
  pair: KeyringPair,
  environment: NodeJS.ProcessEnv,
  session: Session,
): Promise<void> {
  const netuid = numberOf(flags.netuid, '--netuid', MAX_PORT)
  const port = numberOf(flags.port, '--port', MAX_PORT)
  const baseUrl = urlOf(flags.baseUrl, '--base-url')
  const providers = providersOf(flags, environment)
  const options = {
    platformUrl: urlOf(flags.platform, '--platform'),
    parallelScripts: numberOf(flags.parallel, '--parallel', MAX_PARALLEL),
    runner: await openContainerRunner(),
    toolsUrl: flags.toolsUrl ?? `http://${await gatewayOf(flags.network)}:${port}`,
  }
  const api = await ApiPromise.create({
    provider: new WsProvider(flags.rpc),
    throwOnConnect: true,
    noInitWarn: true,
  })
  session.closers.add('node', () => api.disconnect())
  const source = flags.set ? await replicaOf(flags, netuid, options.platformUrl) : undefined
  const weightsState = newWeightsState()
  const validator = await startCasterValidator({
    ...options,
    ...providers,
    signer: { address: pair.address, sign: (text) => u8aToHex(pair.sign(text)).slice(2) },
    image: flags.image,
    network: flags.network,
    ownership: subnetOwnerCheck(api, netuid),
    dataDir: path.resolve(flags.dataDir),
    host: flags.host,
    port,
    isStrict: flags.strict === true,
    weightsState,
    onFault: (text) => session.say(text),
  })
  session.closers.add('validator', () => validator.close())
  session.say(`Validator ${pair.address} on subnet ${netuid} listens at ${validator.url}`)
  const { platform } = validator
  await registerValidator(platform, baseUrl, { signal: session.signal })
  session.say(`Registered with the platform as ${baseUrl}`)
  if (!source) return untilAborted(session.signal)
  const chain = {
    api,
    pair,
    netuid,
    windowBlocks: windowOfReplica(source),
    setting: settingOf(flags),
  }
  const onOutcome = (outcome: Outcome) => session.say(`weights: ${shown(outcome)}`)
  await runWeightsLoop({
    ...chain,
    platform,
    decision: decisionOfReplica(source),
    state: weightsState,
    signal: session.signal,
    onOutcome,
  })
}

/** Tools of scripts and the grader, with the operator's keys. */
function providersOf(flags: CasterValidateFlags, environment: NodeJS.ProcessEnv) {
  const searchKey = keyOf(environment, SEARCH_KEY_VARIABLE)
  const llm = { baseUrl: urlOf(flags.llmUrl, '--llm-url'), apiKey: keyOf(environment, LLM_KEY_VARIABLE) }
  const graderUrl = flags.graderUrl ? urlOf(flags.graderUrl, '--grader-url') : llm.baseUrl
  const search = desearchTools({ baseUrl: urlOf(flags.desearchUrl, '--desearch-url'), apiKey: searchKey })
  return {
    tools: { ...search, ...llmTools(llm) },
    grader: chatGrader({ ...llm, baseUrl: graderUrl, model: flags.graderModel }),
  }
}

const settingOf = ({ versionKey, beaconKey }: CasterValidateFlags): SetWeightsOptions => ({
  versionKey: BigInt(versionKey),
  isReal: true,
  ...(beaconKey && { beaconKey }),
})

const shown = (outcome: Outcome): string =>
  'call' in outcome
    ? `${outcome.kind} in block ${outcome.call.height} (${outcome.call.extrinsicHash})`
    : outcome.kind

/** Own copies of the logs that the decision is computed again from. */
async function replicaOf(flags: CasterValidateFlags, netuid: number, platformUrl: string) {
  const apiUrl = flags.api ? urlOf(flags.api, '--api') : platformUrl
  const [served] = systemsOn(flags.systems, [netuid])
  if (!served) {
    throw new LedgerError('SL-NO-SYSTEM', 'user', `No subnet system runs on netuid ${netuid}.`, {
      remedy: 'Name it, e.g. --systems caster:67.',
      facts: { netuid },
    })
  }
  const folder = path.resolve(flags.dataDir, 'replica')
  const replica = await SubnetReplica.open({ apiUrl, netuid, system: served.system, folder })
  return { replica, apiUrl, netuid }
}
