import { Keyring } from '@polkadot/keyring'
import type { KeyringPair } from '@polkadot/keyring/types'
import { u8aToHex } from '@polkadot/util'

/** The well-known development keys of Substrate: everybody has them, so they own the devnet's first balances. */
export const DEV_NAMES = ['Alice', 'Bob', 'Charlie', 'Dave', 'Eve', 'Ferdie'] as const
export type DevName = (typeof DEV_NAMES)[number]

/** What each of them owns at block 0: a million TAO. */
const DEV_BALANCE_RAO = 1_000_000n * 10n ** 9n

/** sr25519 pair; call `cryptoWaitReady` first. Its signatures are random: two runs differ in their hashes. */
export function devPair(name: DevName): KeyringPair {
  return new Keyring({ type: 'sr25519', ss58Format: 42 }).addFromUri(`//${name}`)
}

export const devAccount = (name: DevName): string => u8aToHex(devPair(name).publicKey)

export function devBalances(): Record<string, bigint> {
  return Object.fromEntries(DEV_NAMES.map((name) => [devAccount(name), DEV_BALANCE_RAO]))
}
