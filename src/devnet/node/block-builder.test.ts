import { afterEach, describe, expect, it } from 'vitest'
import { type Devnet, startDevnet } from '../index'
import { DispatchFailure, ensureRoot, ensureSigned, type Pallet, type RuntimeCall } from '../pallets/dispatch'
import type { DevnetOptions } from './devnet-options'
import { inclusionFeeRao } from './fees'
import { runtimeSpec } from './runtime-spec'
import { signExtrinsic, signerOf } from './signer'

const alice = signerOf('alice')
const START_RAO = 10n ** 12n
let devnet: Devnet

async function start(pallets: Pallet[], options: DevnetOptions = {}): Promise<void> {
  devnet = await startDevnet({ pallets, balances: { [alice.account]: START_RAO }, ...options })
}
afterEach(() => devnet.close())

async function apply(call: RuntimeCall): Promise<string> {
  const hex = signExtrinsic(
    devnet.node.spec,
    alice,
    call,
    devnet.node.nonceOf(alice.account),
    devnet.genesisHash,
  )
  devnet.submit(hex)
  await devnet.produceBlocks(1)
  return hex
}

interface EventRecord {
  phase: { __kind: string; value?: number }
  event: { __kind: string; value: { __kind: string } & Record<string, unknown> }
}

function events(height = devnet.node.chain.head.height): EventRecord[] {
  const block = devnet.node.chain.at(height)!
  const { runtime } = runtimeSpec(block.specVersion)
  return runtime.scaleCodec.decodeBinary(runtime.description.eventRecordList, block.events)
}
const names = (height?: number) => events(height).map(({ event }) => `${event.__kind}.${event.value.__kind}`)

const setCommitment: RuntimeCall = {
  __kind: 'Commitments',
  value: { __kind: 'set_commitment', netuid: 122, info: { fields: [{ __kind: 'Raw3', value: '0x010203' }] } },
}
const commitments = (set: Pallet['calls'][string]): Pallet => ({
  name: 'Commitments',
  calls: { set_commitment: set },
})
const batch = (name: string, ...calls: RuntimeCall[]): RuntimeCall => ({
  __kind: 'Utility',
  value: { __kind: name, calls },
})

/** Just enough of `Utility` to see layers at work. */
const utility: Pallet = {
  name: 'Utility',
  calls: {
    batch_all(context, { calls }) {
      for (const call of calls) {
        const error = context.dispatch(call, context.origin)
        if (error) throw new DispatchFailure('', 'Inner', error)
        context.deposit('Utility.ItemCompleted')
      }
      context.deposit('Utility.BatchCompleted')
    },
    force_batch(context, { calls }) {
      for (const call of calls) {
        const error = context.dispatch(call, context.origin)
        context.deposit(error ? 'Utility.ItemFailed' : 'Utility.ItemCompleted', error && { error })
      }
    },
  },
}

describe('hooks', () => {
  it('run in the order of pallet indices, with the phases of the real chain', async () => {
    const order: string[] = []
    const pallet = (name: string): Pallet => ({
      name,
      calls: {},
      onInitialize: (context) => {
        order.push(`${name} ${context.height}`)
        context.deposit('Commitments.CommitmentRevealed', { netuid: 1, who: alice.account })
      },
      onFinalize: (context) => context.deposit('System.NewAccount', { account: alice.account }),
    })
    await start([pallet('Drand'), pallet('Commitments'), pallet('SubtensorModule')])
    await devnet.produceBlocks(1)
    expect(order).toEqual(['SubtensorModule 1', 'Commitments 1', 'Drand 1'])
    expect(events().map(({ phase }) => phase.__kind)).toEqual([
      ...Array(3).fill('Initialization'),
      'ApplyExtrinsic',
      ...Array(3).fill('Finalization'),
    ])
  })

  it('see the parent’s time while initializing, and the block’s own after', async () => {
    const times: number[] = []
    await start(
      [
        {
          name: 'Drand',
          calls: {},
          onInitialize: ({ timeMs }) => times.push(timeMs),
          onFinalize: ({ timeMs }) => times.push(timeMs),
        },
      ],
      { genesisTimeMs: 1_000_000 },
    )
    await devnet.produceBlocks(1)
    expect(times).toEqual([1_000_000, 1_012_000])
  })

  it('may put calls into the block that nobody signed', async () => {
    await start([
      {
        name: 'Commitments',
        calls: {
          set_commitment: ({ origin, deposit }) => {
            expect(origin.kind).toBe('None')
            deposit('Commitments.Commitment', { netuid: 122, who: alice.account })
          },
        },
        inherents: () => [setCommitment],
      },
    ])
    await devnet.produceBlocks(1)
    expect(devnet.node.chain.head.extrinsics).toHaveLength(2)
    expect(names()).toEqual(['System.ExtrinsicSuccess', 'Commitments.Commitment', 'System.ExtrinsicSuccess'])
  })
})

