import type { KeyringPair } from '@polkadot/keyring/types'
import { u8aToHex } from '@polkadot/util'
import { version } from '../../api/version'
import { LedgerError } from '../../errors/ledger-error'
import { openContainerRunner } from '../../runner/container-runner'
import { containerEvaluation, EVALUATION_PURPOSE } from '../../validator/evaluation/container-evaluation'
import { EvaluatorNode } from '../../validator/evaluation/evaluator-node'
import { runEvaluations } from '../../validator/evaluation/run-evaluations'
import type { Session } from '../session'

export interface EvaluateOptions {
  readonly platformUrl: string
  readonly pair: KeyringPair
  readonly image: string
  readonly network: string | undefined
  readonly environment: NodeJS.ProcessEnv
}

const KEY_VARIABLE = 'SUBLEDGER_PLATFORM_API_KEY'
/** Keys of inference providers that containers are given, by the names that the evaluations know. */
const SECRETS = ['OPENROUTER_API_KEY', 'CHUTES_API_KEY']

/** Takes evaluations from the platform and runs each in a container, until the session ends. */
export async function evaluate(options: EvaluateOptions, session: Session): Promise<void> {
  const { environment, pair, platformUrl } = options
  const apiKey = environment[KEY_VARIABLE]
  if (!apiKey) {
    throw new LedgerError('SL-CONFIG', 'user', `${KEY_VARIABLE} is not set.`, {
      remedy: 'Set it to the API key that the platform gave this validator.',
    })
  }
  const runner = await openContainerRunner({ isAlwaysPulled: true })
  const swept = await runner.sweep(EVALUATION_PURPOSE)
  if (swept > 0) session.say(`Removed ${swept} containers of before.`)
  const secrets = Object.fromEntries(
    SECRETS.flatMap((name) => (environment[name] ? [[name, environment[name]]] : [])),
  )
  const node = new EvaluatorNode({
    baseUrl: platformUrl.replace(/\/$/, ''),
    apiKey,
    identity: {
      kind: 'validator',
      signer: { account: u8aToHex(pair.publicKey), sign: (payload) => pair.sign(payload) },
    },
    commitHash: version(),
    systemMetrics: () => ({ memory_rss_bytes: process.memoryUsage().rss, uptime_seconds: process.uptime() }),
    evaluate: containerEvaluation({
      runner,
      image: options.image,
      secrets,
      ...(options.network && { network: options.network }),
    }),
  })
  await runEvaluations({
    node,
    signal: session.signal,
    onFailure: (error) => session.say(`evaluation: ${error instanceof Error ? error.message : error}`),
  })
}
