import { compactToU8a, hexToU8a, u8aConcat, u8aToHex } from '@polkadot/util'
import { blake2AsU8a, ed25519PairFromSeed, ed25519Sign } from '@polkadot/util-crypto'
import { TRANSACTION_VERSION } from '../metadata/runtime-version'
import type { RuntimeCall } from '../pallets/dispatch'
import { type SigningContext, signedPayload } from './extrinsic'
import type { RuntimeSpec } from './runtime-spec'

/** Signs the same bytes the same way at every run, which sr25519 does not. */
export interface Signer {
  /** 32-byte public key as hex: the account. */
  readonly account: string
  sign(payload: Uint8Array): Uint8Array
}

/** The key of a name, the same for everyone; no secret. */
export function signerOf(name: string): Signer {
  const pair = ed25519PairFromSeed(blake2AsU8a(`subledger devnet key ${name}`, 256))
  return {
    account: u8aToHex(pair.publicKey),
    sign: (payload) => ed25519Sign(payload, pair),
  }
}

const SIGNED_V4 = 0x84
const IMMORTAL = 0
const ED25519 = 0

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
    Uint8Array.of(ED25519),
    signature,
    extra,
    callBytes,
  )
  return u8aToHex(u8aConcat(compactToU8a(body.length), body))
}
