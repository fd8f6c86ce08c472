import { u8aToHex } from '@polkadot/util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Devnet, startDevnet } from '../index'
import type { RuntimeCall } from '../pallets/dispatch'
import { inclusionFeeRao } from './fees'
import { signExtrinsic, signerOf } from './signer'
import { ask, resultOf, TestSocket } from './test-client'

const rich = signerOf('rich')
const poor = signerOf('poor')
const RICH_RAO = 10n ** 12n

let devnet: Devnet
beforeEach(async () => {
  devnet = await startDevnet({
    finalityLagBlocks: 1,
    balances: { [rich.account]: RICH_RAO, [poor.account]: 10n },
  })
})
afterEach(() => devnet.close())

const remark: RuntimeCall = { __kind: 'System', value: { __kind: 'remark', remark: '0xc0ffee' } }
const transfer = (value: bigint): RuntimeCall => ({
  __kind: 'Balances',
  value: { __kind: 'transfer_keep_alive', dest: { __kind: 'Id', value: `0x${'22'.repeat(32)}` }, value },
})
const signed = (nonce: number, call = remark, signer = rich, genesis = devnet.genesisHash) =>
  signExtrinsic(devnet.node.spec, signer, call, nonce, genesis)
const submit = (hex: string) => ask(devnet.httpUrl, 'author_submitExtrinsic', hex)

describe('author_submitExtrinsic', () => {
  it('takes a signed extrinsic into the next block and answers its hash', async () => {
    const hex = signed(0)
    const { result } = await submit(hex)
    expect(result).toMatch(/^0x[0-9a-f]{64}$/)
    expect(await resultOf(devnet.httpUrl, 'author_pendingExtrinsics')).toEqual([hex])
    await devnet.produceBlocks(1)
    const block = await resultOf<{ block: { extrinsics: string[] } }>(devnet.httpUrl, 'chain_getBlock')
    expect(block.block.extrinsics[1]).toBe(hex)
    expect(await resultOf(devnet.httpUrl, 'author_pendingExtrinsics')).toEqual([])
  })

  it.each<[string, () => string, { code: number; text: string }]>([
    [
      'a signature of other bytes',
      () => signed(0).replace('c0ffee', 'c0ffef'),
      { code: 1010, text: 'Transaction has a bad signature' },
    ],
    [
      'a signature for another chain',
      () => signed(0, remark, rich, `0x${'77'.repeat(32)}`),
      { code: 1010, text: 'Transaction has a bad signature' },
    ],
    [
      'a signature under the name of another scheme',
      () =>
        signed(0)
          .replace(rich.account.slice(2), `${rich.account.slice(2)}*`)
          .replace('*01', '00'),
      { code: 1010, text: 'Transaction has a bad signature' },
    ],
    [
      'an account that cannot pay the fee',
      () => signed(0, remark, poor),
      { code: 1010, text: 'Inability to pay some fees (e.g. account balance too low)' },
    ],
    ['bytes that are no extrinsic', () => '0x1234', { code: 1001, text: '' }],
    ['an unsigned call', () => '0x10040000000c', { code: 1001, text: '' }],
  ])('refuses %s', async (_, hex, { code, text }) => {
    const { error } = await submit(hex())
    expect(error?.code).toBe(code)
    if (text) expect(error?.data).toBe(text)
  })

  it('refuses the same extrinsic twice, and an old nonce', async () => {
    await submit(signed(0))
    expect((await submit(signed(0))).error?.code).toBe(1013)
    await devnet.produceBlocks(1)
    expect((await submit(signed(0))).error).toMatchObject({ code: 1010, data: 'Transaction is outdated' })
  })

  it('refuses an unsigned call that the pallet does not take unsigned', async () => {
    const { error } = await submit(
      u8aToHex(devnet.node.spec.runtime.encodeExtrinsic({ version: 4, call: remark as never })),
    )
    expect(error).toMatchObject({ code: 1010, data: 'Transaction call is not expected' })
  })

  it('keeps a later nonce until the gap is filled, whatever the order of arrival', async () => {
    await submit(signed(2))
    await submit(signed(1))
    await devnet.produceBlocks(1)
    expect(devnet.node.chain.head.extrinsics).toHaveLength(1)
    expect(await resultOf(devnet.httpUrl, 'system_accountNextIndex', rich.account)).toBe(0)
    await submit(signed(0))
    expect(await resultOf(devnet.httpUrl, 'system_accountNextIndex', rich.account)).toBe(3)
    await devnet.produceBlocks(1)
    expect(devnet.node.chain.head.extrinsics).toEqual([expect.anything(), signed(0), signed(1), signed(2)])
  })
})

