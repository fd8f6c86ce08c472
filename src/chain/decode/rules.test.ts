import type { Runtime } from '@subsquid/substrate-runtime'
import { describe, expect, it } from 'vitest'
import type { PayloadOf } from '../../log/catalogue'
import type { EventDraft } from '../../log/envelope'
import { ChainState } from '../state/chain-state'
import { type Answer, decodeAll, hasShared, runtimeFrom } from '../test-blocks'
import { account, blockHash, call, type SyntheticBlock, synthetic } from '../test-synthetic'

const NETUID = 7
const [OWNER, MINER, OTHER, NEW] = [account(100), account(101), account(102), account(103)]
const COLD = account(201)
const FAILED = { __kind: 'BadOrigin' }
const WEIGHT = { refTime: 1n, proofSize: 1n }

const runtimes = new Map<number, Runtime>()
function at(spec: number): Runtime {
  const known = runtimes.get(spec) ?? runtimeFrom(`metadata/subtensor-${spec}.hex.gz`, spec)
  runtimes.set(spec, known)
  return known
}

/** Netuid 7 with uids 0, 1, 2; nothing else. */
function populated(): ChainState {
  const state = ChainState.empty()
  const subnet = state.open(NETUID, 10)
  for (const [uid, hotkey] of [OWNER, MINER, OTHER].entries()) {
    subnet.place(uid, { hotkey, coldkey: account(200 + uid), registeredAt: 10 + uid })
  }
  return state
}

interface Options {
  readonly spec?: number
  readonly state?: ChainState
  readonly stored?: Readonly<Record<string, unknown>>
}

/** Decodes blocks over the populated subnet; `stored` answers storage by item. */
function decode(blocks: SyntheticBlock | SyntheticBlock[], { spec = 424, state, stored }: Options = {}) {
  const answer: Answer = (read) =>
    stored === undefined
      ? 'unavailable'
      : read.queries.map((q) => q.keys.map((keys) => stored[`${q.item.name}/${keys.join('/')}`]))
  const list = Array.isArray(blocks) ? blocks : [blocks]
  // The populated subnet stands for the log; opening existing subnets is tested with the devnet.
  return decodeAll(
    list.map((block) => synthetic(at(spec), block)),
    new Set([NETUID]),
    answer,
    state ?? populated(),
  )
}

const of = <T extends EventDraft['type']>({ drafts }: { drafts: EventDraft[] }, type: T): PayloadOf<T>[] =>
  drafts.filter((d) => d.type === type).map((d) => d.payload as PayloadOf<T>)

const types = ({ drafts }: { drafts: EventDraft[] }) => drafts.map((d) => d.type)
const commit = (text: string, netuid = NETUID) => {
  const fields = text === '' ? [] : [{ __kind: `Raw${Buffer.byteLength(text)}`, value: hex(text) }]
  return call('Commitments.set_commitment', { netuid, info: { fields } })
}
const hex = (text: string) => `0x${Buffer.from(text).toString('hex')}`
const committed = (who = MINER) => ['Commitments.Commitment', { netuid: NETUID, who }] as const

