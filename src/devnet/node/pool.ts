import type { Extrinsic } from './extrinsic'
import { alreadyImported, poolFull } from './invalid-transaction'

const MAX_POOL_EXTRINSICS = 8_192

export type TransactionStatus =
  | 'future'
  | 'ready'
  | 'dropped'
  | 'invalid'
  | { readonly inBlock: string }
  | { readonly retracted: string }
  | { readonly finalized: string }
  | { readonly usurped: string }

export type StatusListener = (status: TransactionStatus) => void

/**
 * Extrinsics that wait for a block, in the order of their arrival; an account's own are taken in the order of
 * their nonces. Those with a nonce that is not due yet wait as `future`.
 */
export class Pool {
  private readonly waiting = new Map<string, Extrinsic>()

  get size(): number {
    return this.waiting.size
  }

  /** @throws RpcError when it is here already, or the pool is full */
  add(extrinsic: Extrinsic): void {
    if (this.waiting.has(extrinsic.hash)) throw alreadyImported(extrinsic.hash)
    if (this.waiting.size >= MAX_POOL_EXTRINSICS) throw poolFull()
    this.waiting.set(extrinsic.hash, extrinsic)
  }

  has(hash: string): boolean {
    return this.waiting.has(hash)
  }

  remove(hash: string): void {
    this.waiting.delete(hash)
  }

  all(): Extrinsic[] {
    return [...this.waiting.values()]
  }

  /** Nonce after all that wait for this account without a gap. */
  nextNonce(account: string, nonceInState: number): number {
    const nonces = new Set(
      this.all()
        .filter((it) => it.signature?.signer === account)
        .map((it) => it.signature!.nonce),
    )
    let next = nonceInState
    while (nonces.has(next)) next++
    return next
  }

  /**
   * Those that can be applied one after another now; `nonceOf` is an account's nonce in the present state. What an
   * extrinsic was in the way of follows it directly, so that the order is one of accounts, then nonces.
   */
  ready(nonceOf: (account: string) => number): Extrinsic[] {
    const byNonce = new Map<string, Extrinsic>()
    for (const extrinsic of this.waiting.values()) {
      const { signature } = extrinsic
      const key = signature && `${signature.signer}/${signature.nonce}`
      if (key && !byNonce.has(key)) byNonce.set(key, extrinsic)
    }
    const taken: Extrinsic[] = []
    const isDone = new Set<string>()
    for (const extrinsic of this.waiting.values()) {
      const { signature } = extrinsic
      if (!signature) taken.push(extrinsic)
      else if (!isDone.has(signature.signer) && signature.nonce === nonceOf(signature.signer)) {
        isDone.add(signature.signer)
        let next: Extrinsic | undefined = extrinsic
        for (let nonce = signature.nonce; next; next = byNonce.get(`${signature.signer}/${++nonce}`)) {
          taken.push(next)
        }
      }
    }
    return taken
  }
}
