import { afterEach, describe, expect, it } from 'vitest'
import { adminUtils, subtensor } from '../../scenario/calls'
import { Locksmith } from '../../scenario/locksmith'
import { NETUID, owner, person, TestChain } from '../test-chain'
import { epochAt, firstBlockOf } from './epoch-index'
import { commitHash, type Reveal } from './hash-commits'

const ann = person('ann')
const S = (item: string) => `SubtensorModule.${item}`
const vector = { uids: [0, 1], values: [30_000, 65_535], versionKey: 0n }
const reveal = (salt = 7): Reveal => ({ ...vector, salt: [salt, 8] })
const commit = (it: Reveal, who = ann.hotkey.account) =>
  subtensor('commit_weights', { netuid: NETUID, commitHash: commitHash(who, NETUID, it) })
const show = (it: Reveal) => subtensor('reveal_weights', { netuid: NETUID, ...it })

describe('weights that are committed before they are shown', () => {
  let chain: TestChain
  afterEach(() => chain.close())
  const start = async (specVersion = 424) => {
    chain = await TestChain.start({ specVersion, people: [ann] })
    await chain.makeValidators(owner, ann)
    await toEpoch(1)
  }
  const epoch = () => epochAt(chain.devnet.node.storage, NETUID, chain.height + 1)
  /** So that the next block is the first of the epoch that comes after so many. */
  const toEpoch = (later: number) =>
    chain.before(firstBlockOf(chain.devnet.node.storage, NETUID, epoch() + later))
  const stored = () => chain.get(S('Weights'), NETUID, 1)

  it('are revealed in the next epoch: set, then revealed, by hash', async () => {
    await start()
    const hash = commitHash(ann.hotkey.account, NETUID, reveal())
    expect(await chain.must(ann.hotkey, commit(reveal()))).toEqual([
      { name: S('WeightsCommitted'), args: [ann.hotkey.account, NETUID, hash] },
    ])
    const committed = chain.height
    expect((await chain.send(ann.hotkey, show(reveal()))).error).toBe(S('RevealTooEarly'))
    await toEpoch(1)
    expect(await chain.must(ann.hotkey, show(reveal()))).toEqual([
      { name: S('WeightsSet'), args: [NETUID, 1] },
      { name: S('WeightsRevealed'), args: [ann.hotkey.account, NETUID, hash] },
    ])
    expect(stored()).toEqual([
      [0, 30_000],
      [1, 65_535],
    ])
    // The commit is what counts as the last update, not the reveal.
    expect(chain.get(S('LastUpdate'), NETUID)[1]).toBe(BigInt(committed))
    expect(chain.get(S('WeightCommits'), NETUID, ann.hotkey.account)).toBeUndefined()
  })

  it('cannot be revealed by another salt, without a commit, or when they have expired', async () => {
    await start()
    expect((await chain.send(ann.hotkey, show(reveal()))).error).toBe(S('NoWeightsCommitFound'))
    await chain.must(ann.hotkey, commit(reveal()))
    await toEpoch(1)
    expect((await chain.send(ann.hotkey, show(reveal(1)))).error).toBe(S('InvalidRevealCommitHashNotMatch'))
    await toEpoch(1)
    expect((await chain.send(ann.hotkey, show(reveal()))).error).toBe(S('ExpiredWeightCommit'))
    expect(stored()).toEqual([])
  })

  it('waits for the rate limit between two commits', async () => {
    await start()
    await chain.must(ann.hotkey, commit(reveal(1)))
    expect((await chain.send(ann.hotkey, commit(reveal(2)))).error).toBe(S('CommittingWeightsTooFast'))
    await chain.advance(4)
    await chain.must(ann.hotkey, commit(reveal(2)))
    expect(chain.get(S('WeightCommits'), NETUID, ann.hotkey.account)).toHaveLength(2)
  })

  it('takes the older commits along when the later is revealed alone, not when all are revealed at once', async () => {
    await start()
    await chain.must(ann.hotkey, commit(reveal(1)))
    await chain.advance(5)
    await chain.must(ann.hotkey, commit(reveal(2)))
    await toEpoch(1)
    await chain.must(ann.hotkey, show(reveal(2)))
    expect((await chain.send(ann.hotkey, show(reveal(1)))).error).toBe(S('NoWeightsCommitFound'))
    await chain.must(ann.hotkey, commit(reveal(3)))
    await chain.advance(5)
    await chain.must(ann.hotkey, commit(reveal(4)))
    await toEpoch(1)
    const [three, four] = [reveal(3), reveal(4)]
    const events = await chain.must(
      ann.hotkey,
      subtensor('batch_reveal_weights', {
        netuid: NETUID,
        uidsList: [three.uids, four.uids],
        valuesList: [three.values, four.values],
        saltsList: [three.salt, four.salt],
        versionKeys: [0n, 0n],
      }),
    )
    expect(events.map((it) => it.name)).toEqual([S('WeightsSet'), S('WeightsSet'), S('WeightsBatchRevealed')])
  })

  it('refuses commits of a subnet that does without, and of nobody', async () => {
    await start()
    expect((await chain.send(ann.coldkey, commit(reveal()))).error).toBe(S('HotKeyNotRegisteredInSubNet'))
    await chain.openWeights()
    expect((await chain.send(ann.hotkey, commit(reveal()))).error).toBe(S('CommitRevealDisabled'))
  })

  it('cannot be revealed after a hotkey swap: the hash names the old key', async () => {
    await start()
    const next = person('ann, later').hotkey
    await chain.must(ann.hotkey, commit(reveal()))
    const swap = { hotkey: ann.hotkey.account, newHotkey: next.account, netuid: undefined }
    await chain.must(ann.coldkey, subtensor('swap_hotkey', swap))
    await chain.must(ann.coldkey, {
      __kind: 'Balances',
      value: {
        __kind: 'transfer_keep_alive',
        dest: { __kind: 'Id', value: next.account },
        value: 10n ** 9n,
      },
    })
    await toEpoch(1)
    expect((await chain.send(next, show(reveal()))).error).toBe(S('InvalidRevealCommitHashNotMatch'))
  })

  const locked = (hotkey: string, blocks: number) => {
    const { commit, revealRound } = new Locksmith(TestChain.seed).weights(
      { hotkey, ...vector },
      chain.height + 1,
      blocks,
    )
    return subtensor('commit_timelocked_weights', {
      netuid: NETUID,
      commit,
      revealRound,
      commitRevealVersion: 4,
    })
  }
  /** Events of the blocks up to the end of the epoch after the next. */
  const initializations = async () => {
    const events = []
    for (let i = 0; i < 45; i++) events.push(...(await chain.block()).initialization)
    return events.filter((it) => !/Emitted/.test(it.name))
  }

  it('open by themselves when the epoch and the round have come', async () => {
    await start()
    const events = await chain.must(ann.hotkey, locked(ann.hotkey.account, 15))
    expect(events.map((it) => it.name)).toEqual([S('TimelockedWeightsCommitted')])
    expect(await initializations()).toEqual([
      { name: S('WeightsSet'), args: [NETUID, 1] },
      { name: S('TimelockedWeightsRevealed'), args: [NETUID, ann.hotkey.account] },
    ])
    expect(stored()).toEqual([
      [0, 30_000],
      [1, 65_535],
    ])
  })

  it('cannot be timelocked in runtimes whose queue the devnet does not know', async () => {
    await start(301)
    const on = { netuid: NETUID, enabled: true }
    await chain.sudo(adminUtils('sudo_set_commit_reveal_weights_enabled', on))
    expect((await chain.send(ann.hotkey, locked(ann.hotkey.account, 15))).error).toBe('System.CallFiltered')
  })

  it.each<[string, () => ReturnType<typeof locked>]>([
    ['names another hotkey', () => locked(owner.hotkey.account, 15)],
    ['has a round that comes after its epoch', () => locked(ann.hotkey.account, 60)],
    [
      'does not open',
      () =>
        subtensor('commit_timelocked_weights', {
          netuid: NETUID,
          commit: `0x${'00'.repeat(300)}`,
          revealRound: 1_100n,
          commitRevealVersion: 4,
        }),
    ],
  ])('vanish without an event when the ciphertext %s', async (_, call) => {
    await start()
    await chain.must(ann.hotkey, call())
    expect(await initializations()).toEqual([])
    expect(stored()).toEqual([])
    expect(chain.devnet.node.storage.entries(S('TimelockedWeightCommits'))).toEqual([])
  })
})
