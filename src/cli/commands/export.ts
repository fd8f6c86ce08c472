import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { Command } from 'commander'
import { withClient } from '../../database/connect'
import { exportLog } from '../../log/export-log'
import { exportProjections } from '../../projections/export'
import { groups, settingsOf, withFlags } from '../option-flags'
import { runSession } from '../session'
import { openLedger } from '../start/open-ledger'

/** `subledger export`: log and projections as JSON lines that any two indexers can compare byte by byte. */
export function exportCommand(): Command {
  const command = new Command('export')
    .description('write the log and every projection as sorted JSON lines')
    .requiredOption('--out <DIR>', 'folder to write to; it is made')
  withFlags(command, [...groups.storage, ...groups.logging])
  return command.action(({ out }: { out: string }) =>
    runSession(async (session) => {
      const ledger = await openLedger(settingsOf(command), session)
      const folder = path.resolve(out)
      mkdirSync(folder, { recursive: true })
      await withClient(ledger.url, async (client) => {
        await client.query('begin isolation level repeatable read read only')
        await exportLog(client, folder)
        await exportProjections(client, folder)
        await client.query('commit')
      })
      session.say(`written to ${folder}`)
    }),
  )
}
