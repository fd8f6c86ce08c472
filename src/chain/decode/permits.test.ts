import { describe, expect, it } from 'vitest'
import { versionIn } from '../../../abi/match'
import { ChainState } from '../state/chain-state'
import { type Answer, decodeAll, hasShared, runtimeFrom, sharedChain } from '../test-blocks'
import { account, type TestBlock, TestChain, type TestEvent, type TestExtrinsic } from '../test-chain'

const NETUID = 94
const PERMITS = 'SubtensorModule.ValidatorPermit'
const SECOND_MECHANISM = NETUID + 4096
const cold = account('cold')
const hot = (n: number) => account(`hot ${n}`)

const event = (name: string, args?: unknown): TestEvent => ({ name: `SubtensorModule.${name}`, args })
const epoch = (netuid = NETUID) => event('IncentiveAlphaEmittedToMiners', { netuid, emissions: [0n, 0n] })
const joining = (n: number, uid: number): TestExtrinsic => ({
  signer: cold,
  call: event('burned_register', { netuid: NETUID, hotkey: hot(n) }),
  events: [event('NeuronRegistered', [NETUID, uid, hot(n)])],
})

const chains = new Map<number, TestChain>()
function chainOf(spec: number): TestChain {
  const known = chains.get(spec) ?? new TestChain(runtimeFrom(`metadata/subtensor-${spec}.hex.gz`, spec))
  chains.set(spec, known)
  return known
}

/** A subnet with hotkeys 0 to 3 on the uids of the same numbers; the log says nothing about permits yet. */
function populated(): ChainState {
  const state = ChainState.empty()
  const subnet = state.open(NETUID, 10)
  for (const uid of [0, 1, 2, 3]) subnet.place(uid, { hotkey: hot(uid), coldkey: cold, registeredAt: 10 })
  return state
}

/** Flags by uid, as the chain holds them after each block, in its order; and whatever else is stored. */
function storing(flags: readonly (readonly boolean[])[], more: Record<string, Record<string, unknown>> = {}) {
  const asked: string[] = []
  const answer: Answer = ({ queries, at }, { runtime, height }) =>
    queries.map(({ item, keys }) => {
      if (item.id === PERMITS) asked.push(`${height} ${at} ${JSON.stringify(keys)}`)
      if (!versionIn(runtime, item)) return null
      const own = item.id === PERMITS ? { [NETUID]: flags[height - 100] } : more[item.id]
      return keys.map((key) => own?.[key.join()])
    })
  return { answer, asked }
}

function decode(blocks: readonly Omit<TestBlock, 'height'>[], answer?: Answer, spec = 424) {
  const chain = chainOf(spec)
  const all = blocks.map((block, i) => chain.block({ height: 100 + i, ...block }))
  const { drafts, state } = decodeAll(all, new Set([NETUID]), answer, populated())
  const told = drafts.filter(({ type }) => type === 'ValidatorPermitsChanged')
  return { drafts, state, told, payloads: told.map(({ height, payload }) => ({ height, ...payload })) }
}

const F = false
const T = true
const first = {
  height: 100,
  uids: [1, 3],
  hotkeys: [hot(1), hot(3)],
  gained: [1, 3],
  lost: [],
  source: 'epoch',
}

