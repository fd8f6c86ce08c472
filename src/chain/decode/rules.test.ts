import { describe, expect, it } from 'vitest'
import { ChainState } from '../state/chain-state'
import { type Answer, decodeAll, hasShared, runtimeFrom, sharedChain } from '../test-blocks'
import { account, TestChain, type TestEvent, type TestExtrinsic } from '../test-chain'

const NETUID = 7
const [miner, other, newcomer, cold] = ['miner', 'other', 'newcomer', 'cold'].map(account) as [
  string,
  string,
  string,
  string,
]
const HEIGHT = 50
const FAILED = { __kind: 'BadOrigin' }
const OK = { __kind: 'Ok' }

/** Netuid 7 with uids 0 and 1; nothing else. */
function populated(): ChainState {
  const state = ChainState.empty()
  const subnet = state.open(NETUID, 10)
  for (const [uid, hotkey] of [other, miner].entries()) {
    subnet.place(uid, { hotkey, coldkey: cold, registeredAt: 10 + uid })
  }
  return state
}

type Make = (chain: TestChain) => TestExtrinsic[]

function decode(make: Make, answer: Answer = () => 'unavailable', spec = 424) {
  const chain = new TestChain(runtimeFrom(`metadata/subtensor-${spec}.hex.gz`, spec))
  const block = chain.block({ height: HEIGHT, extrinsics: make(chain) })
  return decodeAll([block], new Set([NETUID]), answer, populated()).drafts
}

const event = (name: string, args?: unknown): TestEvent => ({ name, args })
const committed = event('Commitments.Commitment', { netuid: NETUID, who: miner })
const hex = (text: string) => `0x${Buffer.from(text).toString('hex')}`
const commitArgs = (text: string) => ({
  netuid: NETUID,
  info: { fields: text === '' ? [] : [{ __kind: `Raw${text.length}`, value: hex(text) }] },
})
const commit = (chain: TestChain, text: string) => chain.call('Commitments.set_commitment', commitArgs(text))

describe.skipIf(!hasShared)(`rules of decoding, on real metadata (${sharedChain}/metadata)`, () => {
  it('keeps two commitments of one hotkey in one block apart, though storage holds only the last', () => {
    const completed = event('Utility.ItemCompleted')
    const drafts = decode((chain) => [
      {
        signer: miner,
        call: event('Utility.batch', { calls: [commit(chain, 'first'), commit(chain, 'second')] }),
        events: [committed, completed, committed, completed, event('Utility.BatchCompleted')],
      },
    ])
    expect(drafts).toMatchObject([
      { callPath: [0], payload: { source: 'call', fields: [{ bytes: hex('first') }] } },
      { callPath: [1], payload: { source: 'call', fields: [{ bytes: hex('second') }] } },
    ])
  })

  it('takes an empty list of fields as a commitment', () => {
    const drafts = decode(() => [
      {
        signer: miner,
        call: event('Commitments.set_commitment', commitArgs('')),
        events: [committed],
      },
    ])
    expect(drafts).toMatchObject([{ type: 'Committed', payload: { fields: [], source: 'call' } }])
  })

  it('does not take a stored commitment of another block for this one', () => {
    const stored = { deposit: 0n, block: HEIGHT - 1, info: { fields: [] } }
    const drafts = decode(
      (chain) => [
        {
          signer: miner,
          call: event('Utility.if_else', { main: commit(chain, 'a'), fallback: commit(chain, 'b') }),
          events: [committed],
        },
      ],
      ({ queries }) => queries.map(({ item }) => [item.name === 'CommitmentOf' ? stored : undefined]),
    )
    expect(drafts).toMatchObject([{ payload: { fields: null, source: 'unavailable' } }])
  })

  it('follows sudo_as and force_batch to the account that acted and to the item that succeeded', () => {
    const drafts = decode((chain) => {
      const items = [commit(chain, 'bad'), commit(chain, 'good')]
      const inner = chain.call('Utility.force_batch', { calls: items })
      return [
        {
          signer: cold,
          call: event('Sudo.sudo_as', { who: { __kind: 'Id', value: miner }, call: inner }),
          events: [
            event('Utility.ItemFailed', { error: FAILED }),
            committed,
            event('Utility.ItemCompleted'),
            event('Utility.BatchCompletedWithErrors'),
            event('Sudo.SudoAsDone', { sudoResult: OK }),
          ],
        },
      ]
    })
    expect(drafts).toMatchObject([
      { type: 'Committed', actor: miner, callPath: [0, 1], payload: { fields: [{ bytes: hex('good') }] } },
    ])
  })

  it.each([
    [218, false],
    [240, true],
  ])('at spec %i a replacement clears the weights of the uid: %s', (spec, weightsCleared) => {
    const drafts = decode(
      () => [
        {
          signer: cold,
          call: event('SubtensorModule.burned_register', { netuid: NETUID, hotkey: newcomer }),
          events: [event('SubtensorModule.NeuronRegistered', [NETUID, 1, newcomer])],
        },
      ],
      undefined,
      spec,
    )
    expect(drafts).toMatchObject([
      { type: 'TenureEnded', payload: { uid: 1, hotkey: miner, reason: 'replaced', weightsCleared } },
      { type: 'NeuronRegistered', payload: { uid: 1, hotkey: newcomer, coldkey: cold, replaced: miner } },
    ])
  })
})
