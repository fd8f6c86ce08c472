import { Command } from 'commander'
import { withClient } from '../../database/connect'
import { LedgerError } from '../../errors/ledger-error'
import { verifyLogs } from '../../log/verify-log'
import { groups, settingsOf, withFlags } from '../option-flags'
import { runSession } from '../session'
import { openLedger } from '../start/open-ledger'

/** `subledger verify`: every leaf and root, recomputed from the events. */
export function verifyCommand(): Command {
  const command = new Command('verify').description(
    'recompute every leaf hash and root of the logs from their events',
  )
  withFlags(command, [...groups.storage, ...groups.logging])
  return command.action(() =>
    runSession(async (session) => {
      const ledger = await openLedger(settingsOf(command), session)
      const results = await withClient(ledger.url, (client) => verifyLogs(client))
      for (const { log, netuid, events, root, difference } of results) {
        session.say(`${log}/${netuid}  ${events} events  ${root}  ${difference ?? 'equal'}`)
      }
      const wrong = results.find((result) => result.difference)
      if (!wrong) return
      throw new LedgerError(
        'SL-LOG-DIFFERS',
        'contradiction',
        `Log ${wrong.log}/${wrong.netuid}: ${wrong.difference}.`,
        {
          remedy: 'Keep this database as evidence, and index again into another one (or restore a backup).',
          facts: { log: wrong.log, netuid: wrong.netuid },
        },
      )
    }),
  )
}
