import { createHash } from 'node:crypto'
import { encodeAddress, sr25519PairFromSeed, sr25519Sign } from '@polkadot/util-crypto'
import type { HotkeySigner } from '../../devnet/players/autoresearch/client'

const SS58_PREFIX = 42

/** The same signer for the same name, in every process. Needs `cryptoWaitReady`. */
export function benchSigner(name: string): HotkeySigner {
  const pair = sr25519PairFromSeed(createHash('sha256').update(`bench ${name}`).digest())
  return {
    address: encodeAddress(pair.publicKey, SS58_PREFIX),
    sign: (text) => Buffer.from(sr25519Sign(Buffer.from(text), pair)).toString('hex'),
  }
}

export const VALIDATORS = 32
export const benchValidators = (): HotkeySigner[] =>
  Array.from({ length: VALIDATORS }, (_, n) => benchSigner(`validator ${n}`))
