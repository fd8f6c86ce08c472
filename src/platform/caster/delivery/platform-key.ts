import { randomBytes } from 'node:crypto'
import { Keyring } from '@polkadot/keyring'
import { u8aToHex } from '@polkadot/util'
import { LedgerError } from '../../../errors/ledger-error'
import { NONCE_HEADER, TIMESTAMP_HEADER } from '../auth/signer'
import type { CasterRequest } from '../rule-values'

const NONCE_BYTES = 16
const MS_PER_SECOND = 1_000
const HEX_PREFIX_CHARS = 2

/** Whoever can sign calls to validators. */
export interface PlatformKey {
  /** SS58, prefix 42. */
  readonly address: string
  /** sr25519, hex without 0x. */
  readonly sign: (text: string) => string
}

/**
 * The platform's hotkey. To be made after `signaturesReady`.
 * @throws LedgerError SL-CONFIG; what was given is never told, it is a secret
 */
export function platformKeyOf(uri: string | undefined): PlatformKey | undefined {
  if (!uri) return undefined
  try {
    const pair = new Keyring({ type: 'sr25519', ss58Format: 42 }).addFromUri(uri)
    return { address: pair.address, sign: (text) => u8aToHex(pair.sign(text)).slice(HEX_PREFIX_CHARS) }
  } catch {
    throw new LedgerError('SL-CONFIG', 'user', 'SUBLEDGER_CASTER_PLATFORM_KEY_URI holds no key.', {
      remedy: 'Set it to the seed (0x and 64 hex digits), mnemonic or //uri of the platform’s hotkey.',
    })
  }
}

/** Headers of a signed call (spec caster §11), with time and nonce when both sides want them. */
export function signedHeaders(
  key: PlatformKey,
  request: Omit<CasterRequest, 'strict'>,
  message: (request: CasterRequest) => string,
  { isStrict, nowMs }: { readonly isStrict: boolean; readonly nowMs: number },
): Record<string, string> {
  const strict = isStrict && {
    timestamp: Math.floor(nowMs / MS_PER_SECOND),
    nonce: randomBytes(NONCE_BYTES).toString('base64url'),
  }
  const signature = key.sign(message({ ...request, ...(strict && { strict }) }))
  return {
    authorization: `Bittensor ss58="${key.address}",sig="${signature}"`,
    ...(strict && { [TIMESTAMP_HEADER]: String(strict.timestamp), [NONCE_HEADER]: strict.nonce }),
  }
}
