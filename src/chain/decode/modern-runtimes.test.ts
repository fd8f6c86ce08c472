import { describe, expect, it } from 'vitest'
import { versionIn } from '../../../abi/match'
import type { EventDraft } from '../../log/envelope'
import { type Answer, decodeAll, hasShared, runtimeFrom, sharedChain } from '../test-blocks'
import { account, type TestBlock, TestChain, type TestEvent, type TestExtrinsic } from '../test-chain'
import { hashOfBytes } from './content'

const NETUID = 94
const [owner, ownerHot] = [account('owner cold'), account('owner hot')]
const cold = (n: number) => account(`cold ${n}`)
const hot = (n: number) => account(`hot ${n}`)
const hash = (n: number) => `0x${n.toString(16).padStart(64, 'c')}`

/** State by item, keyed by the JSON of the keys; what is not listed is not stored. */
type Stored = Record<string, Record<string, unknown>>
const storedAt =
  (stored: Stored): Answer =>
  ({ queries }, { runtime }) =>
    queries.map(({ item, keys }) =>
      versionIn(runtime, item) ? keys.map((key) => stored[item.id]?.[JSON.stringify(key)]) : null,
    )
const key = (...parts: unknown[]) => JSON.stringify(parts)

const chains = new Map<number, TestChain>()
function chainOf(spec: number): TestChain {
  const known = chains.get(spec) ?? new TestChain(runtimeFrom(`metadata/subtensor-${spec}.hex.gz`, spec))
  chains.set(spec, known)
  return known
}

const event = (name: string, args?: unknown): TestEvent => ({
  name: name.includes('.') ? name : `SubtensorModule.${name}`,
  args,
})
const signed = (signer: string, name: string, args: unknown, ...events: TestEvent[]): TestExtrinsic => ({
  signer,
  call: event(name, args),
  events,
})

const opening = (netuid = NETUID): TestExtrinsic =>
  signed(owner, 'register_network', { hotkey: ownerHot }, event('NetworkAdded', [netuid, 1]))
const joining = (n: number, uid = n): TestExtrinsic =>
  signed(
    cold(n),
    'burned_register',
    { netuid: NETUID, hotkey: hot(n) },
    event('NeuronRegistered', [NETUID, uid, hot(n)]),
  )

/** A subnet with its owner and three miners at uids 1 to 3, then the given blocks from 100 on. */
function decode(spec: number, blocks: Omit<TestBlock, 'height'>[], answer: Answer = storedAt({})) {
  const chain = chainOf(spec)
  const all = [
    chain.block({ height: 10, extrinsics: [opening(), joining(1), joining(2), joining(3)] }),
    ...blocks.map((block, i) => chain.block({ height: 100 + i, ...block })),
  ]
  const { drafts, state } = decodeAll(all, new Set([NETUID]), answer)
  return { drafts: drafts.filter((d) => d.height >= 100), state, all: drafts }
}

const brief = (drafts: readonly EventDraft[]) => drafts.map((d) => [d.type, d.payload])
const setCommitment = (bytes: string) => ({
  netuid: NETUID,
  info: { fields: [{ __kind: `Raw${(bytes.length - 2) / 2}`, value: bytes }] },
})
const committed = (who: string) => event('Commitments.Commitment', { netuid: NETUID, who })
const field = (kind: string, bytes: string, revealRound: string | null = null) => ({
  kind,
  bytes,
  revealRound,
})

