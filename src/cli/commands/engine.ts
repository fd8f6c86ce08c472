import { Command } from 'commander'
import { groups, settingsOf, withFlags } from '../option-flags'
import { runSession } from '../session'
import { openLogging } from '../start/logging'
import { openLedger } from '../start/open-ledger'
import { runEngines } from '../start/open-systems'

/** `subledger engine`: decisions at each epoch, and comparison of validators' weights with them. */
export function engineCommand(): Command {
  const command = new Command('engine').description(
    'decide weights at each epoch and compare what validators set; one engine a subnet',
  )
  withFlags(command, ['network', 'netuids', ...groups.systems, ...groups.storage, ...groups.logging])
  return command.action(() =>
    runSession(async (session) => {
      const settings = settingsOf(command)
      const logger = openLogging(settings)
      const ledger = await openLedger(settings, session)
      await runEngines(settings, { databaseUrl: ledger.url, logger }, session)
    }),
  )
}
