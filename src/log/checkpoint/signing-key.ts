import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { LedgerError } from '../../errors/ledger-error'

export const KEY_FILE_NAME = 'checkpoint-key.pem'

export interface KeyPlace {
  readonly dataDir: string
  /** A key of the user's own (PEM); never created. */
  readonly keyFile?: string | undefined
}

/**
 * The Ed25519 key that signs checkpoints, made at the first start and readable by its owner only.
 * @throws LedgerError SL-CHECKPOINT-KEY
 */
export function loadSigningKey({ dataDir, keyFile }: KeyPlace): KeyObject {
  const file = keyFile ?? path.join(dataDir, KEY_FILE_NAME)
  if (keyFile === undefined && !existsSync(file)) createKey(dataDir, file)
  let key: KeyObject
  try {
    key = createPrivateKey(readFileSync(file))
  } catch (cause) {
    throw refuse(file, 'cannot be read as a private key', cause)
  }
  if (key.asymmetricKeyType !== 'ed25519')
    throw refuse(file, `is of type ${key.asymmetricKeyType}`, undefined)
  return key
}

function createKey(dataDir: string, file: string): void {
  mkdirSync(dataDir, { recursive: true })
  const pem = generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' })
  // Written whole beside and linked: two first starts at one moment end up with the same key.
  const draft = `${file}.${process.pid}`
  writeFileSync(draft, pem, { mode: 0o600, flag: 'w' })
  try {
    linkSync(draft, file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    rmSync(draft, { force: true })
  }
}

function refuse(file: string, why: string, cause: unknown): LedgerError {
  return new LedgerError('SL-CHECKPOINT-KEY', 'user', `The checkpoint key ${file} ${why}.`, {
    remedy: 'Make an Ed25519 key (openssl genpkey -algorithm ed25519), or leave --checkpoint-key out.',
    facts: { file },
    cause,
  })
}
