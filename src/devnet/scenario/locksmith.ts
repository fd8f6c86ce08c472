import { createHash } from 'node:crypto'
import { compactAddLength, u8aToHex } from '@polkadot/util'
import type { Data } from '../../../abi/commitments'
import { lock } from '../../timelock/timelock'
import { encodePayload, type WeightsPayload } from '../../timelock/weights-payload'
import { Beacon } from '../pallets/drand/beacon'
import { roundAt } from '../pallets/drand/drand'

/** Locks for the devnet's beacon; the same label gives the same bytes at every run. */
export class Locksmith {
  private readonly beacon: Beacon

  constructor(private readonly seed: number) {
    this.beacon = new Beacon(seed)
  }

  /** A field that opens `blocks` blocks after this height: text as the Python client locks it, its SCALE length first. */
  timelocked(content: string, height: number, blocks: number): Data {
    const revealRound = roundAt(height + blocks)
    return {
      __kind: 'TimelockEncrypted',
      encrypted: this.seal(scaleText(content), revealRound),
      revealRound,
    }
  }

  weights(payload: WeightsPayload, height: number, blocks: number): { commit: string; revealRound: bigint } {
    const revealRound = roundAt(height + blocks)
    return { commit: this.seal(encodePayload(payload), revealRound), revealRound }
  }

  private seal(plaintext: Uint8Array, round: bigint): string {
    const label = `${this.seed} ${round} ${u8aToHex(plaintext)}`
    const entropy = createHash('sha512').update(label).digest()
    return u8aToHex(lock(plaintext, round, this.beacon.publicKey, entropy))
  }
}

const scaleText = (text: string): Uint8Array => compactAddLength(Buffer.from(text))
