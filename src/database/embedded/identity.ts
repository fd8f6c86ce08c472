import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { LedgerError } from '../../errors/ledger-error'
import type { Binaries } from './binaries'

/** How a PostgreSQL program is started: PostgreSQL refuses to run as uid 0. */
export interface Identity {
  readonly mode: 'self' | 'namespace' | 'setuid'
  readonly uid?: number
  readonly gid?: number
}

export interface Command {
  readonly file: string
  readonly args: readonly string[]
  readonly options: { readonly uid?: number; readonly gid?: number; readonly env: NodeJS.ProcessEnv }
}

/** 'nobody' everywhere that matters; inside the namespace any uid but 0 does. */
const NOBODY = 65_534
const PROBE_TIMEOUT_MS = 5_000

const self: Identity = { mode: 'self' }

/** The command line that runs a PostgreSQL program under this identity. Time zone and locale never come from outside. */
export function commandFor(
  identity: Identity,
  binaries: Binaries,
  file: string,
  args: readonly string[],
): Command {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(PG|LC_|LANG)/.test(name))
  const env = { ...Object.fromEntries(inherited), ...binaries.env, TZ: 'UTC', LC_ALL: 'C.UTF-8' }
  if (identity.mode === 'namespace') {
    const map = ['--user', `--map-user=${NOBODY}`, `--map-group=${NOBODY}`]
    return { file: 'unshare', args: [...map, file, ...args], options: { env } }
  }
  const { uid, gid } = identity
  return { file, args, options: identity.mode === 'setuid' ? { env, uid, gid } : { env } }
}

/**
 * Who runs PostgreSQL whose data lie in `dataFolder` (present or not) below the existing folder `home`.
 * Root takes a user namespace when that works from here, else another account.
 */
export function chooseIdentity(binaries: Binaries, home: string, dataFolder: string): Identity {
  const me = process.geteuid?.()
  if (me === undefined) return self
  const owner = existsSync(dataFolder) ? statSync(dataFolder) : undefined
  if (me !== 0) {
    if (owner && owner.uid !== me) throw foreignData(dataFolder, owner.uid, me)
    return self
  }
  if (owner && owner.uid !== 0) return { mode: 'setuid', uid: owner.uid, gid: owner.gid }
  const namespace: Identity = { mode: 'namespace' }
  return canRun(namespace, binaries, home) ? namespace : unprivilegedAccount()
}

/** True when the programs start under this identity and may write below `home`. */
export function canRun(identity: Identity, binaries: Binaries, home: string): boolean {
  const runs = (file: string, args: readonly string[]) => {
    const command = commandFor(identity, binaries, file, args)
    const options = { ...command.options, timeout: PROBE_TIMEOUT_MS, stdio: 'ignore' as const }
    return spawnSync(command.file, command.args, options).status === 0
  }
  return runs(binaries.postgres, ['--version']) && runs('test', ['-w', home])
}

/** The account `postgres`, else `nobody`. */
export function unprivilegedAccount(): Identity {
  const accounts = existsSync('/etc/passwd') ? readFileSync('/etc/passwd', 'utf8').split('\n') : []
  for (const name of ['postgres', 'nobody']) {
    const [, , uid, gid] = accounts.find((line) => line.startsWith(`${name}:`))?.split(':') ?? []
    if (Number(uid) > 0) return { mode: 'setuid', uid: Number(uid), gid: Number(gid) }
  }
  return { mode: 'setuid', uid: NOBODY, gid: NOBODY }
}

function foreignData(folder: string, owner: number, me: number): LedgerError {
  return new LedgerError(
    'SL-PG-DATA-OWNER',
    'user',
    `The database in ${folder} belongs to another account.`,
    {
      remedy: `Run as uid ${owner}, give the folder to your account (chown -R), or choose another --data-dir.`,
      facts: { folder, owner, me },
    },
  )
}
