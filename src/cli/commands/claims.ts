import { Command } from 'commander'
import { proveClaims } from '../../mechanisms/prove-claims'
import { printJson, readJsonInput } from '../standard-input'

/** `subledger claims`: root and proofs of a list of claims, worked out offline. */
export function claimsCommand(): Command {
  return new Command('claims')
    .description('root, layers and every proof of the claims on standard input; prints JSON')
    .requiredOption(
      '--scheme <name>',
      'how leaves are made: emission, genesis, openzeppelin, uniswap, … (an unknown name lists them all)',
    )
    .action(async ({ scheme }: { scheme: string }) => {
      printJson(proveClaims(await readJsonInput(), scheme))
    })
}
