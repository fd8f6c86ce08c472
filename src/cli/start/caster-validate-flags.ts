import { LedgerError } from '../../errors/ledger-error'

export interface CasterValidateFlags {
  readonly platform: string
  readonly rpc: string
  readonly netuid: string
  readonly image: string
  readonly network: string
  readonly baseUrl: string
  readonly host: string
  readonly port: string
  readonly dataDir: string
  readonly toolsUrl?: string
  readonly parallel: string
  readonly strict?: true
  readonly desearchUrl: string
  readonly llmUrl: string
  readonly graderUrl?: string
  readonly graderModel: string
  readonly set?: true
  readonly api?: string
  readonly systems: string
  readonly versionKey: string
  readonly beaconKey?: string
}

export const SEARCH_KEY_VARIABLE = 'DESEARCH_API_KEY'
export const LLM_KEY_VARIABLE = 'CHUTES_API_KEY'

/** From 1 on. @throws LedgerError SL-CONFIG */
export function numberOf(text: string, flag: string, max: number): number {
  const value = Number(text)
  if (/^\d+$/.test(text) && value >= 1 && value <= max) return value
  throw wrong(`${flag} is no number from 1 to ${max}.`, 'Correct the flag.')
}

/** Without a slash at its end. @throws LedgerError SL-CONFIG */
export function urlOf(text: string, flag: string): string {
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text.replace(/\/$/, '')
  throw wrong(`${flag} is no http address.`, 'Give e.g. https://validator.example:8100.')
}

/** @throws LedgerError SL-NO-PROVIDER-KEY */
export function keyOf(environment: NodeJS.ProcessEnv, name: string): string {
  const key = environment[name]
  if (key) return key
  throw new LedgerError('SL-NO-PROVIDER-KEY', 'user', `${name} is not set.`, {
    remedy:
      'Set it to your key of the provider: scripts search and ask models at your cost, within each claim’s budget.',
    facts: { variable: name },
  })
}

const wrong = (message: string, remedy: string) => new LedgerError('SL-CONFIG', 'user', message, { remedy })
