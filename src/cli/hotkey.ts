import { Keyring } from '@polkadot/keyring'
import type { KeyringPair } from '@polkadot/keyring/types'
import { LedgerError } from '../errors/ledger-error'

export const HOTKEY_VARIABLE = 'SUBLEDGER_HOTKEY_URI'

/** The hotkey of the environment. @throws LedgerError SL-CONFIG without one; what was given is never told, it may be a secret */
export function hotkeyOf(environment: NodeJS.ProcessEnv): KeyringPair {
  const uri = environment[HOTKEY_VARIABLE]
  try {
    if (uri) return new Keyring({ type: 'sr25519', ss58Format: 42 }).addFromUri(uri)
  } catch {
    // Falls through to the refusal.
  }
  throw new LedgerError('SL-CONFIG', 'user', `${HOTKEY_VARIABLE} holds no key.`, {
    remedy: 'Set it to the seed (0x and 64 hex digits), mnemonic or //uri of the hotkey.',
  })
}
