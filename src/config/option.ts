import { LedgerError } from '../errors/ledger-error'

/** One configurable value: an environment variable, its command-line flag, and what a stranger needs to know. */
export interface Option<T> {
  readonly env: string
  /** Flag without dashes, `null` when only the environment sets it (secrets). */
  readonly flag: string | null
  readonly placeholder: string
  readonly describe: string
  /** Text of the default, as documentation shows it; '' when there is none. */
  readonly defaultText: string
  /** Shown as `***` by `subledger config`. */
  readonly secret: boolean
  readonly parse: (text: string | undefined) => T
}

export class ConfigError extends LedgerError {
  constructor(message: string, remedy: string) {
    super('SL-CONFIG', 'user', message, { remedy })
  }
}

interface Spec {
  readonly env: string
  readonly flag?: string | null
  readonly describe: string
  readonly secret?: boolean
}

const refuse = (spec: Spec, text: string, wanted: string): never => {
  throw new ConfigError(
    `${spec.env} is "${spec.secret ? '***' : text}", which is not ${wanted}.`,
    `Set ${spec.env}${spec.flag ? ` or --${spec.flag}` : ''} to ${wanted}. ${spec.describe}`,
  )
}

function option<T>(
  spec: Spec,
  placeholder: string,
  defaultText: string,
  parse: Option<T>['parse'],
): Option<T> {
  const { env, flag = null, describe, secret = false } = spec
  return { env, flag, describe, secret, placeholder, defaultText, parse }
}

export function text(spec: Spec, placeholder: string, fallback: string): Option<string> {
  return option(spec, placeholder, fallback, (given) => given ?? fallback)
}

export function optionalText(spec: Spec, placeholder: string): Option<string | undefined> {
  return option(spec, placeholder, '', (given) => given)
}

/** A URL with one of the given protocols, e.g. `['ws', 'wss']`. */
export function optionalUrl(spec: Spec, protocols: readonly string[]): Option<string | undefined> {
  const wanted = `a URL that begins with ${protocols.map((p) => `${p}://`).join(' or ')}`
  return option(spec, 'URL', '', (given) => {
    if (given === undefined) return undefined
    const url = URL.canParse(given) ? new URL(given) : undefined
    return url && protocols.includes(url.protocol.slice(0, -1)) ? given : refuse(spec, given, wanted)
  })
}

/** The same with a default. */
export function url(spec: Spec, protocols: readonly string[], fallback: string): Option<string> {
  const { parse, ...same } = optionalUrl(spec, protocols)
  return { ...same, defaultText: fallback, parse: (given) => parse(given) ?? fallback }
}

/** A whole number within bounds; the unit stands in the option's name. */
export function integer(spec: Spec, bounds: { min: number; max: number }, fallback: number): Option<number> {
  return option(spec, 'N', String(fallback), (given) => parseInteger(spec, bounds, given) ?? fallback)
}

export function optionalInteger(
  spec: Spec,
  bounds: { min: number; max: number },
): Option<number | undefined> {
  return option(spec, 'N', '', (given) => parseInteger(spec, bounds, given))
}

function parseInteger(spec: Spec, { min, max }: { min: number; max: number }, given: string | undefined) {
  if (given === undefined) return undefined
  const value = /^\d{1,15}$/.test(given) ? Number(given) : Number.NaN
  return value >= min && value <= max ? value : refuse(spec, given, `a whole number from ${min} to ${max}`)
}

export function flag(spec: Spec, fallback: boolean): Option<boolean> {
  return option(spec, 'on|off', fallback ? 'on' : 'off', (given) => {
    if (given === undefined) return fallback
    if (given === 'on' || given === 'true') return true
    return given === 'off' || given === 'false' ? false : refuse(spec, given, 'on or off')
  })
}

export function choice<const C extends readonly string[]>(
  spec: Spec,
  values: C,
  fallback: C[number],
): Option<C[number]> {
  return option(spec, values.join('|'), fallback, (given) => {
    if (given === undefined) return fallback
    return values.includes(given) ? given : refuse(spec, given, `one of ${values.join(', ')}`)
  })
}

/** `all`, or netuids separated by commas. */
export function netuids(spec: Spec): Option<readonly number[] | 'all' | undefined> {
  return option(spec, 'N[,N…]|all', '', (given) => {
    if (given === undefined || given === 'all') return given
    const parts = given.split(',').map((p) => p.trim())
    const wanted = '"all", or netuids from 0 to 4095 separated by commas'
    if (!parts.every((p) => /^\d{1,4}$/.test(p) && Number(p) < 4096)) return refuse(spec, given, wanted)
    return [...new Set(parts.map(Number))].sort((a, b) => a - b)
  })
}