describe.skipIf(!hasShared)(
  `blocks of modern runtimes, written in their own metadata (${sharedChain}/metadata)`,
  () => {
    it.each([365, 393, 424])(
      'spec %i: a timelocked commitment is opened from storage at its reveal',
      (spec) => {
        const fields = [{ __kind: 'TimelockEncrypted', encrypted: '0xabcd', revealRound: 77n }]
        const opened = '0x00ff3c623e'
        const { drafts } = decode(
          spec,
          [
            {
              extrinsics: [
                signed(
                  hot(1),
                  'Commitments.set_commitment',
                  { netuid: NETUID, info: { fields } },
                  event('Commitments.TimelockCommitment', { netuid: NETUID, who: hot(1), revealRound: 77n }),
                ),
              ],
            },
            { initialization: [event('Commitments.CommitmentRevealed', { netuid: NETUID, who: hot(1) })] },
          ],
          storedAt({
            'Commitments.RevealedCommitments': {
              [key(NETUID, hot(1))]: [
                ['0x01', 50n],
                [opened, 101n],
              ],
            },
          }),
        )
        expect(drafts).toMatchObject([
          {
            type: 'CommitmentTimelocked',
            actor: hot(1),
            payload: {
              uid: 1,
              fields: [field('TimelockEncrypted', '0xabcd', '77')],
              revealRound: '77',
              source: 'call',
            },
          },
          {
            type: 'CommitmentRevealed',
            height: 101,
            payload: {
              plaintext: opened,
              contentHash: hashOfBytes(opened),
              commitment: { height: 100, eventIndex: 1 },
              revealRound: '77',
            },
          },
        ])
        expect(drafts[1]!.extrinsicIndex).toBeUndefined()
      },
    )

    it('claims no plaintext that the reveal block did not store, and none for a replaced commitment', () => {
      const reveal = {
        initialization: [event('Commitments.CommitmentRevealed', { netuid: NETUID, who: hot(1) })],
      }
      const stale = storedAt({
        'Commitments.RevealedCommitments': { [key(NETUID, hot(1))]: [['0x01', 50n]] },
      })
      const { drafts } = decode(424, [reveal], stale)
      expect(drafts).toMatchObject([{ payload: { plaintext: null, contentHash: null, commitment: null } }])
    })

    it('gives each of two reveals in one block its own plaintext', () => {
      const reveal = event('Commitments.CommitmentRevealed', { netuid: NETUID, who: hot(1) })
      const stored = {
        [key(NETUID, hot(1))]: [
          ['0x01', 99n],
          ['0x02', 100n],
          ['0x03', 100n],
        ],
      }
      const { drafts } = decode(
        424,
        [{ initialization: [reveal, reveal] }],
        storedAt({ 'Commitments.RevealedCommitments': stored }),
      )
      expect(drafts.map((d) => (d.payload as { plaintext: string }).plaintext)).toEqual(['0x02', '0x03'])
    })

    it.each([365, 424])(
      'spec %i: several commitments of one hotkey in one block keep their own content',
      (spec) => {
        const chain = chainOf(spec)
        const calls = ['0x6161', '0x6262'].map((b) =>
          chain.call('Commitments.set_commitment', setCommitment(b)),
        )
        const { drafts } = decode(spec, [
          {
            extrinsics: [
              signed(
                hot(1),
                'Utility.batch',
                { calls },
                committed(hot(1)),
                event('Utility.ItemCompleted'),
                committed(hot(1)),
                event('Utility.ItemCompleted'),
                event('Utility.BatchCompleted'),
              ),
            ],
          },
        ])
        expect(drafts).toMatchObject([
          { callPath: [0], payload: { fields: [field('Raw2', '0x6161')], source: 'call' } },
          { callPath: [1], payload: { fields: [field('Raw2', '0x6262')], source: 'call' } },
        ])
      },
    )

    it('reads a commitment hidden in if_else from storage, and only the last of a block', () => {
      const chain = chainOf(424)
      const main = chain.call('Commitments.set_commitment', setCommitment('0x61'))
      const fallback = chain.call('System.remark', { remark: '0x' })
      const hidden = signed(
        hot(1),
        'Utility.if_else',
        { main, fallback },
        committed(hot(1)),
        event('Utility.IfElseMainSuccess'),
      )
      const stored = (block: number) =>
        storedAt({
          'Commitments.CommitmentOf': {
            [key(NETUID, hot(1))]: {
              deposit: 0n,
              block,
              info: { fields: [{ __kind: 'BigRaw', value: '0x62' }] },
            },
          },
        })
      const unavailable = { fields: null, contentHash: null, source: 'unavailable' }
      const fromStorage = { fields: [field('BigRaw', '0x62')], source: 'storage' }
      expect(decode(424, [{ extrinsics: [hidden, hidden] }], stored(100)).drafts).toMatchObject([
        { payload: unavailable },
        { payload: fromStorage },
      ])
      expect(decode(424, [{ extrinsics: [hidden] }], stored(99)).drafts).toMatchObject([
        { payload: unavailable },
      ])
      expect(decode(424, [{ extrinsics: [hidden] }], () => 'unavailable').drafts).toMatchObject([
        { payload: unavailable },
      ])
    })

    it('follows proxies within batches to who acted, and not into what failed', () => {
      const chain = chainOf(424)
      const inner = chain.call('Commitments.set_commitment', setCommitment('0x6e6573746564'))
      const proxied = chain.call('Proxy.proxy', { real: { __kind: 'Id', value: hot(2) }, call: inner })
      const error = { __kind: 'Err', value: { __kind: 'BadOrigin' } }
      const executed = (result: unknown) => event('Proxy.ProxyExecuted', { result })
      const { drafts } = decode(424, [
        {
          extrinsics: [
            signed(
              cold(9),
              'Utility.batch',
              { calls: [proxied, proxied] },
              committed(hot(2)),
              executed({ __kind: 'Ok' }),
              event('Utility.ItemCompleted'),
              executed(error),
              event('Utility.ItemCompleted'),
              event('Utility.BatchCompleted'),
            ),
            { signer: hot(3), call: event('Commitments.set_commitment', setCommitment('0x66')), fails: true },
          ],
        },
      ])
      expect(drafts).toMatchObject([
        {
          callPath: [0, 0],
          actor: hot(2),
          payload: { who: hot(2), fields: [field('Raw6', '0x6e6573746564')], source: 'call' },
        },
      ])
    })

    it.each([365, 393, 424])('spec %i: takes netuid and mechanism from the storage index', (spec) => {
      const index = NETUID + 4096
      const args = { netuid: NETUID, mecid: 1, dests: [1, 2], weights: [1, 3], versionKey: 5n }
      const { drafts } = decode(spec, [
        { extrinsics: [signed(hot(3), 'set_mechanism_weights', args, event('WeightsSet', [index, 3]))] },
      ])
      expect(brief(drafts)).toEqual([
        [
          'WeightsSet',
          {
            mechanism: 1,
            uid: 3,
            hotkey: hot(3),
            source: 'set',
            values: 'call',
            versionKey: '5',
            uids: [1, 2],
            raw: [1, 3],
            u16: [21845, 65535],
            hotkeys: [hot(1), hot(2)],
          },
        ],
      ])
    })

    it('counts outcomes, not requested netuids, in a batch of weights', () => {
      const args = {
        netuids: [1, NETUID, NETUID],
        weights: [[[0, 1]], [[1, 2]], [[2, 3]]],
        versionKeys: [7n, 8n, 9n],
      }
      const failed = event('BatchWeightItemFailed', [1, { __kind: 'BadOrigin' }])
      const { drafts } = decode(424, [
        {
          extrinsics: [
            signed(
              hot(1),
              'batch_set_weights',
              args,
              failed,
              event('WeightsSet', [NETUID, 1]),
              event('BatchWeightItemFailed', [NETUID, { __kind: 'BadOrigin' }]),
              event('BatchCompletedWithErrors'),
              event('BatchWeightsCompleted', [[1, NETUID, NETUID], hot(1)]),
            ),
          ],
        },
      ])
      expect(drafts).toMatchObject([
        { type: 'WeightsSet', payload: { source: 'batch', uids: [1], raw: [2], versionKey: '8' } },
      ])
    })

    it('reads timelocked weights from storage at their reveal and joins them to their commit', () => {
      const commit = { netuid: NETUID, commit: '0x11', revealRound: 900n, commitRevealVersion: 4 }
      const { drafts } = decode(
        424,
        [
          {
            extrinsics: [
              signed(
                hot(1),
                'commit_timelocked_weights',
                commit,
                event('TimelockedWeightsCommitted', [hot(1), NETUID, hash(1), 900n]),
              ),
            ],
          },
          {
            initialization: [
              event('WeightsSet', [NETUID, 1]),
              event('TimelockedWeightsRevealed', [NETUID, hot(1)]),
            ],
          },
        ],
        storedAt({
          'SubtensorModule.Weights': {
            [key(NETUID, 1)]: [
              [2, 65535],
              [7, 10],
            ],
          },
        }),
      )
      expect(drafts).toMatchObject([
        {
          type: 'WeightsCommitted',
          payload: { kind: 'timelocked', commitHash: hash(1), revealRound: '900' },
        },
        {
          type: 'WeightsSet',
          payload: {
            source: 'timelocked',
            values: 'storage',
            hotkey: hot(1),
            uids: [2, 7],
            raw: null,
            u16: [65535, 10],
            hotkeys: [hot(2), null],
          },
        },
        {
          type: 'WeightsRevealed',
          payload: { kind: 'timelocked', commitHash: hash(1), commit: { height: 100, eventIndex: 1 } },
        },
      ])
    })

    it('expires a commit once its epoch and the reveal period have passed', () => {
      const tempo = 4
      const stored = storedAt({ 'SubtensorModule.Tempo': { [key(NETUID)]: tempo } })
      const commit = signed(
        hot(1),
        'commit_weights',
        { netuid: NETUID, commitHash: hash(2) },
        event('WeightsCommitted', [hot(1), NETUID, hash(2)]),
      )
      const quiet = Array.from({ length: 12 }, () => ({}))
      const { drafts } = decode(393, [{ extrinsics: [commit] }, ...quiet], stored)
      // Epoch = (height + netuid + 1) div (tempo + 1): 100 lies in 39, 105 in 40 (reveal), 110 in 41.
      expect(drafts).toMatchObject([
        { type: 'WeightsCommitted', height: 100 },
        {
          type: 'WeightsCommitExpired',
          height: 110,
          payload: { reason: 'not-revealed-in-time', commit: { height: 100, eventIndex: 1 } },
        },
      ])
    })

    it('reads the table again after a trim, which has no event', () => {
      const chain = chainOf(424)
      const call = chain.call('AdminUtils.sudo_trim_to_max_allowed_uids', { netuid: NETUID, maxN: 2 })
      const table = {
        'SubtensorModule.SubnetworkN': { [key(NETUID)]: 2 },
        'SubtensorModule.Keys': { [key(NETUID, 0)]: ownerHot, [key(NETUID, 1)]: hot(3) },
        'SubtensorModule.BlockAtRegistration': { [key(NETUID, 0)]: 10n, [key(NETUID, 1)]: 10n },
      }
      const { drafts, state } = decode(
        424,
        [
          {
            extrinsics: [
              signed(owner, 'Sudo.sudo', { call }, event('Sudo.Sudid', { sudoResult: { __kind: 'Ok' } })),
            ],
          },
        ],
        storedAt(table),
      )
      expect(drafts).toMatchObject([
        { type: 'TenureEnded', callPath: [0], payload: { uid: 1, hotkey: hot(1), reason: 'trimmed' } },
        { type: 'TenureEnded', payload: { uid: 2, hotkey: hot(2), reason: 'trimmed' } },
        {
          type: 'UidsTrimmed',
          payload: { maxUids: 2, moved: [{ from: 3, to: 1, hotkey: hot(3), registeredAt: 10 }] },
        },
        { type: 'HyperparameterChanged', payload: { name: 'MaxAllowedUids', value: '2', source: 'call' } },
      ])
      expect(state.get(NETUID)!.holders.map((h) => h?.hotkey)).toEqual([ownerHot, hot(3)])
    })

    it('renames the holder on one subnet and keeps the lineage of what was committed', () => {
      const swap = { hotkey: hot(1), newHotkey: hot(8), netuid: NETUID, keepStake: true }
      const swapped = event('HotkeySwappedOnSubnet', {
        coldkey: cold(1),
        oldHotkey: hot(1),
        newHotkey: hot(8),
        netuid: NETUID,
      })
      const { drafts } = decode(424, [
        { extrinsics: [signed(cold(1), 'swap_hotkey_v2', swap, swapped)] },
        {
          extrinsics: [
            signed(hot(8), 'Commitments.set_commitment', setCommitment('0x61'), committed(hot(8))),
          ],
        },
      ])
      expect(drafts).toMatchObject([
        { type: 'HotkeySwapped', payload: { uid: 1, lineage: hot(1), registeredAt: 10, scope: 'subnet' } },
        { type: 'Committed', payload: { who: hot(8), uid: 1, lineage: hot(1) } },
      ])
    })

    it('separates two uses of a netuid that meet in one extrinsic', () => {
      const again = signed(
        cold(7),
        'register_network',
        { hotkey: hot(7) },
        event('NetworkRemoved', NETUID),
        event('TempoSet', [NETUID, 360]),
        event('NetworkAdded', [NETUID, 1]),
      )
      const { drafts } = decode(424, [{ extrinsics: [again] }], () => 'unavailable')
      expect(drafts.map((d) => [d.type, d.subnetInstance])).toEqual([
        ...Array.from({ length: 4 }, () => ['TenureEnded', 10]),
        ['SubnetDissolved', 10],
        ['SubnetRegistered', 100],
        ['NeuronRegistered', 100],
        ['HyperparameterChanged', 100],
      ])
      expect(drafts[6]!.payload).toMatchObject({ uid: 0, hotkey: hot(7), coldkey: cold(7), source: 'owner' })
    })

    it('opens a subnet whose registration came from a queue, without a call, by its storage', () => {
      const chain = chainOf(424)
      const added = chain.block({ height: 5, finalization: [event('NetworkAdded', [NETUID, 1])] })
      const { drafts } = decodeAll(
        [added],
        new Set([NETUID]),
        storedAt({
          'SubtensorModule.Keys': { [key(NETUID, 0)]: hot(4) },
          'SubtensorModule.SubnetOwner': { [key(NETUID)]: cold(4) },
        }),
      )
      expect(drafts.slice(0, 2)).toMatchObject([
        {
          type: 'SubnetRegistered',
          payload: { ownerColdkey: cold(4), ownerHotkey: hot(4), source: 'event' },
        },
        { type: 'NeuronRegistered', payload: { uid: 0, hotkey: hot(4), coldkey: cold(4), source: 'owner' } },
      ])
      expect(drafts.filter((d) => d.type === 'HyperparameterChanged').length).toBeGreaterThan(20)
    })

    it('takes the coldkey of a registration that no call shows from the chain', () => {
      const hidden = signed(
        account('evm'),
        'System.remark',
        { remark: '0x' },
        event('NeuronRegistered', [NETUID, 2, hot(5)]),
      )
      const { drafts } = decode(
        424,
        [{ extrinsics: [hidden] }],
        storedAt({ 'SubtensorModule.Owner': { [key(hot(5))]: cold(5) } }),
      )
      expect(drafts).toMatchObject([
        { type: 'TenureEnded', payload: { uid: 2, hotkey: hot(2), reason: 'replaced' } },
        { type: 'NeuronRegistered', payload: { uid: 2, hotkey: hot(5), coldkey: cold(5), replaced: hot(2) } },
      ])
    })

    it('ignores the coldkey argument of register once it is burned registration', () => {
      const args = {
        netuid: NETUID,
        hotkey: hot(6),
        coldkey: account('argument'),
        work: '0x',
        nonce: 0n,
        blockNumber: 0n,
      }
      const register = signed(cold(6), 'register', args, event('NeuronRegistered', [NETUID, 4, hot(6)]))
      const coldkeyAt = (spec: number) =>
        (decode(spec, [{ extrinsics: [register] }]).drafts[0]!.payload as { coldkey: string }).coldkey
      expect(coldkeyAt(393)).toBe(account('argument'))
      expect(coldkeyAt(424)).toBe(cold(6))
    })

    it('names the receivers of an epoch by who holds the uids at that moment', () => {
      const emitted = event('IncentiveAlphaEmittedToMiners', {
        netuid: NETUID,
        emissions: [0n, 2n ** 60n, 3n, 4n, 5n],
      })
      const { drafts } = decode(365, [{ initialization: [emitted], extrinsics: [joining(5, 1)] }])
      expect(drafts[0]).toMatchObject({
        type: 'EpochEmitted',
        payload: {
          emissions: ['0', `${2n ** 60n}`, '3', '4', '5'],
          hotkeys: [ownerHot, hot(1), hot(2), hot(3), null],
        },
      })
    })

    it('tells the mechanism of an epoch from the storage index', () => {
      const emitted = event('IncentiveAlphaEmittedToMiners', { netuid: NETUID + 4096, emissions: [7n] })
      const { drafts } = decode(424, [{ initialization: [emitted], extrinsics: [] }])
      expect(drafts[0]).toMatchObject({
        netuid: NETUID,
        type: 'EpochEmitted',
        payload: { mechanism: 1, emissions: ['7'], hotkeys: [ownerHot] },
      })
    })

    it('sees hyperparameters that change by a call without an event, at its place in the block', () => {
      const chain = chainOf(424)
      const call = chain.call('AdminUtils.sudo_set_liquid_alpha_enabled', { netuid: NETUID, enabled: true })
      const values = chain.call('AdminUtils.sudo_set_alpha_values', {
        netuid: NETUID,
        alphaLow: 1,
        alphaHigh: 2,
      })
      const sudid = event('Sudo.Sudid', { sudoResult: { __kind: 'Ok' } })
      const { drafts } = decode(424, [
        {
          extrinsics: [
            signed(owner, 'Sudo.sudo', { call }, sudid),
            joining(4),
            signed(owner, 'Sudo.sudo', { call: values }, sudid),
          ],
        },
      ])
      expect(drafts).toMatchObject([
        { type: 'HyperparameterChanged', payload: { name: 'LiquidAlphaOn', value: true, source: 'call' } },
        { type: 'NeuronRegistered' },
        { type: 'HyperparameterChanged', payload: { name: 'AlphaValues', value: '[1,2]', source: 'call' } },
      ])
    })

    it('moves ownership when a coldkey is swapped', () => {
      const swapped = event('ColdkeySwapped', { oldColdkey: cold(2), newColdkey: cold(20) })
      const { drafts, state } = decode(424, [
        { extrinsics: [signed(cold(2), 'System.remark', { remark: '0x' }, swapped)] },
      ])
      expect(drafts).toMatchObject([{ type: 'ColdkeySwapped', payload: { uids: [2] } }])
      expect(state.get(NETUID)!.holders[2]!.coldkey).toBe(cold(20))
    })

    it('spec 165: commits and reveals are their calls, since there were no events', () => {
      const commit = (n: number) => signed(hot(1), 'commit_weights', { netuid: NETUID, commitHash: hash(n) })
      const reveal = { netuid: NETUID, uids: [2], values: [9], salt: [1], versionKey: 0n }
      const chain = chainOf(165)
      const blocks = [
        chain.block({
          height: 10,
          extrinsics: [
            signed(ownerHot, 'register_network', undefined, event('NetworkAdded', [NETUID, 1])),
            joining(1),
            joining(2),
          ],
        }),
        chain.block({ height: 100, extrinsics: [commit(1)] }),
        chain.block({ height: 101, extrinsics: [commit(2), { ...commit(3), fails: true }] }),
        chain.block({
          height: 102,
          extrinsics: [signed(hot(1), 'reveal_weights', reveal, event('WeightsSet', [NETUID, 1]))],
        }),
      ]
      const { drafts } = decodeAll(blocks, new Set([NETUID]), () => 'unavailable')
      expect(drafts[1]).toMatchObject({ type: 'NeuronRegistered', payload: { uid: 0, hotkey: ownerHot } })
      expect(drafts.slice(4)).toMatchObject([
        { type: 'WeightsCommitted', height: 100, payload: { commitHash: hash(1), who: hot(1) } },
        { type: 'WeightsCommitExpired', height: 101, payload: { commitHash: hash(1) } },
        { type: 'WeightsCommitted', height: 101, payload: { commitHash: hash(2) } },
        { type: 'WeightsSet', height: 102, payload: { source: 'reveal', raw: [9], hotkeys: [hot(2)] } },
        {
          type: 'WeightsRevealed',
          height: 102,
          payload: { commitHash: hash(2), commit: { height: 101, eventIndex: null } },
        },
      ])
    })

    it('announces an upgrade and explains what its migrations did to the table', () => {
      const [before, after] = [chainOf(393), new TestChain(chainOf(424).runtime, chainOf(393).runtime)]
      const blocks = [
        before.block({ height: 10, extrinsics: [opening(), joining(1), joining(2)] }),
        after.block({ height: 11 }),
      ]
      const table = {
        'SubtensorModule.SubnetworkN': { [key(NETUID)]: 2 },
        'SubtensorModule.Keys': { [key(NETUID, 0)]: ownerHot, [key(NETUID, 1)]: hot(2) },
        'SubtensorModule.BlockAtRegistration': { [key(NETUID, 0)]: 10n, [key(NETUID, 1)]: 10n },
      }
      const { drafts } = decodeAll(blocks, new Set([NETUID]), storedAt(table))
      expect(drafts.filter((d) => d.height === 11)).toMatchObject([
        { type: 'RuntimeUpgraded', payload: { from: 393, to: 424 } },
        { type: 'TenureEnded', payload: { hotkey: hot(1) } },
        { type: 'UidsTrimmed', payload: { moved: [{ from: 2, to: 1, hotkey: hot(2), registeredAt: 10 }] } },
        { type: 'Undecoded', payload: { what: 'storage', specVersion: 424 } },
      ])
    })

    it('keeps an event of an unknown shape as it came, and guesses nothing', () => {
      const chain = chainOf(424)
      const block = chain.block({ height: 100, extrinsics: [joining(5, 2)] })
      const runtime = Object.create(block.runtime, {
        checkEventType: { value: (name: string) => name !== 'SubtensorModule.NeuronRegistered' },
      })
      const opened = chain.block({ height: 10, extrinsics: [opening()] })
      const { drafts } = decodeAll([opened, { ...block, runtime }], new Set([NETUID]), () => 'unavailable')
      expect(drafts.slice(-1)).toMatchObject([
        {
          type: 'Undecoded',
          payload: {
            what: 'event',
            name: 'SubtensorModule.NeuronRegistered',
            raw: JSON.stringify([NETUID, 2, hot(5)]),
          },
        },
      ])
      expect(drafts.filter((d) => d.height === 100)).toHaveLength(1)
    })

    it('keeps events of runtimes yet to come, and reads the table again when they prune uids', () => {
      const chain = chainOf(424)
      const opened = chain.block({ height: 10, extrinsics: [opening(), joining(1)] })
      const later = ['RootWeightsSet', 'NullUidsPruningProgress'].map((name, index) => ({
        index,
        name: `SubtensorModule.${name}`,
        args: { pruned: index },
        phase: 'Finalization' as const,
      }))
      const table = {
        'SubtensorModule.SubnetworkN': { [key(NETUID)]: 1 },
        'SubtensorModule.Keys': { [key(NETUID, 0)]: ownerHot },
        'SubtensorModule.BlockAtRegistration': { [key(NETUID, 0)]: 10n },
      }
      const { drafts } = decodeAll(
        [opened, { ...chain.block({ height: 11 }), events: later }],
        new Set([NETUID]),
        storedAt(table),
      )
      expect(drafts.filter((d) => d.height === 11)).toMatchObject([
        { type: 'TenureEnded', payload: { hotkey: hot(1) } },
        { type: 'UidsTrimmed', payload: { moved: [] } },
        {
          type: 'Undecoded',
          payload: { name: 'SubtensorModule.NullUidsPruningProgress', raw: '{"pruned":1}' },
        },
      ])
    })

    it('begins in the middle of a chain with the table of the block before', () => {
      const block = chainOf(424).block({ height: 500, extrinsics: [joining(1, 1)] })
      const stored = {
        'SubtensorModule.NetworksAdded': { [key(NETUID)]: true },
        'SubtensorModule.NetworkRegisteredAt': { [key(NETUID)]: 321n },
        'SubtensorModule.SubnetOwner': { [key(NETUID)]: owner },
        'SubtensorModule.SubnetworkN': { [key(NETUID)]: 2 },
        'SubtensorModule.Keys': { [key(NETUID, 0)]: ownerHot, [key(NETUID, 1)]: hot(2) },
        'SubtensorModule.BlockAtRegistration': { [key(NETUID, 0)]: 321n, [key(NETUID, 1)]: 400n },
        'SubtensorModule.Owner': { [key(hot(2))]: cold(2) },
        'SubtensorModule.ValidatorPermit': { [key(NETUID)]: [true, false] },
      }
      const reads = new Set<string>()
      const { drafts } = decodeAll([block], new Set([NETUID]), (read, of) => {
        reads.add(read.at)
        return storedAt(stored)(read, of)
      })
      const told = drafts.filter((d) => d.type !== 'HyperparameterChanged')
      expect([...reads]).toEqual(['parent'])
      expect(told.every((d) => d.subnetInstance === 321)).toBe(true)
      expect(told).toMatchObject([
        { type: 'SubnetRegistered', payload: { ownerColdkey: owner, source: 'snapshot' } },
        {
          type: 'NeuronRegistered',
          payload: { uid: 0, hotkey: ownerHot, registeredAt: 321, source: 'snapshot' },
        },
        {
          type: 'NeuronRegistered',
          payload: { uid: 1, hotkey: hot(2), coldkey: cold(2), registeredAt: 400 },
        },
        { type: 'ValidatorPermitsChanged', payload: { uids: [0], hotkeys: [ownerHot], source: 'snapshot' } },
        { type: 'TenureEnded', payload: { hotkey: hot(2), registeredAt: 400 } },
        { type: 'NeuronRegistered', payload: { hotkey: hot(1), registeredAt: 500, source: 'event' } },
      ])
    })
  },
)
