import { createHash } from 'node:crypto'
import { hexToU8a, u8aToHex } from '@polkadot/util'
import type { Data } from '../../../abi/commitments'
import { Beacon } from '../pallets/drand/beacon'
import { roundAt } from '../pallets/drand/drand'
import { lock } from '../pallets/drand/timelock'
import { encodePayload, type WeightsPayload } from '../pallets/subtensor/timelocked-weights'

const sha = (algorithm: string, text: string) => createHash(algorithm).update(text).digest('hex')

/** What a Bitrecs miner commits: gist commit and content hash (spec bitrecs.md §1.1). */
export const bitrecsPayload = (artifact: string): string =>
  `${sha('sha1', artifact)}:${sha('sha256', artifact)}`

/** Locks for the devnet's beacon; the same label gives the same bytes at every run. */
export class Locksmith {
  private readonly beacon: Beacon

  constructor(private readonly seed: number) {
    this.beacon = new Beacon(seed)
  }

  /** A field that opens `blocks` blocks after this height. */
  timelocked(content: string, height: number, blocks: number): Data {
    const revealRound = roundAt(height + blocks)
    return {
      __kind: 'TimelockEncrypted',
      encrypted: this.seal(Buffer.from(content), revealRound),
      revealRound,
    }
  }

  weights(payload: WeightsPayload, height: number, blocks: number): { commit: string; revealRound: bigint } {
    const revealRound = roundAt(height + blocks)
    return { commit: this.seal(encodePayload(payload), revealRound), revealRound }
  }

  private seal(plaintext: Uint8Array, round: bigint): string {
    const label = `${this.seed} ${round} ${u8aToHex(plaintext)}`
    const entropy = hexToU8a(`0x${sha('sha512', label)}`)
    return u8aToHex(lock(plaintext, round, this.beacon.publicKey, entropy))
  }
}
