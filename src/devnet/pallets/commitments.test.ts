import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Data } from '../../../abi/commitments'
import { revealedContent } from '../../chain/decode/content'
import { commit, data, subtensor } from '../scenario/calls'
import { Locksmith } from '../scenario/locksmith'
import { commitText, NETUID, person, register, TestChain } from './test-chain'

const ann = person('ann')
const C = (item: string) => `Commitments.${item}`
const who = ann.hotkey.account
const hex = (length: number) => `0x${'ab'.repeat(length)}`

describe('commitments on the devnet', () => {
  let chain: TestChain
  const start = async (specVersion = 424) => {
    chain = await TestChain.start({ specVersion, people: [ann] })
    await chain.must(ann.coldkey, register(ann.hotkey))
  }
  beforeEach(() => start())
  afterEach(() => chain.close())
  const locked = (text: string, blocks: number) =>
    new Locksmith(TestChain.seed).timelocked(text, chain.height + 1, blocks)
  const entry = () => chain.get(C('CommitmentOf'), NETUID, who)
  const texts = () =>
    (chain.get(C('RevealedCommitments'), NETUID, who) ?? []).map(([bytes, block]: [string, bigint]) => [
      Buffer.from(revealedContent(bytes).slice(2), 'hex').toString(),
      Number(block),
    ])

  it.each<[string, Data[]]>([
    ['None', [{ __kind: 'None' }]],
    ['Raw0', [{ __kind: 'Raw0', value: '0x' }]],
    ['Raw1', [{ __kind: 'Raw1', value: hex(1) }]],
    ['Raw128', [{ __kind: 'Raw128', value: hex(128) }]],
    ['BlakeTwo256', [{ __kind: 'BlakeTwo256', value: hex(32) }]],
    ['Sha256', [{ __kind: 'Sha256', value: hex(32) }]],
    ['Keccak256', [{ __kind: 'Keccak256', value: hex(32) }]],
    ['ShaThree256', [{ __kind: 'ShaThree256', value: hex(32) }]],
    ['ResetBondsFlag', [{ __kind: 'ResetBondsFlag' }]],
    ['BigRaw', [{ __kind: 'BigRaw', value: hex(512) }]],
    ['nothing', []],
    ['three fields', [data('one'), data('two'), { __kind: 'Sha256', value: hex(32) }]],
  ])('keeps %s exactly', async (_, fields) => {
    expect(await chain.must(ann.hotkey, commit(NETUID, ...fields))).toEqual([
      { name: C('Commitment'), args: { netuid: NETUID, who } },
    ])
    expect(entry()).toMatchObject({ block: chain.height, info: { fields } })
    expect(chain.get(C('LastCommitment'), NETUID, who)).toBe(chain.height)
  })

  it('refuses four fields, and who is not registered', async () => {
    const four = [data('1'), data('2'), data('3'), data('4')]
    expect((await chain.send(ann.hotkey, commit(NETUID, ...four))).error).toBe(
      C('TooManyFieldsInCommitmentInfo'),
    )
    expect((await chain.send(ann.coldkey, commitText('me too'))).error).toBe(C('AccountNotAllowedCommit'))
    expect(entry()).toBeUndefined()
  })

  it('costs nothing', async () => {
    const before = chain.freeOf(who)
    await chain.must(ann.hotkey, commitText('free'))
    expect(chain.freeOf(who)).toBe(before)
  })

  it('takes as many bytes an epoch as there is space, a hundred at least for each call', async () => {
    await chain.sudo({ __kind: 'Commitments', value: { __kind: 'set_max_space', newLimit: 350 } })
    await chain.advance(21)
    await chain.must(ann.hotkey, commitText('1'))
    await chain.must(ann.hotkey, commitText('2'))
    expect(chain.get(C('UsedSpaceOf'), NETUID, who).usedSpace).toBe(200n)
    const big = commit(NETUID, { __kind: 'BigRaw', value: hex(151) })
    expect((await chain.send(ann.hotkey, big)).error).toBe(C('SpaceLimitExceeded'))
    await chain.must(ann.hotkey, commit(NETUID, { __kind: 'BigRaw', value: hex(150) }))
    expect((await chain.send(ann.hotkey, commitText('3'))).error).toBe(C('SpaceLimitExceeded'))
    await chain.advance(21)
    await chain.must(ann.hotkey, commitText('3'))
  })

  it('takes one in a hundred blocks before there was a space limit', async () => {
    await chain.close()
    await start(218)
    await chain.must(ann.hotkey, commitText('1'))
    expect((await chain.send(ann.hotkey, commitText('2'))).error).toBe(C('CommitmentSetRateLimitExceeded'))
    await chain.advance(100)
    await chain.must(ann.hotkey, commitText('2'))
  })

  it('opens a timelocked text in the block after its round is stored, before anything else runs', async () => {
    const [event] = await chain.must(ann.hotkey, commit(NETUID, locked('a secret', 3)))
    expect(event).toMatchObject({ name: C('TimelockCommitment'), args: { netuid: NETUID, who } })
    const committed = chain.height
    const told = []
    for (let i = 0; i < 6; i++) {
      const { height, initialization } = await chain.block()
      for (const { name, args } of initialization)
        if (name.startsWith('Commit')) told.push([height, name, args])
    }
    const opened = committed + 4
    expect(told).toEqual([[opened, C('CommitmentRevealed'), { netuid: NETUID, who }]])
    expect(texts()).toEqual([['a secret', opened]])
    expect(entry()).toBeUndefined()
    expect(chain.get(C('LastCommitment'), NETUID, who)).toBe(committed)
    expect(chain.get(C('TimelockedIndex'))).toEqual([])
  })

  it('keeps the other fields when one opens, and several rounds open one after another', async () => {
    await chain.must(ann.hotkey, commit(NETUID, data('plain'), locked('first', 2), locked('second', 5)))
    await chain.advance(4)
    expect(texts().map(([text]: [string]) => text)).toEqual(['first'])
    expect(entry().info.fields).toHaveLength(2)
    await chain.advance(3)
    expect(texts().map(([text]: [string]) => text)).toEqual(['first', 'second'])
    expect(entry().info.fields).toEqual([data('plain')])
  })

  it('forgets what still waits when something else is committed', async () => {
    await chain.must(ann.hotkey, commit(NETUID, locked('never shown', 4)))
    await chain.must(ann.hotkey, commitText('instead'))
    await chain.advance(8)
    expect(texts()).toEqual([])
    expect(entry().info.fields).toEqual([data('instead')])
  })

  it('drops what does not open, without an event', async () => {
    const field: Data = { __kind: 'TimelockEncrypted', encrypted: hex(300), revealRound: 1_000n }
    await chain.must(ann.hotkey, commit(NETUID, field))
    const names = []
    for (let i = 0; i < 4; i++) names.push(...(await chain.block()).initialization.map((it) => it.name))
    expect(names.filter((name) => name.startsWith('Commit'))).toEqual([])
    expect(entry()).toBeUndefined()
    expect(texts()).toEqual([])
  })

  it('keeps the last ten reveals', async () => {
    for (let n = 0; n < 12; n++) {
      await chain.must(ann.hotkey, commit(NETUID, locked(`text ${n}`, 0)))
      await chain.advance(3)
    }
    expect(texts().map(([text]: [string]) => text)).toEqual(
      Array.from({ length: 10 }, (_, n) => `text ${n + 2}`),
    )
  })

  it('outlives the hotkey’s uid and stays under the old key of a swap', async () => {
    await chain.must(ann.hotkey, commitText('mine'))
    const next = person('ann, later').hotkey.account
    await chain.must(
      ann.coldkey,
      subtensor('swap_hotkey', { hotkey: who, newHotkey: next, netuid: undefined }),
    )
    expect(entry()).toBeDefined()
    expect(chain.get(C('CommitmentOf'), NETUID, next)).toBeUndefined()
  })
})
