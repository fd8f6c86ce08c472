import { Command } from 'commander'
import { groups, settingsOf, withFlags } from '../option-flags'
import { runSession } from '../session'
import { openLogging } from '../start/logging'
import { openApi } from '../start/open-api'
import { openLedger } from '../start/open-ledger'
import { untilAborted } from '../until-aborted'

/** `subledger api`: serves what an indexer of the same database writes; any number may run beside each other. */
export function apiCommand(): Command {
  const command = new Command('api').description('serve GraphQL, health and metrics from a database')
  withFlags(command, [
    'network',
    'netuids',
    'rpcUrl',
    ...groups.systems,
    ...groups.storage,
    ...groups.api,
    ...groups.logging,
  ])
  return command.action(() =>
    runSession(async (session) => {
      const settings = settingsOf(command)
      const logger = openLogging(settings)
      const ledger = await openLedger(settings, session)
      await openApi(settings, { databaseUrl: ledger.url, nodeUrl: settings.rpcUrl, logger }, session)
      await untilAborted(session.signal)
    }),
  )
}
