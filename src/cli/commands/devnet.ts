import { Command } from 'commander'
import { groups, settingsOf, withFlags } from '../option-flags'
import { runSession } from '../session'
import { openLogging } from '../start/logging'
import { openDevnet } from '../start/open-devnet'
import { untilAborted } from '../until-aborted'

/** `subledger devnet`: the embedded chain alone, for wallets, SDKs and indexers to be tried against. */
export function devnetCommand(): Command {
  const command = new Command('devnet').description('run the embedded development chain alone')
  withFlags(command, [...groups.devnet, ...groups.logging])
  return command.action(() =>
    runSession(async (session) => {
      const settings = settingsOf(command)
      openLogging(settings)
      const devnet = await openDevnet(settings, {}, session)
      session.say(`devnet    ${devnet.wsUrl}  (HTTP too: ${devnet.httpUrl})`)
      session.say(`genesis   ${devnet.genesisHash}`)
      await untilAborted(session.signal)
    }),
  )
}
