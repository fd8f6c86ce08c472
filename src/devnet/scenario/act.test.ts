import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { revealedContent } from '../../chain/decode/content'
import { actNow, autoresearch, bitrecs, calls, type Devnet, Locksmith, startScenario, submitAs } from '..'

const SEED = 4
const { adminUtils, commit, data, subtensor } = calls
const [miner] = bitrecs.miners
const folders: string[] = []
const running: Devnet[] = []
afterEach(async () => {
  for (const devnet of running.splice(0)) await devnet.close()
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})
const start = async (options: Omit<Parameters<typeof startScenario>[0], 'seed'> = {}) => {
  const devnet = await startScenario({ seed: SEED, historyBlocks: 20, ...options })
  running.push(devnet)
  return devnet
}

describe('driving the scenario from outside', () => {
  it('tells height, position and events of a call, on demand', async () => {
    const devnet = await start()
    const act = await actNow(devnet, miner!.hotkey, commit(122, data('from outside')))
    expect(act).toMatchObject({ height: 21, events: [{ name: 'Commitments.Commitment' }] })
    expect(act.error).toBeUndefined()
    expect(devnet.node.chain.at(21)!.extrinsics.length).toBeGreaterThan(act.extrinsicIndex)
  })

  it('names the error of a call that fails', async () => {
    const devnet = await start()
    const act = await actNow(devnet, bitrecs.owner.coldkey, commit(122, data('no hotkey')))
    expect(act).toMatchObject({ error: 'Commitments.AccountNotAllowedCommit', events: [] })
  })

  it('waits for the timer when blocks come by themselves', async () => {
    const devnet = await start({ blockTimeMs: 20 })
    const calls = [1, 2, 3].map((n) => submitAs(devnet, miner!.hotkey, commit(122, data(`call ${n}`))))
    const acts = await Promise.all(calls)
    expect(acts.every(({ error }) => error === undefined)).toBe(true)
    expect(acts[0]!.height).toBeGreaterThan(20)
  })

  it('locks a commitment that the chain opens', async () => {
    const devnet = await start()
    const locksmith = new Locksmith(SEED)
    await actNow(devnet, miner!.hotkey, commit(122, locksmith.timelocked('a secret', 21, 2)))
    await devnet.produceBlocks(3)
    const reveals = devnet.node.storage.get<[string, bigint][]>(
      'Commitments.RevealedCommitments',
      122,
      miner!.hotkey.account,
    )
    const opened = revealedContent(reveals.at(-1)![0])
    expect(Buffer.from(opened.slice(2), 'hex').toString()).toBe('a secret')
  })

  it('leaves the weights of a subnet to others, with or without commit–reveal', async () => {
    const devnet = await start({ commitReveal: { 94: false }, scriptedWeights: [67, 122], historyBlocks: 60 })
    const vectors = () => devnet.node.storage.entries('SubtensorModule.Weights', autoresearch.netuid)
    expect(vectors()).toEqual([])
    const validator = autoresearch.validators[0]!.hotkey
    const weights = { netuid: 94, dests: [0], weights: [65_535], versionKey: 1n }
    const { error } = await actNow(devnet, validator, subtensor('set_weights', weights))
    expect(error).toBeUndefined()
    expect(vectors()).toHaveLength(1)
  })

  it('makes the same blocks again, with what was sent from outside', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'subledger-act-'))
    folders.push(folder)
    const journalFile = path.join(folder, 'journal.jsonl')
    const first = await start({ journalFile })
    const owner = bitrecs.owner.coldkey
    await actNow(first, miner!.hotkey, commit(122, data('kept')))
    await actNow(first, owner, adminUtils('sudo_set_immunity_period', { netuid: 122, immunityPeriod: 33 }))
    const { hash, height } = await first.produceBlocks(3)
    const again = await start({ journalFile, atLeastHeight: height })
    expect(again.node.chain.at(height)!.hash).toBe(hash)
  })
})