describe.skipIf(!hasShared)('decoding real metadata (../shared/chain/metadata)', () => {
  describe('commitments', () => {
    it('takes the content of each item of a batch, and two commits of one hotkey in one block apart', () => {
      const batch = call('Utility.batch', { calls: [commit('first'), commit('second')] })
      const events = [
        committed(),
        ['Utility.ItemCompleted', undefined],
        committed(),
        ['Utility.ItemCompleted', undefined],
        ['Utility.BatchCompleted', undefined],
      ] as const
      const decoded = decode({ height: 50, extrinsics: [{ signer: MINER, call: batch, events }] })
      expect(of(decoded, 'Committed').map((p) => [p.source, p.fields![0]!.bytes])).toEqual([
        ['call', hex('first')],
        ['call', hex('second')],
      ])
      expect(decoded.drafts.map((d) => d.callPath)).toEqual([[0], [1]])
    })

    it('finds the call through proxy within a batch; the actor is who committed, not who paid', () => {
      const proxied = call('Proxy.proxy', {
        real: { __kind: 'Id', value: MINER },
        forceProxyType: undefined,
        call: commit('x'),
      })
      const events = [
        committed(),
        ['Proxy.ProxyExecuted', { result: { __kind: 'Ok' } }],
        ['Utility.ItemCompleted', undefined],
        ['Utility.BatchCompleted', undefined],
      ] as const
      const decoded = decode({
        height: 50,
        extrinsics: [{ signer: OTHER, call: call('Utility.batch', { calls: [proxied] }), events }],
      })
      expect(decoded.drafts).toMatchObject([
        { type: 'Committed', actor: MINER, callPath: [0, 0], payload: { source: 'call', uid: 1 } },
      ])
    })

    it('reads storage where the call cannot be seen (if_else), but only the last value of the block', () => {
      const hidden = call('Utility.if_else', { main: commit('a'), fallback: commit('b') })
      const extrinsic = { signer: MINER, call: hidden, events: [committed()] }
      const info = { deposit: 0n, block: 50, info: { fields: [{ __kind: 'Raw1', value: hex('z') }] } }
      const decoded = decode(
        { height: 50, extrinsics: [extrinsic, extrinsic] },
        { stored: { [`CommitmentOf/${NETUID}/${MINER}`]: info } },
      )
      expect(of(decoded, 'Committed').map((p) => [p.source, p.fields?.[0]?.bytes])).toEqual([
        ['unavailable', undefined],
        ['storage', hex('z')],
      ])
    })

    it('does not take a stored value of another block for this one', () => {
      const hidden = call('Utility.if_else', { main: commit('a'), fallback: commit('b') })
      const info = { deposit: 0n, block: 49, info: { fields: [] } }
      const decoded = decode(
        { height: 50, extrinsics: [{ signer: MINER, call: hidden, events: [committed()] }] },
        { stored: { [`CommitmentOf/${NETUID}/${MINER}`]: info } },
      )
      expect(of(decoded, 'Committed')[0]).toMatchObject({ source: 'unavailable', fields: null })
    })

    it('takes an empty commitment as one', () => {
      const decoded = decode({
        height: 50,
        extrinsics: [{ signer: MINER, call: commit(''), events: [committed()] }],
      })
      expect(of(decoded, 'Committed')[0]).toMatchObject({ fields: [], source: 'call' })
    })

    it('links a timelocked commitment to its reveal; the plaintext is the entry of this block', () => {
      const field = { __kind: 'TimelockEncrypted', encrypted: '0xabcd', revealRound: 900n }
      const timelocked = call('Commitments.set_commitment', { netuid: NETUID, info: { fields: [field] } })
      const announced = [
        'Commitments.TimelockCommitment',
        { netuid: NETUID, who: MINER, revealRound: 900n },
      ] as const
      const decoded = decode(
        [
          { height: 50, extrinsics: [{ signer: MINER, call: timelocked, events: [announced] }] },
          { height: 60, initial: [['Commitments.CommitmentRevealed', { netuid: NETUID, who: MINER }]] },
        ],
        {
          stored: {
            [`RevealedCommitments/${NETUID}/${MINER}`]: [
              [hex('old'), 40n],
              [hex('plain'), 60n],
            ],
          },
        },
      )
      expect(of(decoded, 'CommitmentTimelocked')[0]).toMatchObject({ revealRound: '900', source: 'call' })
      expect(of(decoded, 'CommitmentRevealed')[0]).toMatchObject({
        plaintext: hex('plain'),
        commitment: { height: 50 },
        revealRound: '900',
      })
    })

    it('is cancelled by a commitment before its round: a later reveal belongs to none', () => {
      const field = { __kind: 'TimelockEncrypted', encrypted: '0xabcd', revealRound: 900n }
      const timelocked = call('Commitments.set_commitment', { netuid: NETUID, info: { fields: [field] } })
      const announced = [
        'Commitments.TimelockCommitment',
        { netuid: NETUID, who: MINER, revealRound: 900n },
      ] as const
      const { state } = decode([
        { height: 50, extrinsics: [{ signer: MINER, call: timelocked, events: [announced] }] },
        { height: 51, extrinsics: [{ signer: MINER, call: commit('open'), events: [committed()] }] },
      ])
      expect(state.get(NETUID)!.timelocks.size).toBe(0)
    })

    it('ignores failed extrinsics, and a proxied call that failed inside a successful extrinsic', () => {
      const proxied = call('Proxy.proxy', {
        real: { __kind: 'Id', value: MINER },
        forceProxyType: undefined,
        call: commit('x'),
      })
      const result = { __kind: 'Err', value: FAILED }
      const decoded = decode({
        height: 50,
        extrinsics: [
          { signer: MINER, call: commit('x'), error: FAILED },
          { signer: OTHER, call: proxied, events: [['Proxy.ProxyExecuted', { result }]] },
        ],
      })
      expect(decoded.drafts).toEqual([])
    })
  })

  describe('registrations', () => {
    const register = call('SubtensorModule.burned_register', { netuid: NETUID, hotkey: NEW })
    const registered = (uid: number) => ['SubtensorModule.NeuronRegistered', [NETUID, uid, NEW]] as const

    it.each([
      [218, false],
      [240, true],
    ])('of an occupied uid ends its tenure at spec %i (weights cleared: %s)', (spec, weightsCleared) => {
      const block = { height: 50, extrinsics: [{ signer: COLD, call: register, events: [registered(1)] }] }
      const decoded = decode(block, { spec })
      expect(types(decoded)).toEqual(['TenureEnded', 'NeuronRegistered'])
      expect(of(decoded, 'TenureEnded')[0]).toMatchObject({
        uid: 1,
        hotkey: MINER,
        reason: 'replaced',
        weightsCleared,
      })
      expect(of(decoded, 'NeuronRegistered')[0]).toMatchObject({ coldkey: COLD, replaced: MINER })
    })

    it('gives uid 0 to the owner, who has no event, and dissolves and re-uses a netuid in one extrinsic', () => {
      const decoded = decode({
        height: 50,
        extrinsics: [
          {
            signer: COLD,
            call: call('SubtensorModule.register_network', { hotkey: NEW }),
            events: [
              ['SubtensorModule.NetworkRemoved', NETUID],
              ['SubtensorModule.NetworkAdded', [NETUID, 0]],
            ],
          },
        ],
      })
      expect(types(decoded)).toEqual([
        'TenureEnded',
        'TenureEnded',
        'TenureEnded',
        'SubnetDissolved',
        'SubnetRegistered',
        'NeuronRegistered',
      ])
      expect(decoded.drafts.map((d) => d.subnetInstance)).toEqual([10, 10, 10, 10, 50, 50])
      expect(of(decoded, 'NeuronRegistered')[0]).toMatchObject({
        uid: 0,
        hotkey: NEW,
        coldkey: COLD,
        source: 'owner',
      })
    })

    it('reads the table again after a trim, which has no event and compacts the uids of the others', () => {
      const trim = call('AdminUtils.sudo_trim_to_max_allowed_uids', { netuid: NETUID, maxN: 2 })
      const decoded = decode(
        { height: 50, extrinsics: [{ signer: COLD, call: trim }] },
        {
          stored: {
            [`SubnetworkN/${NETUID}`]: 2,
            [`Keys/${NETUID}/0`]: OWNER,
            [`Keys/${NETUID}/1`]: OTHER,
            [`BlockAtRegistration/${NETUID}/0`]: 10n,
            [`BlockAtRegistration/${NETUID}/1`]: 12n,
          },
        },
      )
      expect(of(decoded, 'TenureEnded')).toMatchObject([{ uid: 1, hotkey: MINER, reason: 'trimmed' }])
      expect(of(decoded, 'UidsTrimmed')).toMatchObject([
        { maxUids: 2, moved: [{ from: 2, to: 1, hotkey: OTHER }] },
      ])
      expect(decoded.state.get(NETUID)!.uidOf.get(OTHER)).toBe(1)
    })

    it('continues the lineage of a swapped hotkey (swap_hotkey_v2) and keeps its registration', () => {
      const swap = call('SubtensorModule.swap_hotkey_v2', {
        hotkey: MINER,
        newHotkey: NEW,
        netuid: NETUID,
        keepStake: false,
      })
      const event = [
        'SubtensorModule.HotkeySwappedOnSubnet',
        { coldkey: COLD, oldHotkey: MINER, newHotkey: NEW, netuid: NETUID },
      ] as const
      const decoded = decode({ height: 50, extrinsics: [{ signer: COLD, call: swap, events: [event] }] })
      expect(of(decoded, 'HotkeySwapped')[0]).toMatchObject({
        uid: 1,
        lineage: MINER,
        registeredAt: 11,
        scope: 'subnet',
      })
      expect(decoded.state.get(NETUID)!.lineageOf(NEW)).toBe(MINER)
    })
  })

  describe('weights', () => {
    it('splits the storage index into netuid and mechanism, and keeps raw and upscaled values', () => {
      const set = call('SubtensorModule.set_mechanism_weights', {
        netuid: NETUID,
        mecid: 1,
        dests: [1, 2],
        weights: [10, 20],
        versionKey: 3n,
      })
      const decoded = decode({
        height: 50,
        extrinsics: [
          { signer: MINER, call: set, events: [['SubtensorModule.WeightsSet', [NETUID + 4096, 1]]] },
        ],
      })
      expect(of(decoded, 'WeightsSet')[0]).toMatchObject({
        mechanism: 1,
        hotkey: MINER,
        source: 'set',
        raw: [10, 20],
        u16: [32768, 65535],
        hotkeys: [MINER, OTHER],
      })
    })

    it('gives each WeightsSet of a batch that failed in part the item it belongs to', () => {
      const batch = call('SubtensorModule.batch_set_weights', {
        netuids: [9, NETUID],
        weights: [[[0, 1]], [[2, 5]]],
        versionKeys: [0n, 0n],
      })
      const events = [
        ['SubtensorModule.BatchWeightItemFailed', [9, FAILED]],
        ['SubtensorModule.WeightsSet', [NETUID, 1]],
        ['SubtensorModule.BatchWeightsCompleted', [[9, NETUID], MINER]],
      ] as const
      const decoded = decode({ height: 50, extrinsics: [{ signer: MINER, call: batch, events }] })
      expect(of(decoded, 'WeightsSet')).toMatchObject([{ uid: 1, source: 'batch', uids: [2], raw: [5] }])
    })

    it('reads timelocked weights from storage at the reveal, with the hotkey that the next event names', () => {
      const decoded = decode(
        {
          height: 50,
          initial: [
            ['SubtensorModule.WeightsSet', [NETUID, 1]],
            ['SubtensorModule.TimelockedWeightsRevealed', [NETUID, MINER]],
          ],
        },
        { stored: { [`Weights/${NETUID}/1`]: [[2, 65535]] } },
      )
      expect(of(decoded, 'WeightsSet')[0]).toMatchObject({
        hotkey: MINER,
        source: 'timelocked',
        values: 'storage',
        raw: null,
        u16: [65535],
      })
    })

    it('takes commits and reveals of specs without events from successful calls', () => {
      const hash = `0x${'cd'.repeat(32)}`
      const commits = call('SubtensorModule.commit_weights', { netuid: NETUID, commitHash: hash })
      const reveals = call('SubtensorModule.reveal_weights', {
        netuid: NETUID,
        uids: [2],
        values: [9],
        salt: [1],
        versionKey: 0n,
      })
      const decoded = decode(
        [
          {
            height: 50,
            extrinsics: [
              { signer: MINER, call: commits },
              { signer: OTHER, call: commits, error: FAILED },
            ],
          },
          {
            height: 90,
            extrinsics: [
              { signer: MINER, call: reveals, events: [['SubtensorModule.WeightsSet', [NETUID, 1]]] },
            ],
          },
        ],
        { spec: 165 },
      )
      expect(of(decoded, 'WeightsCommitted')).toMatchObject([{ who: MINER, kind: 'hash', commitHash: hash }])
      expect(of(decoded, 'WeightsRevealed')).toMatchObject([
        { who: MINER, commitHash: hash, commit: { height: 50 } },
      ])
      expect(of(decoded, 'WeightsSet')).toMatchObject([{ source: 'reveal', raw: [9] }])
    })
  })

  describe('wrappers', () => {
    it('follows sudo_as and force_batch to the account that acted, item by item', () => {
      const inner = call('Utility.force_batch', { calls: [commit('bad'), commit('good')] })
      const events = [
        ['Utility.ItemFailed', { error: FAILED }],
        committed(),
        ['Utility.ItemCompleted', undefined],
        ['Utility.BatchCompletedWithErrors', undefined],
        ['Sudo.SudoAsDone', { sudoResult: { __kind: 'Ok' } }],
      ] as const
      const sudo = call('Sudo.sudo_as', { who: { __kind: 'Id', value: MINER }, call: inner })
      const decoded = decode({ height: 50, extrinsics: [{ signer: COLD, call: sudo, events }] })
      expect(decoded.drafts).toMatchObject([{ type: 'Committed', actor: MINER, callPath: [0, 1] }])
      expect(of(decoded, 'Committed')[0]!.fields![0]!.bytes).toBe(hex('good'))
    })
  })

  it('keeps an event of a shape that no range knows, with its content, instead of guessing', () => {
    const decoded = decodeAll(
      [renamed(synthetic(at(424), { height: 50, initial: [['SubtensorModule.WeightsSet', [NETUID, 1]]] }))],
      new Set([NETUID]),
      () => 'unavailable',
      populated(),
    )
    expect(of(decoded, 'Undecoded')).toMatchObject([
      {
        what: 'event',
        name: 'SubtensorModule.WeightsSet',
        specVersion: 424,
        raw: JSON.stringify([NETUID, 1]),
      },
    ])
    expect(decoded.drafts[0]).toMatchObject({ blockHash: blockHash(50) })
  })
})

/** The same block under a runtime whose WeightsSet is of another shape. */
function renamed(block: ReturnType<typeof synthetic>): ReturnType<typeof synthetic> {
  const runtime = new Proxy(block.runtime, {
    get(target, name) {
      if (name === 'checkEventType') return () => false
      const value = Reflect.get(target, name)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
  return { ...block, runtime }
}
void WEIGHT
