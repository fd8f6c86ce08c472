import { Command } from 'commander'
import { describeSettings } from '../../config/document'
import { groups, settingsOf, withFlags } from '../option-flags'

/** `subledger config`: the settings in force, secrets masked. */
export function configCommand(): Command {
  const command = new Command('config').description(
    'print every setting in force, one a line, as flags and environment give it',
  )
  withFlags(command, Object.values(groups).flat())
  return command.action(() => {
    process.stdout.write(`${describeSettings(settingsOf(command))}\n`)
  })
}
