import { Keyring } from '@polkadot/keyring'
import { cryptoWaitReady } from '@polkadot/util-crypto'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createApiSchema } from '../api/schema/schema'
import { selectionOf } from '../api/test-selection'
import { autoresearch } from '../devnet'
import { hotkeyOf, miners } from '../devnet/players/autoresearch/actors'
import { autoresearchSystem } from '../engine/systems/autoresearch'
import { engineEntities } from '../projections/engine/entities'
import { setWeights } from '../validator/set-weights/set-weights'
import { WholeSystem } from './test-whole-system'

const NETUID = autoresearch.netuid
const contract = miners().at(-1)!.address

/** From a task to weights on chain and a paid claim: players, platform, engine, API, and a validator that sets weights. */
describe('Autoresearch, whole, on the devnet', { timeout: 240_000 }, () => {
  let whole: WholeSystem
  let submissions: { submissionId: string; taskId: string; status: string; reasonCode: string | null }[]

  beforeAll(async () => {
    await cryptoWaitReady()
    whole = await WholeSystem.start('autoresearch:94', {
      historyBlocks: 60,
      scriptedWeights: [67, 122],
      // What a timelocked call reveals has no version key in the log.
      commitReveal: { [NETUID]: false },
    })
    await vi.waitFor(
      async () => {
        const { autoresearchBalances } = await whole.ask(
          `{ autoresearchBalances(netuid: ${NETUID}) { nodes { outstanding toHeight } } }`,
        )
        const held = autoresearchBalances.nodes.filter(
          ({ toHeight }: { toHeight: number | null }) => toHeight === null,
        )
        expect(held.map(({ outstanding }: { outstanding: string }) => outstanding)).toEqual(['0', '0'])
      },
      { timeout: 100_000, interval: 500 },
    )
    const { autoresearchVerdicts } = await whole.ask(
      `{ autoresearchVerdicts(netuid: ${NETUID}, first: 50) { nodes { submissionId taskId status reasonCode toHeight } } }`,
    )
    submissions = autoresearchVerdicts.nodes
  }, 200_000)
  afterAll(() => whole?.close(), 60_000)

  it('decides 0.90 for UID 0 and 0.10 for the contract’s present uid, and the audit agrees', async () => {
    await vi.waitFor(
      async () => {
        const { weights } = await whole.ask(`{ weights(netuid: ${NETUID}) { outcome } }`)
        expect(weights).toMatchObject({ outcome: 'submit' })
      },
      { timeout: 60_000, interval: 500 },
    )
    const { weights } = await whole.ask(`{ weights(netuid: ${NETUID}) {
      policyId burn shares { hotkey share } weights { uid value } audit { equal } unpublished { path note } evidence } }`)
    expect(weights).toMatchObject({
      policyId: 'autoresearch/devnet',
      burn: 0.9,
      shares: [{ hotkey: contract, share: 0.1 }],
      audit: { equal: true },
      evidence: { versionKey: 1337, reason: null },
    })
    expect(weights.weights.map(({ value }: { value: number }) => value)).toEqual([65_535, 7_282])
    expect(weights.weights[0].uid).toBe(0)
    expect(weights.unpublished.map(({ path }: { path: string }) => path)).toEqual(
      expect.arrayContaining(['/comparator', '/clockSkewSeconds']),
    )
  })

  it('is set by the validators that recompute it, with the subnet’s own version key', async () => {
    const validator = autoresearch.validators[0]!
    await vi.waitFor(
      async () => {
        const { weightSets } = await whole.ask(
          `{ weightSets(netuid: ${NETUID}, last: 20) { nodes { hotkey versionKey weights { uid raw } } } }`,
        )
        const own = weightSets.nodes.find(
          ({ hotkey }: { hotkey: string }) => hotkey === hotkeyOf(validator).address,
        )
        expect(own).toMatchObject({ versionKey: '1337', weights: [{ raw: 65_535 }, { raw: 7_282 }] })
      },
      { timeout: 90_000, interval: 500 },
    )
  })

  it('tells of a validator that burns the contract’s share', async () => {
    const { hotkey } = autoresearch.validators[1]!
    const pair = new Keyring({ type: 'sr25519' }).addFromSeed(Buffer.from(hotkey.seed.slice(2), 'hex'))
    const u16 = [{ uid: 0, value: 65_535 }]
    const burned = { netuid: NETUID, mechanism: 0, height: 1, u16, holders: [], burnUid: 0 }
    // It has followed the decision until now: the chain takes its next call some blocks later.
    await vi.waitFor(
      async () => {
        const outcome = await setWeights(whole.node, pair, burned, { versionKey: 1337n, isReal: true })
        expect(outcome.kind).toBe('set')
      },
      { timeout: 90_000, interval: 2_000 },
    )
    await vi.waitFor(
      async () => {
        const { divergences } = await whole.ask(
          `{ divergences(netuid: ${NETUID}, last: 20) { nodes { validator cause } } }`,
        )
        const validator = hotkeyOf(autoresearch.validators[1]!).address
        expect(divergences.nodes).toEqual([{ validator, cause: 'burn' }])
      },
      { timeout: 60_000, interval: 500 },
    )
  })

  it('explains the loser of the duel, the tampered artifact, and who was paid', async () => {
    const explain = async (subject: string) =>
      (await whole.ask(`{ explain(netuid: ${NETUID}, subject: "${subject}") }`)).explain
    const tampered = submissions.find(({ reasonCode }) => reasonCode === 'artifact_sha256_mismatch')!
    expect(await explain(tampered.submissionId)).toMatchObject({
      results: [{ status: 'error', isBest: false, replays: [{ status: 'error' }, {}, {}] }],
    })
    const accepted = submissions.filter(
      ({ status, taskId }) => status === 'accepted' && taskId === tampered.taskId,
    )
    const [lost, won] = await Promise.all(accepted.map(({ submissionId }) => explain(submissionId)))
    expect(won).toMatchObject({
      balance: { paid: '500000000', outstanding: '0' },
      results: expect.arrayContaining([expect.objectContaining({ isBest: true, missingToday: 0 })]),
    })
    // It is better than the best by 0.0062 nats, and 0.02 are wanted beside an artifact that is larger.
    const [result] = lost.results
    expect(result).toMatchObject({
      isBest: false,
      comparison: { cause: 'first' },
      best: accepted[1]!.submissionId,
    })
    expect(result.missingToday).toBeCloseTo(0.02 - Math.log(8.05 / 8), 9)
    expect(await explain('nobody')).toBeNull()
  })

  it('lists every entity, now and as of a block before anything was', async () => {
    const schema = createApiSchema([...engineEntities, ...autoresearchSystem.entities])
    for (const { query, fields } of autoresearchSystem.entities) {
      expect(Object.keys(fields).length, query).toBeGreaterThan(2)
      const text = (args: string) =>
        `{ ${query}(netuid: ${NETUID}, ${args}) ${selectionOf(schema, query, 3)} }`
      const now = await whole.ask(text('first: 3'))
      expect(now[query].totalCount, query).toBeGreaterThan(0)
      const then = await whole.ask(text('first: 3, at: {height: 20}'))
      expect(then[query].totalCount, query).toBe(0)
    }
  })
})
