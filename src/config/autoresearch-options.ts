import { flag, integer, optionalText, text } from './option'

const env = (name: string) => ({ env: `SUBLEDGER_AUTORESEARCH_${name}`, flag: null })

/** Who may do what on the autoresearch platform, and what its claims are hashed with (spec autoresearch §3, §10). */
export const autoresearchOptions = {
  autoresearchAdminToken: optionalText(
    {
      ...env('ADMIN_TOKEN'),
      describe:
        'Token of the operator (X-Admin-Token): tasks, reward policy, claim epochs; without it nobody can.',
      secret: true,
    },
    'TOKEN',
  ),
  autoresearchValidators: text(
    { ...env('VALIDATORS'), describe: 'Hotkeys that may replay submissions (SS58), separated by commas.' },
    'LIST',
    '',
  ),
  autoresearchNeedsRegistration: flag(
    { ...env('NEEDS_REGISTRATION'), describe: 'Miners need a uid on the subnet.' },
    true,
  ),
  autoresearchMinerMinStakeRao: integer(
    {
      ...env('MINER_MIN_STAKE_RAO'),
      describe: 'Stake that the operator must have recorded of a miner (rao); 0 asks for none.',
    },
    { min: 0, max: 999_999_999_999_999 },
    0,
  ),
  autoresearchLegacyVerify: flag(
    { ...env('LEGACY_VERIFY'), describe: 'Take verdicts at the superseded /submissions/{id}/verify too.' },
    false,
  ),
  autoresearchRequestsPerMinute: integer(
    {
      ...env('REQUESTS_PER_MINUTE'),
      describe: 'Signed requests of miners that one address may send a minute.',
    },
    { min: 1, max: 1_000_000 },
    600,
  ),
  autoresearchClaimScheme: text(
    {
      ...env('CLAIM_SCHEME'),
      describe:
        'Leaf scheme of claim epochs: emission, genesis, openzeppelin, openzeppelin-untagged, openzeppelin-airdrop, uniswap or uniswap-list-order.',
    },
    'NAME',
    'emission',
  ),
  autoresearchMinTransferUnits: integer(
    {
      ...env('MIN_TRANSFER_UNITS'),
      describe: 'Least difference that a claim pays (smallest units); the chain reverts below it.',
    },
    { min: 0, max: 999_999_999_999_999 },
    500_000,
  ),
} as const
