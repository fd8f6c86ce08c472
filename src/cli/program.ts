import { Command } from 'commander'
import { version } from '../api/version'
import { apiCommand } from './commands/api'
import { auditCommand } from './commands/audit'
import { autoresearchCommand } from './commands/autoresearch'
import { casterCommand } from './commands/caster'
import { claimsCommand } from './commands/claims'
import { configCommand } from './commands/config'
import { decideCommand } from './commands/decide'
import { devnetCommand } from './commands/devnet'
import { engineCommand } from './commands/engine'
import { exportCommand } from './commands/export'
import { indexCommand } from './commands/index-command'
import { platformCommand } from './commands/platform'
import { rebuildCommand } from './commands/rebuild'
import { replayCommand } from './commands/replay'
import { startCommand } from './commands/start'
import { validatorCommand } from './commands/validator'
import { verifyCommand } from './commands/verify'

const commands = [
  startCommand,
  indexCommand,
  apiCommand,
  platformCommand,
  engineCommand,
  validatorCommand,
  autoresearchCommand,
  casterCommand,
  devnetCommand,
  replayCommand,
  rebuildCommand,
  verifyCommand,
  auditCommand,
  exportCommand,
  configCommand,
  decideCommand,
  claimsCommand,
]

/** The command line `subledger`, every command with its own --help. */
export function createProgram(): Command {
  const program = new Command('subledger')
    .description(
      'Append-only ledger of Bittensor subnets: who was first, what was the score, why these weights.',
    )
    .version(version())
    .showSuggestionAfterError()
  for (const command of commands) program.addCommand(command())
  return program
}
