import { ApiPromise, WsProvider } from '@polkadot/api'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Devnet, startDevnet } from '../index'
import { devPair } from './dev-accounts'

let devnet: Devnet
let api: ApiPromise

beforeEach(async () => {
  devnet = await startDevnet({ finalityLagBlocks: 1 })
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
})
