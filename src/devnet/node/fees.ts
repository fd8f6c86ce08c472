import type { Storage } from '../storage'

/** Charged for every signed extrinsic, rao. */
export const BASE_FEE_RAO = 100_000n
/** Charged for every byte of it, rao. */
export const BYTE_FEE_RAO = 100n

export function inclusionFeeRao(lengthBytes: number): bigint {
  return BASE_FEE_RAO + BYTE_FEE_RAO * BigInt(lengthBytes)
}

export interface AccountInfo {
  readonly nonce: number
  readonly consumers: number
  readonly providers: number
  readonly sufficients: number
  readonly data: {
    readonly free: bigint
    readonly reserved: bigint
    readonly frozen: bigint
    readonly flags: bigint
  }
}

export const accountOf = (storage: Storage, account: string): AccountInfo =>
  storage.get<AccountInfo>('System.Account', account)

/** Adds to the free balance (rao, may be negative) and the nonce; the balance must not fall below zero. */
export function changeAccount(
  storage: Storage,
  account: string,
  change: { readonly freeRao?: bigint; readonly nonce?: number },
): void {
  storage.mutate<AccountInfo>('System.Account', [account], (it) => {
    const free = it.data.free + (change.freeRao ?? 0n)
    if (free < 0n) throw new Error(`the balance of ${account} would fall below zero`)
    return {
      ...it,
      nonce: it.nonce + (change.nonce ?? 0),
      providers: Math.max(it.providers, 1),
      data: { ...it.data, free },
    }
  })
}
