import { type Command, Option as CommandOption } from 'commander'
import { type Flags, readConfig, type Settings } from '../config/config'
import { options } from '../config/options'

export type OptionName = keyof typeof options

/** Adds the flags of the named settings to a command; their help texts come from the one list of options. */
export function withFlags(command: Command, names: readonly OptionName[]): Command {
  for (const name of names) {
    const { flag, placeholder, describe, defaultText, env } = options[name]
    if (!flag) continue
    const suffix = defaultText ? ` Default: ${defaultText}.` : ''
    command.addOption(new CommandOption(`--${flag} <${placeholder}>`, `${describe}${suffix} [${env}]`))
  }
  return command
}

/** Settings from a command's own flags, the environment and the defaults. */
export function settingsOf(command: Command, env: NodeJS.ProcessEnv = process.env): Settings {
  const given = command.opts<Record<string, string | undefined>>()
  const flags: Flags = {}
  for (const [name, option] of Object.entries(options)) {
    const value = option.flag ? given[camelCase(option.flag)] : undefined
    if (value !== undefined) flags[name as OptionName] = value
  }
  return readConfig(flags, env)
}

const camelCase = (flag: string) => flag.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())

export const groups = {
  chain: ['network', 'netuids', 'rpcUrl', 'compareRpcUrl', 'gatewayUrl', 'fromHeight', 'toHeight'],
  storage: ['dataDir', 'checkpointKeyFile'],
  ingestion: ['readAhead', 'readAheadMemoryMib', 'blockCacheMib'],
  api: [
    'apiHost',
    'apiPort',
    'apiPoolConnections',
    'statementTimeoutMs',
    'readyLagBlocks',
    'maxDepth',
    'maxCost',
    'maxTokens',
    'maxPageRows',
  ],
  devnet: [
    'devnetSeed',
    'devnetPort',
    'devnetBlockTimeMs',
    'devnetLatencyMs',
    'devnetFinalityLagBlocks',
    'devnetPlayers',
  ],
  systems: ['systems', 'alarmWebhookUrl', 'trustProxy'],
  logging: ['logLevel'],
} as const satisfies Record<string, readonly OptionName[]>
