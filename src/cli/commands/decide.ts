import { Argument, Command } from 'commander'
import { decideAutoresearch } from '../../mechanisms/decide-autoresearch'
import { decideBitrecs } from '../../mechanisms/decide-bitrecs'
import { decideCaster } from '../../mechanisms/decide-caster'
import { printJson, readJsonInput } from '../standard-input'

const mechanisms: Readonly<Record<string, (input: unknown, profile?: string) => unknown>> = {
  bitrecs: decideBitrecs,
  autoresearch: (input) => decideAutoresearch(input),
  caster: (input) => decideCaster(input),
}

/** `subledger decide`: a rule worked out offline, so that anyone can check it. */
export function decideCommand(): Command {
  return new Command('decide')
    .description('decide from inputs on standard input (a vector, a case or a file of them); prints JSON')
    .addArgument(new Argument('<mechanism>', 'whose rules').choices(Object.keys(mechanisms)))
    .option('--profile <name>', 'bitrecs: constants to use, e.g. eps_narrow or eps_wide')
    .action(async (mechanism: string, { profile }: { profile?: string }) => {
      printJson(mechanisms[mechanism]!(await readJsonInput(), profile))
    })
}
