import { bytes, u16 } from '../../../abi/shape'
import type { PalletSpec } from './pallet-spec'

/** Tokens of subnets came with dTAO. */
const TOKEN_SPEC = 233

/**
 * State that clients read when they connect, though an indexer does not: the Python client asks for the symbols of all
 * subnets' tokens before anything else. Public source: `pallets/subtensor/src/lib.rs`.
 */
export function clientPallets(specVersion: number): PalletSpec[] {
  if (specVersion < TOKEN_SPEC) return []
  const tokenSymbol = {
    name: 'TokenSymbol',
    modifier: 'Default',
    hashers: ['Identity'],
    keys: [u16.scale],
    value: bytes.scale,
    fallback: symbol('𝜏'),
  } as const
  return [{ name: 'SubtensorModule', index: 7, storage: [tokenSymbol] }]
}

/** SCALE bytes of a short text. */
function symbol(text: string): string {
  const utf8 = Buffer.from(text, 'utf8')
  return `0x${Buffer.of(utf8.length << 2).toString('hex')}${utf8.toString('hex')}`
}
