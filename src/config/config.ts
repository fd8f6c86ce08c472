import { closest, distance } from 'fastest-levenshtein'
import { networks } from './networks'
import { ConfigError, type Option } from './option'
import { options } from './options'

type Options = typeof options
type OptionName = keyof Options
type ValueOf<O> = O extends Option<infer T> ? T : never

export type Settings = { readonly [K in OptionName]: ValueOf<Options[K]> }

/** Flags as given on the command line, by option name. */
export type Flags = Partial<Record<OptionName, string>>
type Environment = Readonly<Record<string, string | undefined>>

/** Names this close to a known one are offered as what was probably meant. */
const NEAREST_MATCH_MAX_EDITS = 6

/**
 * Every setting from flags, then environment, then defaults.
 * @throws ConfigError (SL-CONFIG) naming the variable, what is wrong and what it takes.
 */
export function readConfig(flags: Flags, env: Environment): Settings {
  refuseUnknownVariables(env)
  const values = Object.entries(options).map(([name, option]) => {
    const given = flags[name as OptionName] ?? (env[option.env] || undefined)
    return [name, option.parse(given)]
  })
  return checkTogether(Object.fromEntries(values) as Settings)
}

/** Read by one command or by tests, not settings. */
const OTHERS = new Set([
  'SUBLEDGER_SHARED',
  'SUBLEDGER_HOTKEY_URI',
  'SUBLEDGER_PLATFORM_API_KEY',
  'SUBLEDGER_TEST_SEED',
])

function refuseUnknownVariables(env: Environment): void {
  const known = Object.values(options).map((option) => option.env)
  for (const name of Object.keys(env)) {
    if (!name.startsWith('SUBLEDGER_') || known.includes(name) || OTHERS.has(name)) continue
    const nearest = closest(name, known)
    const meant = distance(name, nearest) <= NEAREST_MATCH_MAX_EDITS ? ` Did you mean ${nearest}?` : ''
    throw new ConfigError(
      `The environment sets ${name}, which Subledger does not know.${meant}`,
      'Correct the name or remove it; `subledger config --help` lists every variable.',
    )
  }
}

/** Rules that join several options, and the defaults that follow from the network. */
function checkTogether(settings: Settings): Settings {
  const named = settings.rpcUrl && settings.network === 'devnet' ? 'custom' : settings.network
  const network = networks[named]
  const rpcUrl = settings.rpcUrl ?? network.rpcUrl
  if (named === 'custom' && !rpcUrl) {
    throw new ConfigError('The network is custom but no node is named.', 'Name one with --rpc wss://…')
  }
  if (settings.netuids === undefined && named !== 'devnet') {
    throw new ConfigError(
      'No subnet is named.',
      'Name it with --netuid, e.g. --netuid 122, several as 94,122, or --netuid all.',
    )
  }
  if (settings.toHeight !== undefined && settings.toHeight < (settings.fromHeight ?? 0)) {
    throw new ConfigError('The last block lies before the first one.', 'Give --to a height not below --from.')
  }
  return { ...settings, network: named, rpcUrl, netuids: settings.netuids ?? network.netuids }
}
