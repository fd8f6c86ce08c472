import { Command } from 'commander'
import { groups, settingsOf, withFlags } from '../option-flags'
import { ProgressLine } from '../progress-line'
import { runSession } from '../session'
import { indexChain } from '../start/index-chain'
import { openLogging } from '../start/logging'
import { openChain } from '../start/open-chain'
import { openLedger } from '../start/open-ledger'
import { openSource } from '../start/open-source'
import { openWebhook } from '../start/open-systems'
import { undecodedAlarm } from '../start/undecoded-alarm'

/** `subledger index`: chain → log → projections, without an API. */
export function indexCommand(): Command {
  const command = new Command('index').description(
    'read finalized blocks into the log; one indexer a database',
  )
  const { chain, storage, ingestion, devnet, logging } = groups
  withFlags(command, [...chain, ...storage, ...ingestion, ...devnet, 'alarmWebhookUrl', ...logging])
  return command.action(() =>
    runSession(async (session) => {
      const settings = settingsOf(command)
      const logger = openLogging(settings)
      const ledger = await openLedger(settings, session)
      const { nodeUrl, genesisHash } = await openChain(settings, ledger.url, session)
      const source = await openSource(settings, nodeUrl, session)
      const line = new ProgressLine()
      const indexing = indexChain({
        ...settings,
        rpcUrl: source.url,
        databaseUrl: ledger.url,
        genesisHash,
        netuids: settings.netuids!,
        bootstrap: 'snapshot',
        onProgress: (progress) => line.show(progress),
        onUndecoded: undecodedAlarm({ say: session.say, webhook: openWebhook(settings, logger, session) }),
        signal: session.signal,
      })
      await Promise.race([indexing, source.failure])
    }),
  )
}
