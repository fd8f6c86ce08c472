import { bytes, type Shape, sequence, u16, u64 } from '../../../abi/shape'
import type { PalletSpec } from './pallet-spec'

/** Tokens of subnets came with dTAO. */
const TOKEN_SPEC = 233

/**
 * State that clients read when they connect, though an indexer does not: the Python client asks for the symbols of all
 * subnets' tokens before anything else. Public source: `pallets/subtensor/src/lib.rs`.
 */
export function clientPallets(specVersion: number): PalletSpec[] {
  const tokenSymbol = {
    name: 'TokenSymbol',
    modifier: 'Default',
    hashers: ['Identity'],
    keys: [u16.scale],
    value: bytes.scale,
    fallback: symbol('𝜏'),
  } as const
  const tokens = specVersion < TOKEN_SPEC ? [] : [tokenSymbol]
  return [{ name: 'SubtensorModule', index: 7, storage: [...tokens, ...resultsOfEpochs] }]
}

/** What the last epoch gave each uid: rao of alpha, and u16 shares. */
const resultsOfEpochs = [
  ['Emission', u64],
  ['Incentive', u16],
  ['Dividends', u16],
].map(([name, shape]) => ({
  name: name as string,
  modifier: 'Default' as const,
  hashers: ['Identity' as const],
  keys: [u16.scale],
  value: sequence(shape as Shape).scale,
}))

/** SCALE bytes of a short text. */
function symbol(text: string): string {
  const utf8 = Buffer.from(text, 'utf8')
  return `0x${Buffer.of(utf8.length << 2).toString('hex')}${utf8.toString('hex')}`
}
