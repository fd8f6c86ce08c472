import { createServer } from 'node:http'
import { Command } from 'commander'
import { closeServer, listen, urlOf } from '../../api/http/listen'
import { groups, settingsOf, withFlags } from '../option-flags'
import { runSession } from '../session'
import { openLogging } from '../start/logging'
import { openLedger } from '../start/open-ledger'
import { openPlatforms } from '../start/open-systems'
import { untilAborted } from '../until-aborted'

/** `subledger platform`: takes commands of miners and validators; the one writer of each platform log. */
export function platformCommand(): Command {
  const command = new Command('platform').description(
    'serve the routes of the subnets’ platforms: submissions, evaluations, claims; one process a subnet',
  )
  withFlags(command, ['network', 'netuids', ...groups.systems, ...groups.storage, ...groups.logging])
  withFlags(command, ['apiHost', 'apiPort'])
  return command.action(() =>
    runSession(async (session) => {
      const settings = settingsOf(command)
      const logger = openLogging(settings)
      const ledger = await openLedger(settings, session)
      const { handle } = await openPlatforms(settings, { databaseUrl: ledger.url, logger }, session)
      const server = createServer(handle)
      await listen(server, { host: settings.apiHost, port: settings.apiPort })
      session.closers.add('server', () => closeServer(server))
      session.say(`Platforms: ${urlOf(settings.apiHost, server)}   (routes: /openapi.json)`)
      await untilAborted(session.signal)
    }),
  )
}
