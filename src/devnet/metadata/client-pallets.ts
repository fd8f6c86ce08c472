import { accountId, bytes, type Shape, sequence, u8, u16, u32, u64, u128 } from '../../../abi/shape'
import type { PalletSpec } from './pallet-spec'
import { variant } from './variant'

/** Tokens of subnets came with dTAO. */
const TOKEN_SPEC = 233

/** `AxonServed` moved as events came before it. */
const axonServedAt = (specVersion: number): number => (specVersion < 224 ? 24 : specVersion < 346 ? 26 : 28)

/**
 * What clients read and call, though an indexer does not: the Python client asks for the symbols of all subnets' tokens
 * before anything else, and neurons say where they serve. Public source: `pallets/subtensor/src/lib.rs`.
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
  const axonServed = {
    name: 'AxonServed',
    index: axonServedAt(specVersion),
    fields: [{ shape: u16.scale }, { shape: accountId.scale }],
  }
  return [
    {
      name: 'SubtensorModule',
      index: 7,
      calls: [serveAxon],
      events: [axonServed],
      storage: [...tokens, ...resultsOfEpochs],
    },
  ]
}

const serveAxon = variant(4, 'serve_axon', {
  netuid: u16,
  version: u32,
  ip: u128,
  port: u16,
  ipType: u8,
  protocol: u8,
  placeholder1: u8,
  placeholder2: u8,
})

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
