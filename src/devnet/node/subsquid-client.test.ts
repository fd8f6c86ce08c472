import { expect, it } from 'vitest'
import { readBlocks } from '../../chain/recording/test-processor'
import { type Devnet, startDevnet } from '../index'
import type { Scenario } from './author'
import { signerOf } from './signer'

const miner = signerOf('miner')

/** Two remarks and a transfer that fails, at every block. */
const remarks: Scenario = {
  name: 'remarks',
  balances: { [miner.account]: 10n ** 12n },
  beforeBlock({ height, send }) {
    send(miner, {
      __kind: 'System',
      value: { __kind: 'remark', remark: `0x${height.toString(16).padStart(8, '0')}` },
    })
    send(miner, {
      __kind: 'Balances',
      value: {
        __kind: 'transfer_keep_alive',
        dest: { __kind: 'Id', value: `0x${'11'.repeat(32)}` },
        value: 10n ** 15n,
      },
    })
  },
}

async function withDevnet<T>(
  options: Parameters<typeof startDevnet>[0],
  run: (devnet: Devnet) => Promise<T>,
): Promise<T> {
  const devnet = await startDevnet(options)
  try {
    return await run(devnet)
  } finally {
    await devnet.close()
  }
}

const hashes = (devnet: Devnet) =>
  Array.from({ length: devnet.node.chain.head.height + 1 }, (_, height) => devnet.node.chain.at(height)!.hash)

it('serves Subsquid every finalized block with extrinsics, success and events', async () => {
  await withDevnet({ scenario: remarks, finalityLagBlocks: 2, initialBlocks: 32 }, async (devnet) => {
    const blocks = await readBlocks(devnet.wsUrl, 0)
    expect(blocks.map((it) => it.hash)).toEqual(hashes(devnet).slice(0, 31))
    const { extrinsics, calls, events } = JSON.parse(blocks[7]!.text)
    expect(extrinsics.map((it: { success: boolean }) => it.success)).toEqual([true, true, false])
    expect(calls[1]).toMatchObject({ name: 'System.remark', args: { remark: '0x00000007' } })
    expect(events.map((it: { name: string }) => it.name)).toEqual([
      'System.ExtrinsicSuccess',
      'Balances.Withdraw',
      'TransactionPayment.TransactionFeePaid',
      'System.ExtrinsicSuccess',
      'Balances.Withdraw',
      'TransactionPayment.TransactionFeePaid',
      'System.ExtrinsicFailed',
    ])
  })
})

it('gives the same hashes for the same seed and script, and others for another seed', async () => {
  const run = (seed: number) =>
    withDevnet({ seed, scenario: remarks, initialBlocks: 20 }, async (devnet) => hashes(devnet))
  const first = await run(7)
  expect(await run(7)).toEqual(first)
  expect(await run(8)).not.toEqual(first)
})

it('upgrades mid-chain: the last block of the old spec reports the new one already', async () => {
  const upgrades = [{ height: 10, specVersion: 424 }]
  await withDevnet({ specVersion: 218, upgrades, scenario: remarks, initialBlocks: 20 }, async (devnet) => {
    const { node } = devnet
    expect([9, 10, 11].map((height) => node.chain.at(height)!.specVersion)).toEqual([218, 218, 424])
    expect([9, 10, 11].map((height) => node.chain.at(height)!.nextSpecVersion)).toEqual([218, 424, 424])
    const blocks = await readBlocks(devnet.wsUrl, 0)
    expect(blocks).toHaveLength(21)
    const names = JSON.parse(blocks[10]!.text).events.map((it: { name: string }) => it.name)
    expect(names.at(-1)).toBe('System.CodeUpdated')
  })
})
