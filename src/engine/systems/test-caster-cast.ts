import { codec } from '@subsquid/ss58'
import { account } from '../test-chain-log'

export const NETUID = 67
export const HOUR = 3_600_000
export const START_MS = 1_763_000_000_000
export const ss58 = (hotkey: `0x${string}`) => codec(42).encode(hotkey)
export const uuid = (n: number) => `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`
export const sha = (n: number) => n.toString(16).padStart(64, '0')

type Hex = `0x${string}`
export const [owner, v1, v2, v3] = [account(1), account(11), account(12), account(13)] as const
/** The champion of the first batch, its conqueror, a copycat, a loser, a script without a point, one that came too late. */
export const [ann, ben, cat, dan, zed, eve] = [21, 22, 23, 24, 25, 26].map(account) as [
  Hex,
  Hex,
  Hex,
  Hex,
  Hex,
  Hex,
]
/** Takes the uid of whoever is deregistered. */
export const stranger = account(99)
export const UID: Readonly<Record<string, number>> = {
  [ann]: 5,
  [ben]: 6,
  [cat]: 7,
  [dan]: 8,
  [zed]: 9,
  [eve]: 10,
}