describe('author_submitAndWatchExtrinsic', () => {
  it('tells ready, in which block, and when that is final', async () => {
    const socket = await TestSocket.open(devnet.wsUrl)
    const { result } = await socket.call('author_submitAndWatchExtrinsic', signed(0))
    await socket.results(result, 1)
    const { hash } = await devnet.produceBlocks(1)
    await devnet.produceBlocks(1)
    expect(await socket.results(result, 3)).toEqual(['ready', { inBlock: hash }, { finalized: hash }])
    socket.close()
  })

  it('tells future for a nonce that is not due, and nothing after unwatch', async () => {
    const socket = await TestSocket.open(devnet.wsUrl)
    const { result } = await socket.call('author_submitAndWatchExtrinsic', signed(1))
    expect(await socket.results(result, 1)).toEqual(['future'])
    expect((await socket.call('author_unwatchExtrinsic', result)).result).toBe(true)
    await submit(signed(0))
    await devnet.produceBlocks(2)
    await socket.call('system_chain')
    expect(socket.notifications.filter((it) => it.params.subscription === result)).toHaveLength(1)
    socket.close()
  })

  it('tells that a fork left the block, and the block that has it then', async () => {
    devnet.faults.finalityLag(5)
    const socket = await TestSocket.open(devnet.wsUrl)
    const { result } = await socket.call('author_submitAndWatchExtrinsic', signed(0))
    await socket.results(result, 1)
    const { hash } = await devnet.produceBlocks(1)
    const [first] = devnet.faults.fork(1)
    expect(await socket.results(result, 4)).toEqual([
      'ready',
      { inBlock: hash },
      { retracted: hash },
      { inBlock: first!.hash },
    ])
    socket.close()
  })
})

describe('execution', () => {
  it('charges the fee, moves the amount, and counts the nonce', async () => {
    const hex = signed(0, transfer(1_000_000n))
    devnet.submit(hex)
    await devnet.produceBlocks(1)
    const account = devnet.node.storage.get('System.Account', rich.account)
    const feeRao = inclusionFeeRao((hex.length - 2) / 2)
    expect(account.nonce).toBe(1)
    expect(account.data.free).toBe(RICH_RAO - feeRao - 1_000_000n)
    const info = await resultOf<{ partialFee: string }>(devnet.httpUrl, 'payment_queryInfo', hex)
    expect(info.partialFee).toBe(feeRao.toString())
  })

  it('undoes all but fee and nonce of a call that fails', async () => {
    const hex = signed(0, transfer(10n ** 15n))
    devnet.submit(hex)
    await devnet.produceBlocks(1)
    const account = devnet.node.storage.get('System.Account', rich.account)
    expect(account.nonce).toBe(1)
    expect(account.data.free).toBe(RICH_RAO - inclusionFeeRao((hex.length - 2) / 2))
    const { runtime } = devnet.node.spec
    const events = runtime.scaleCodec.decodeBinary(
      runtime.description.eventRecordList,
      devnet.node.chain.head.events,
    ) as { event: { __kind: string; value: { __kind: string; dispatchError?: unknown } } }[]
    expect(events.map(({ event }) => `${event.__kind}.${event.value.__kind}`)).toEqual([
      'System.ExtrinsicSuccess',
      'Balances.Withdraw',
      'TransactionPayment.TransactionFeePaid',
      'System.ExtrinsicFailed',
    ])
    expect(events[3]!.event.value.dispatchError).toEqual({
      __kind: 'Token',
      value: { __kind: 'FundsUnavailable' },
    })
  })
})