describe('a failing call', () => {
  it('loses its state and events and names the module error by its real index', async () => {
    await start([
      commitments((context) => {
        context.deposit('Commitments.Commitment', { netuid: 122, who: ensureSigned(context) })
        context.storage.put('System.Number', [], 4_000)
        throw new DispatchFailure('Commitments', 'AccountNotAllowedCommit')
      }),
    ])
    await apply(setCommitment)
    expect(names().at(-1)).toBe('System.ExtrinsicFailed')
    expect(names()).not.toContain('Commitments.Commitment')
    expect(events().at(-1)!.event.value.dispatchError).toEqual({
      __kind: 'Module',
      value: { index: 18, error: '0x01000000' },
    })
    expect(devnet.node.storage.get('System.Number')).toBe(1)
  })

  it('inside batch_all takes the earlier items with it; inside force_batch only itself', async () => {
    let calls = 0
    const pallet = commitments((context) => {
      calls++
      context.deposit('Commitments.Commitment', { netuid: calls, who: ensureSigned(context) })
      if (calls % 2 === 0) throw new DispatchFailure('', 'BadOrigin')
    })
    await start([pallet, utility])
    await apply(batch('batch_all', setCommitment, setCommitment))
    expect(names()).not.toContain('Commitments.Commitment')
    expect(events().at(-1)!.event.value.dispatchError).toEqual({ __kind: 'BadOrigin' })
    await apply(batch('force_batch', setCommitment, setCommitment))
    expect(names().slice(2, 6)).toEqual([
      'Commitments.Commitment',
      'Utility.ItemCompleted',
      'Utility.ItemFailed',
      'TransactionPayment.TransactionFeePaid',
    ])
  })

  it('is what a call without a handler does', async () => {
    await start([])
    await apply(setCommitment)
    expect(events().at(-1)!.event.value.dispatchError).toEqual({
      __kind: 'Module',
      value: { index: 0, error: '0x05000000' },
    })
  })

  it('stops the devnet loudly when it is not a failure of the call but of the pallet', async () => {
    await start([
      commitments(() => {
        throw new TypeError('a bug')
      }),
    ])
    await expect(apply(setCommitment)).rejects.toThrow('a bug')
    expect((await devnet.produceBlocks(1)).height).toBe(1)
  })
})

describe('fees', () => {
  it('come back for a call that pays none', async () => {
    await start([commitments(() => ({ paysFee: false }))])
    const hex = await apply(setCommitment)
    expect(devnet.node.storage.get('System.Account', alice.account).data.free).toBe(START_RAO)
    const feeRao = inclusionFeeRao((hex.length - 2) / 2)
    const deposit = events().find(({ event }) => event.value.__kind === 'Deposit')
    expect(deposit!.event.value.amount).toBe(feeRao)
    expect(events().at(-1)!.event.value.dispatchInfo).toMatchObject({ paysFee: { __kind: 'No' } })
  })
})

describe('the code', () => {
  it('changes by System.set_code of the root: four bytes with the spec version', async () => {
    const sudo: Pallet = {
      name: 'Sudo',
      calls: {
        sudo: (context, { call }) => {
          const error = context.dispatch(call, { kind: 'Root' })
          context.deposit('Sudo.Sudid', {
            sudoResult: error ? { __kind: 'Err', value: error } : { __kind: 'Ok' },
          })
        },
      },
    }
    await start([sudo], { specVersion: 393 })
    const setCode = (code: string): RuntimeCall => ({ __kind: 'System', value: { __kind: 'set_code', code } })
    await apply(setCode('0xa8010000'))
    expect(devnet.node.spec.specVersion).toBe(393)
    await apply({ __kind: 'Sudo', value: { __kind: 'sudo', call: setCode('0x01000000') } })
    expect(devnet.node.spec.specVersion).toBe(393)
    await apply({ __kind: 'Sudo', value: { __kind: 'sudo', call: setCode('0xa8010000') } })
    expect(names()).toContain('System.CodeUpdated')
    expect(devnet.node.chain.head).toMatchObject({ specVersion: 393, nextSpecVersion: 424 })
    expect(devnet.node.chain.head.header.digest.logs).toContain('0x08')
    await devnet.produceBlocks(1)
    expect(devnet.node.chain.head).toMatchObject({ specVersion: 424, nextSpecVersion: 424 })
  })

  it('is kept from signed accounts', async () => {
    await start([commitments(ensureRoot)])
    await apply(setCommitment)
    expect(events().at(-1)!.event.value.dispatchError).toEqual({ __kind: 'BadOrigin' })
  })
})

it('gives pallets the same random bytes for the same seed, height and label', async () => {
  const seen: string[] = []
  const pallet = commitments(() => {})
  const withRandom = {
    ...pallet,
    onInitialize: (c: { random(l: string, n: number): string }) => seen.push(c.random('x', 40)),
  }
  await start([withRandom as Pallet], { seed: 5 })
  await devnet.produceBlocks(2)
  await devnet.close()
  await start([withRandom as Pallet], { seed: 5 })
  await devnet.produceBlocks(1)
  expect(seen[0]).toMatch(/^0x[0-9a-f]{80}$/)
  expect(seen[1]).not.toBe(seen[0])
  expect(seen[2]).toBe(seen[0])
})
