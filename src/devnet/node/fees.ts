import type { Pallet } from '../pallets/dispatch'
import type { Storage } from '../storage'
import type { Extrinsic } from './extrinsic'

/** Charged for every signed extrinsic, rao. */
export const BASE_FEE_RAO = 100_000n
/** Charged for every byte of it, rao. */
export const BYTE_FEE_RAO = 100n

export function inclusionFeeRao(lengthBytes: number): bigint {
  return BASE_FEE_RAO + BYTE_FEE_RAO * BigInt(lengthBytes)
}

/** What the signer must have, and is charged before the call runs, rao; the tip alone for a call that is free. */
export function feeInAdvance(
  pallets: readonly Pallet[],
  { call, lengthBytes, signature }: Extrinsic,
): bigint {
  const isFree = pallets.some(
    ({ name, freeCalls }) => name === call.__kind && freeCalls?.includes(call.value.__kind),
  )
  return (isFree ? 0n : inclusionFeeRao(lengthBytes)) + (signature?.tip ?? 0n)
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
