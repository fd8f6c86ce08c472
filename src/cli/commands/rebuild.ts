import { Argument, Command } from 'commander'
import { projections } from '../../projections/all'
import { rebuild } from '../../projections/rebuild/rebuild'
import { groups, settingsOf, withFlags } from '../option-flags'
import { runSession } from '../session'
import { openLedger } from '../start/open-ledger'

/** `subledger rebuild`: read models made anew from the log while the API serves. */
export function rebuildCommand(): Command {
  const names = projections.map((projection) => projection.name)
  const command = new Command('rebuild')
    .description('build a projection (or all) anew from the log beside the served one, then switch')
    .addArgument(new Argument('<projection>', 'which one').choices([...names, 'all']))
  withFlags(command, [...groups.storage, ...groups.logging])
  return command.action((name: string) =>
    runSession(async (session) => {
      const ledger = await openLedger(settingsOf(command), session)
      const { events, rows } = await rebuild({ url: ledger.url, names: name === 'all' ? 'all' : [name] })
      session.say(`rebuilt ${name}: ${rows} rows from ${events} events`)
    }),
  )
}
