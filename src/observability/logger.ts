import { type Logger, pino } from 'pino'

export type { Logger }

/** Longest text of one logged field (characters); hostile input must not fill the disk. */
const MAX_TEXT_CHARS = 2000

/** Properties that never reach a log, at the top or one level down. */
const SECRET_PROPERTIES = [
  'password',
  'databaseUrl',
  'connectionString',
  'authorization',
  'cookie',
  'privateKey',
]

export interface LoggerOptions {
  readonly level: 'debug' | 'info' | 'warn' | 'error' | 'silent'
  /** Where lines go; standard error unless told otherwise, so that standard output stays for answers. */
  readonly destination?: { write(line: string): void }
}

/** One JSON line a message. Secrets are removed by name, credentials inside URLs by shape. */
export function createLogger(options: LoggerOptions): Logger {
  return pino(
    {
      level: options.level,
      base: null,
      redact: {
        paths: SECRET_PROPERTIES.flatMap((name) => [name, `*.${name}`]),
        censor: '[removed]',
      },
      serializers: { err: describeError, error: describeError },
    },
    options.destination ?? pino.destination({ dest: 2, sync: false }),
  )
}

function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  const code = (error as { code?: unknown }).code
  return {
    name: error.name,
    code: typeof code === 'string' ? code : undefined,
    message: withoutCredentials(error.message).slice(0, MAX_TEXT_CHARS),
    stack: withoutCredentials(error.stack ?? '').slice(0, MAX_TEXT_CHARS),
  }
}

/** `scheme://user:password@host/path?key=…` → `scheme://host`: keys of hosted nodes live in paths and queries too. */
export function withoutCredentials(text: string): string {
  return text.replace(/\b([a-z][a-z0-9+.-]*:\/\/)(?:[^\s/@]*@)?([^\s/?#"'`,)]+)[^\s"'`,)]*/gi, '$1$2')
}
