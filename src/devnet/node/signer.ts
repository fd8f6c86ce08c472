import { compactToU8a, hexToU8a, u8aConcat, u8aToHex } from '@polkadot/util'
import { blake2AsU8a } from '@polkadot/util-crypto'
import { getPublicKey, secretFromSeed, sign } from '@scure/sr25519'
import { TRANSACTION_VERSION } from '../metadata/runtime-version'
import type { RuntimeCall } from '../pallets/dispatch'
import { type SigningContext, signedPayload } from './extrinsic'
import type { RuntimeSpec } from './runtime-spec'

/** An sr25519 key, as every Bittensor wallet has. It signs the same bytes the same way at every run. */
export interface Signer {
  /** 32-byte public key as hex: the account. */
  readonly account: string
  /** Mini secret (32 bytes as hex), for wallets that import a seed. No secret: the name gives it. */
  readonly seed: string
  /** The 64 bytes of the signature, also of a message that is no transaction. */
  sign(payload: Uint8Array): Uint8Array
}

/** The nonce of a signature then comes from key and message alone: other implementations mix in random bytes. */
const noRandomness = (length = 32): Uint8Array => new Uint8Array(length)

/** The key of a name, the same for everyone; no secret. */
export function signerOf(name: string): Signer {
  const seed = blake2AsU8a(`subledger devnet key ${name}`, 256)
  const secret = secretFromSeed(seed)
  return {
    account: u8aToHex(getPublicKey(secret)),
    seed: u8aToHex(seed),
    sign: (payload) => sign(secret, payload, noRandomness),
  }
}

const SIGNED_V4 = 0x84
const IMMORTAL = 0
const SR25519 = 1

/** An immortal signed extrinsic without tip, as hex. */
export function signExtrinsic(
  spec: RuntimeSpec,
  signer: Signer,
  call: RuntimeCall,
  nonce: number,
  genesisHash: string,
): string {
  const callBytes = spec.runtime.encodeCall(call as never)
  const extra = u8aConcat(Uint8Array.of(IMMORTAL), compactToU8a(nonce), compactToU8a(0), Uint8Array.of(0))
  const context: SigningContext = {
    specVersion: spec.specVersion,
    transactionVersion: TRANSACTION_VERSION,
    genesisHash,
    eraHash: genesisHash,
  }
  const signature = signer.sign(signedPayload({ callBytes }, { extra }, context))
  const body = u8aConcat(
    Uint8Array.of(SIGNED_V4, 0),
    hexToU8a(signer.account),
    Uint8Array.of(SR25519),
    signature,
    extra,
    callBytes,
  )
  return u8aToHex(u8aConcat(compactToU8a(body.length), body))
}
