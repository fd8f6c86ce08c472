import { ApiPromise, WsProvider } from '@polkadot/api'
import { Keyring } from '@polkadot/keyring'
import { u8aToHex } from '@polkadot/util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Devnet, startDevnet } from '../index'
import { ensureSigned, type Pallet } from '../pallets/dispatch'
import { devPair } from './dev-accounts'

let devnet: Devnet
let api: ApiPromise

/** Emits what the real pallet does; the state behind it is not what is tested here. */
const commitments: Pallet = {
  name: 'Commitments',
  calls: {
    set_commitment(context, { netuid }) {
      context.deposit('Commitments.Commitment', { netuid, who: ensureSigned(context) })
    },
  },
}

beforeEach(async () => {
  devnet = await startDevnet({ finalityLagBlocks: 1, pallets: [commitments] })
  api = await ApiPromise.create({ provider: new WsProvider(devnet.wsUrl), throwOnConnect: true })
})

afterEach(async () => {
  await api.disconnect()
  await devnet.close()
})

describe('@polkadot/api as a client of the devnet', () => {
  it('connects, and reads chain, version, constants and balances', async () => {
    expect(api.genesisHash.toHex()).toBe(devnet.genesisHash)
    expect(api.runtimeVersion.specVersion.toNumber()).toBe(424)
    expect(api.consts.system!.ss58Prefix!.toString()).toBe('42')
    const account = (await api.query.system!.account!(devPair('Alice').address)).toJSON()
    expect(account).toMatchObject({ nonce: 0 })
  })

  it('submits a signed transfer and sees it in a block, and final', async () => {
    const transfer = api.tx.balances!.transferKeepAlive!(devPair('Bob').address, 5_000_000_000)
    const statuses: string[] = []
    const done = new Promise<void>((resolve, reject) => {
      transfer
        .signAndSend(devPair('Alice'), ({ status, dispatchError }) => {
          statuses.push(status.type)
          if (status.isReady || status.isInBlock) void devnet.produceBlocks(1)
          if (dispatchError) reject(new Error(dispatchError.toString()))
          if (status.isFinalized) resolve()
        })
        .catch(reject)
    })
    await done
    expect(statuses).toEqual(['Ready', 'InBlock', 'Finalized'])
    const events = (await (
      await api.at(devnet.node.chain.at(1)!.hash)
    ).query.system!.events!()) as unknown as {
      event: { section: string; method: string }
    }[]
    expect(events.map(({ event }) => `${event.section}.${event.method}`)).toEqual([
      'system.ExtrinsicSuccess',
      'balances.Withdraw',
      'balances.Transfer',
      'transactionPayment.TransactionFeePaid',
      'system.ExtrinsicSuccess',
    ])
    expect((await api.rpc.system.accountNextIndex(devPair('Alice').address)).toNumber()).toBe(1)
  })
  it('encodes a commitment, signs it with a mortal era, and decodes call and event again', async () => {
    await devnet.produceBlocks(70)
    const fields = [{ Raw3: '0xc0ffee' }, { BigRaw: '0x0102' }]
    const call = api.tx.commitments!.setCommitment!(122, { fields })
    await call.signAndSend(devPair('Charlie'))
    const { hash } = await devnet.produceBlocks(1)
    const { block } = await api.rpc.chain.getBlock(hash)
    expect(block.header.hash.toHex()).toBe(hash)
    const extrinsic = block.extrinsics[1]!
    expect(extrinsic.era.isMortalEra).toBe(true)
    expect(extrinsic.method.toHuman()).toMatchObject({
      section: 'commitments',
      method: 'setCommitment',
      args: { netuid: '122', info: { fields: [{ Raw3: '0xc0ffee' }, { BigRaw: '0x0102' }] } },
    })
    const records = await (await api.at(hash)).query.system!.events!()
    const [commitment] = (records as unknown as { event: { method: string; data: unknown } }[])
      .map(({ event }) => event)
      .filter(({ method }) => method === 'Commitment')
    expect(JSON.parse(String(commitment!.data))).toEqual([122, devPair('Charlie').address])
  })

  it.each(['ed25519', 'sr25519', 'ecdsa'] as const)('takes what a key of type %s signed', async (type) => {
    const pair = new Keyring({ type }).addFromUri('//Somebody')
    await api.tx.balances!.transferKeepAlive!(pair.address, 10n ** 10n).signAndSend(devPair('Alice'))
    await devnet.produceBlocks(1)
    await api.tx.system!.remark!('0x01').signAndSend(pair)
    await devnet.produceBlocks(1)
    expect(devnet.node.chain.head.extrinsics).toHaveLength(2)
    expect(devnet.node.nonceOf(u8aToHex(pair.addressRaw))).toBe(1)
  })

  it('may not include a mortal transaction after its era', async () => {
    const transfer = api.tx.balances!.transferKeepAlive!(devPair('Bob').address, 1_000_000)
    await transfer.signAsync(devPair('Dave'), { era: 8 })
    await devnet.produceBlocks(3)
    await api.rpc.author.submitExtrinsic(transfer)
    await devnet.produceBlocks(1)
    expect(devnet.node.chain.head.extrinsics).toHaveLength(2)
    const late = api.tx.balances!.transferKeepAlive!(devPair('Bob').address, 1_000_000)
    await late.signAsync(devPair('Dave'), { era: 8 })
    await devnet.produceBlocks(20)
    await expect(api.rpc.author.submitExtrinsic(late)).rejects.toThrow('bad signature')
  })

  it('is refused with the node’s own words when the nonce is taken', async () => {
    const { address } = devPair('Bob')
    const transfer = api.tx.balances!.transferKeepAlive!(address, 1_000_000)
    await transfer.signAndSend(devPair('Alice'), { nonce: 0 })
    await devnet.produceBlocks(1)
    await expect(transfer.signAndSend(devPair('Alice'), { nonce: 0, tip: 1 })).rejects.toThrow(
      '1010: Invalid Transaction: Transaction is outdated',
    )
  })

  it('follows a runtime upgrade', async () => {
    await api.disconnect()
    await devnet.close()
    devnet = await startDevnet({ specVersion: 218, upgrades: [{ height: 2, specVersion: 424 }] })
    api = await ApiPromise.create({ provider: new WsProvider(devnet.wsUrl), throwOnConnect: true })
    expect(api.tx.subtensorModule!.commitTimelockedWeights).toBeUndefined()
    await devnet.produceBlocks(3)
    await expect.poll(() => api.runtimeVersion.specVersion.toNumber()).toBe(424)
    expect(api.tx.subtensorModule!.commitTimelockedWeights).toBeDefined()
    const old = await api.at(devnet.node.chain.at(1)!.hash)
    expect(old.runtimeVersion.specVersion.toNumber()).toBe(218)
  })
})
