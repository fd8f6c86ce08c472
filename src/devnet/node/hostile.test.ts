import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { RpcError } from '../../rpc/rpc-error'
import { type Devnet, startDevnet } from '../index'
import { signExtrinsic, signerOf } from './signer'

const sender = signerOf('hostile')
let devnet: Devnet
beforeAll(async () => {
  devnet = await startDevnet({ balances: { [sender.account]: 10n ** 15n } })
})
afterAll(() => devnet.close())

/** What `submit` does with the bytes: refuses them with a JSON-RPC error, or takes them. Anything else is a bug. */
function refused(hex: string): boolean {
  try {
    devnet.submit(hex)
    return false
  } catch (error) {
    if (error instanceof RpcError) return true
    throw error
  }
}

it('refuses a signed extrinsic with any byte changed, cut off or added', () => {
  const call = { __kind: 'System', value: { __kind: 'remark', remark: '0x0102030405' } }
  const bytes = Buffer.from(
    signExtrinsic(devnet.node.spec, sender, call, 0, devnet.genesisHash).slice(2),
    'hex',
  )
  const change = fc.oneof(
    fc.record({ at: fc.nat(bytes.length - 1), xor: fc.integer({ min: 1, max: 255 }) }),
    fc.record({ cut: fc.integer({ min: 1, max: bytes.length }) }),
    fc.record({ add: fc.uint8Array({ minLength: 1, maxLength: 8 }) }),
  )
  fc.assert(
    fc.property(change, (it) => {
      let changed = Buffer.from(bytes)
      if ('at' in it) changed[it.at]! ^= it.xor
      else if ('cut' in it) changed = changed.subarray(0, changed.length - it.cut)
      else changed = Buffer.concat([changed, it.add])
      expect(refused(`0x${changed.toString('hex')}`)).toBe(true)
    }),
    { numRuns: 500 },
  )
})

it('answers random bytes with an error, and goes on making blocks', async () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      expect(refused(`0x${Buffer.from(bytes).toString('hex')}`)).toBe(true)
    }),
    { numRuns: 1_000 },
  )
  expect((await devnet.produceBlocks(1)).extrinsics).toHaveLength(1)
})
