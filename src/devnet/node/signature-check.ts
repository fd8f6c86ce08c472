import { hexToU8a } from '@polkadot/util'
import { ed25519Verify, secp256k1Verify, sr25519Verify } from '@polkadot/util-crypto'
import { TRANSACTION_VERSION } from '../metadata/runtime-version'
import { ZERO_HASH } from './block'
import type { Chain } from './chain'
import { eraBirth } from './era'
import { type Extrinsic, signedPayload } from './extrinsic'
import { badSignature } from './invalid-transaction'
import type { RuntimeSpec } from './runtime-spec'

/**
 * Checks the signature over call, nonce, era, spec and chain, as of the chain's head.
 * @throws RpcError 1010 as a node does; an unsigned extrinsic passes
 */
export function checkSignature({ signature, callBytes }: Extrinsic, chain: Chain, spec: RuntimeSpec): void {
  if (!signature) return
  // An era that is over begins again at another block, so that the signed hash is not the one found here.
  const birth = eraBirth(signature.era, chain.head.height)
  const payload = signedPayload({ callBytes }, signature, {
    specVersion: spec.specVersion,
    transactionVersion: TRANSACTION_VERSION,
    genesisHash: chain.genesis.hash,
    eraHash: chain.at(birth)?.hash ?? ZERO_HASH,
  })
  // A metadata hash is part of the payload only when the client computed one, which the devnet does not.
  if (signature.checksMetadata) throw badSignature()
  if (!isSignedBy(signature.signer, payload, signature.multiSignature)) throw badSignature()
}

/** By the scheme that the signature names, and no other: a key may fit more than one. */
function isSignedBy(signer: string, payload: Uint8Array, multiSignature: Uint8Array): boolean {
  const key = hexToU8a(signer)
  const bytes = multiSignature.subarray(1)
  try {
    if (multiSignature[0] === 0) return ed25519Verify(payload, bytes, key)
    if (multiSignature[0] === 1) return sr25519Verify(payload, bytes, key)
    return secp256k1Verify(payload, bytes, key, 'blake2')
  } catch {
    // The libraries throw for bytes that cannot be a signature at all.
    return false
  }
}
