import { compactFromU8a, hexToU8a, u8aConcat, u8aToHex } from '@polkadot/util'
import { blake2AsU8a } from '@polkadot/util-crypto'
import type { Runtime } from '@subsquid/substrate-runtime'
import type { RuntimeCall } from '../pallets/dispatch'
import { type Era, readEra } from './era'

const SIGNED_V4 = 0x84
const BARE_V4 = 0x04
const ADDRESS_ID = 0
/** Signature lengths of `MultiSignature`: Ed25519, Sr25519, Ecdsa. */
const SIGNATURE_BYTES = [64, 64, 65]

export interface Signature {
  /** 32-byte public key as hex. */
  readonly signer: string
  /** With the byte that names the scheme, as `signatureVerify` takes it. */
  readonly multiSignature: Uint8Array
  readonly era: Era
  readonly nonce: number
  /** rao */
  readonly tip: bigint
  /** `CheckMetadataHash` is on: the payload covers a hash of the metadata. */
  readonly checksMetadata: boolean
  readonly extra: Uint8Array
}

export interface Extrinsic {
  readonly hex: string
  readonly hash: string
  readonly lengthBytes: number
  readonly signature?: Signature
  readonly call: RuntimeCall
  readonly callBytes: Uint8Array
  /** The runtime that decoded it. */
  readonly specVersion: number
}

/** The bytes are no extrinsic of this runtime. */
export class MalformedExtrinsicError extends Error {}

/** @throws MalformedExtrinsicError */
export function decodeExtrinsic(runtime: Runtime, hex: string): Extrinsic {
  try {
    const bytes = hexToU8a(hex)
    const [prefixBytes, length] = compactFromU8a(bytes)
    const body = bytes.subarray(prefixBytes)
    if (body.length !== Number(length)) throw new Error('the length prefix is wrong')
    const [signature, callBytes] = readEnvelope(body)
    const call = runtime.decodeCall(callBytes) as RuntimeCall
    const hash = u8aToHex(blake2AsU8a(bytes, 256))
    return {
      hex,
      hash,
      lengthBytes: bytes.length,
      signature,
      call,
      callBytes,
      specVersion: runtime.specVersion,
    }
  } catch (error) {
    throw new MalformedExtrinsicError(error instanceof Error ? error.message : String(error))
  }
}

function readEnvelope(body: Uint8Array): [Signature | undefined, Uint8Array] {
  if (body[0] === BARE_V4) return [undefined, body.subarray(1)]
  if (body[0] !== SIGNED_V4) throw new Error('only extrinsic version 4 is known')
  if (body[1] !== ADDRESS_ID) throw new Error('only account ids may sign')
  const scheme = body[34]!
  const signatureBytes = SIGNATURE_BYTES[scheme]
  if (signatureBytes === undefined) throw new Error('unknown signature scheme')
  const extraAt = 35 + signatureBytes
  const era = readEra(body.subarray(extraAt))
  let at = extraAt + era.lengthBytes
  const [nonceBytes, nonce] = compactFromU8a(body.subarray(at))
  at += nonceBytes
  const [tipBytes, tip] = compactFromU8a(body.subarray(at))
  at += tipBytes
  const mode = body[at++]
  if (mode === undefined || mode > 1) throw new Error('unknown metadata hash mode')
  const signature: Signature = {
    signer: u8aToHex(body.subarray(2, 34)),
    multiSignature: body.subarray(34, extraAt),
    era,
    nonce: nonce.toNumber(),
    tip: BigInt(tip.toString()),
    checksMetadata: mode === 1,
    extra: body.subarray(extraAt, at),
  }
  return [signature, body.subarray(at)]
}

/** A call that nobody signed, as inherents and pulses are put into a block. */
export function encodeBare(runtime: Runtime, call: RuntimeCall): string {
  return u8aToHex(runtime.encodeExtrinsic({ version: 4, call: call as never }))
}

export interface SigningContext {
  readonly specVersion: number
  readonly transactionVersion: number
  readonly genesisHash: string
  /** Hash of the block at which the era begins; the genesis hash for an immortal extrinsic. */
  readonly eraHash: string
}

const MAX_PLAIN_PAYLOAD_BYTES = 256

/** The bytes that the signer signed: call, extra, additional; hashed when long. */
export function signedPayload(
  extrinsic: Pick<Extrinsic, 'callBytes'>,
  signature: Pick<Signature, 'extra'>,
  context: SigningContext,
): Uint8Array {
  const versions = Buffer.alloc(8)
  versions.writeUInt32LE(context.specVersion, 0)
  versions.writeUInt32LE(context.transactionVersion, 4)
  const payload = u8aConcat(
    extrinsic.callBytes,
    signature.extra,
    versions,
    hexToU8a(context.genesisHash),
    hexToU8a(context.eraHash),
    Uint8Array.of(0),
  )
  return payload.length > MAX_PLAIN_PAYLOAD_BYTES ? blake2AsU8a(payload, 256) : payload
}