describe.skipIf(!hasShared)(`validator permits, on real metadata (${sharedChain}/metadata)`, () => {
  it.each([365, 393, 424])('spec %i: an epoch tells who has one, whoever gained or lost it', (spec) => {
    const { answer } = storing([
      [F, T, F, T],
      [F, T, T, F],
    ])
    const blocks = [{ initialization: [epoch()] }, { initialization: [epoch()] }]
    expect(decode(blocks, answer, spec).payloads).toEqual([
      first,
      {
        height: 101,
        uids: [1, 2],
        hotkeys: [hot(1), hot(2)],
        gained: [2],
        lost: [3],
        source: 'epoch',
      },
    ])
  })

  it('an epoch of several mechanisms asks once, for one key; one that changes nothing is no event', () => {
    const { answer, asked } = storing([
      [F, T, F, T],
      [F, T, F, T],
    ])
    const both = { initialization: [epoch(), epoch(SECOND_MECHANISM)] }
    expect(decode([both, both, {}], answer).payloads).toEqual([first])
    expect(asked).toEqual([`100 block [[${NETUID}]]`, `101 block [[${NETUID}]]`])
  })

  it('that nobody has one is said too: it is not the same as not knowing', () => {
    const { answer } = storing([[F, F, F, F]])
    const { payloads, state } = decode([{ initialization: [epoch()] }], answer)
    expect(payloads).toMatchObject([{ uids: [], gained: [], lost: [] }])
    expect(state.get(NETUID)!.permits).toEqual(new Set())
    expect(decode([{}], answer).state.get(NETUID)!.permits).toBeNull()
  })

  it('without state nothing is claimed; of a shape that is not known its name is kept', () => {
    const blocks = [{ initialization: [epoch()] }]
    expect(decode(blocks).told).toEqual([])
    const strange: Answer = ({ queries }) => queries.map(() => null)
    const { drafts, told } = decode(blocks, strange)
    expect(told).toEqual([])
    expect(drafts.at(-1)).toMatchObject({ type: 'Undecoded', payload: { what: 'storage', name: PERMITS } })
  })

  it('before the runtimes that tell their epochs none is read: nothing would keep it up to date', () => {
    const table = {
      'SubtensorModule.NetworksAdded': { [NETUID]: true },
      'SubtensorModule.SubnetworkN': { [NETUID]: 1 },
      'SubtensorModule.Keys': { [`${NETUID},0`]: hot(0) },
    }
    const started = (spec: number) => {
      const { answer } = storing([[T]], table)
      const { drafts } = decodeAll([chainOf(spec).block({ height: 100 })], new Set([NETUID]), answer)
      return drafts.flatMap(({ type, payload }) => (type === 'ValidatorPermitsChanged' ? [payload] : []))
    }
    expect(started(240)).toEqual([])
    expect(started(365)).toEqual([
      { uids: [0], hotkeys: [hot(0)], gained: [0], lost: [], source: 'snapshot' },
    ])
  })

  it('whoever takes over a uid has none, unless the runtime left it until the next epoch', () => {
    const blocks = [{ initialization: [epoch()] }, { extrinsics: [joining(9, 3)] }]
    const cleared = decode(
      blocks,
      storing([
        [F, T, F, T],
        [F, T, F, F],
      ]).answer,
    )
    expect(cleared.payloads).toEqual([first])
    expect(cleared.state.get(NETUID)!.permits).toEqual(new Set([1]))
    const left = decode(
      blocks,
      storing([
        [F, T, F, T],
        [F, T, F, T],
      ]).answer,
    )
    expect(left.payloads.slice(1)).toEqual([
      { height: 101, uids: [1, 3], hotkeys: [hot(1), hot(9)], gained: [3], lost: [], source: 'storage' },
    ])
  })

  it('asks nothing when a uid without one changes hands, or a new one comes', () => {
    const { answer, asked } = storing([[F, T, F, T]])
    const blocks = [{ initialization: [epoch()] }, { extrinsics: [joining(9, 2), joining(10, 4)] }]
    expect(decode(blocks, answer).payloads).toEqual([first])
    expect(asked).toHaveLength(1)
  })

  it('of an epoch and a registration in one block tells what holds when the block is over', () => {
    const { answer } = storing([[F, T, F, F]])
    const { payloads, drafts } = decode([{ initialization: [epoch()], extrinsics: [joining(9, 3)] }], answer)
    expect(payloads).toEqual([{ ...first, uids: [1], hotkeys: [hot(1)], gained: [1] }])
    expect(drafts.at(-1)!.type).toBe('ValidatorPermitsChanged')
  })

  it('goes along with a trim and a swap of the hotkey without events of its own', () => {
    const swap = { coldkey: cold, oldHotkey: hot(1), newHotkey: hot(7) }
    const swapped = {
      signer: cold,
      call: event('swap_hotkey', { hotkey: hot(1), newHotkey: hot(7) }),
      events: [event('HotkeySwapped', swap)],
    }
    const call = chainOf(424).call('AdminUtils.sudo_trim_to_max_allowed_uids', { netuid: NETUID, maxN: 2 })
    const trimmed = {
      signer: cold,
      call: { name: 'Sudo.sudo', args: { call } },
      events: [{ name: 'Sudo.Sudid', args: { sudoResult: { __kind: 'Ok' } } }],
    }
    const { answer } = storing([[F, T, F, T], [], [F, T], [F, T]], {
      'SubtensorModule.SubnetworkN': { [NETUID]: 2 },
      'SubtensorModule.Keys': { [`${NETUID},0`]: hot(0), [`${NETUID},1`]: hot(3) },
      'SubtensorModule.BlockAtRegistration': { [`${NETUID},0`]: 10n, [`${NETUID},1`]: 10n },
    })
    const blocks = [
      { initialization: [epoch()] },
      { extrinsics: [swapped] },
      { extrinsics: [trimmed] },
      { initialization: [epoch()] },
    ]
    const { payloads, drafts, state } = decode(blocks, answer)
    expect(drafts.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['HotkeySwapped', 'TenureEnded', 'UidsTrimmed']),
    )
    expect(payloads).toEqual([first])
    expect(state.get(NETUID)!.permits).toEqual(new Set([1]))
  })

  it('ends with the subnet: another use of the netuid begins with a set of its own', () => {
    const { answer } = storing([[F, T, F, T], [F]])
    const opened = {
      signer: cold,
      call: event('register_network', { hotkey: hot(5) }),
      events: [event('NetworkRemoved', NETUID), event('NetworkAdded', [NETUID, 1])],
    }
    const { told, payloads } = decode([{ initialization: [epoch()] }, { extrinsics: [opened] }], answer)
    expect(payloads).toMatchObject([first, { height: 101, uids: [], lost: [], source: 'snapshot' }])
    expect(told.map(({ subnetInstance }) => subnetInstance)).toEqual([10, 101])
  })
})
