import type { KeyObject } from 'node:crypto'
import type { Hex, LogName } from '../envelope'
import { openNote, signNote, verifierKey } from './note'

/** A log's size and root, and the last block that it covers. */
export interface Checkpoint {
  /** Which log of which chain. */
  readonly origin: string
  readonly size: number
  readonly root: Hex
  readonly height: number
  readonly blockHash: Hex
}

const GENESIS_CHARS = 16

/** Name of a log, the same for every indexer of that chain; also the name of the key that signs it. */
export function originOf(genesisHash: Hex, log: LogName, netuid: number): string {
  return `subledger/${genesisHash.slice(2, 2 + GENESIS_CHARS)}/${log}/${netuid}`
}

/** C2SP tlog-checkpoint: origin, size, root, and as extension the last block covered. */
export function checkpointText({ origin, size, root, height, blockHash }: Checkpoint): string {
  const encoded = Buffer.from(root.slice(2), 'hex').toString('base64')
  return `${origin}\n${size}\n${encoded}\nblock ${height} ${blockHash}\n`
}

export function signCheckpoint(checkpoint: Checkpoint, key: KeyObject): string {
  return signNote(checkpointText(checkpoint), checkpoint.origin, key)
}

/** Key to give to whoever checks the checkpoints of this log. */
export function checkpointVerifierKey(origin: string, key: KeyObject): string {
  return verifierKey(origin, key)
}

const COUNT = '(0|[1-9][0-9]{0,15})'
const TEXT = new RegExp(`^(.+)\\n${COUNT}\\n([A-Za-z0-9+/]{43}=)\\nblock ${COUNT} (0x[0-9a-f]{64})\\n$`, 'u')

/** The checkpoint in a signed note; undefined unless `verifier`'s owner signed it and it is about that very log. */
export function openCheckpoint(note: string, verifier: string): Checkpoint | undefined {
  const [, origin, size, root, height, blockHash] = TEXT.exec(openNote(note, verifier) ?? '') ?? []
  if (!origin || !verifier.startsWith(`${origin}+`)) return undefined
  return {
    origin,
    size: Number(size),
    root: `0x${Buffer.from(root!, 'base64').toString('hex')}`,
    height: Number(height),
    blockHash: blockHash!,
  }
}
