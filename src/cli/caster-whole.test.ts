import { cryptoWaitReady } from '@polkadot/util-crypto'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { caster } from '../devnet'
import { casterValidators, hotkeyAddress } from '../devnet/players/caster/actors'
import { CasterClient } from '../devnet/players/caster/client'
import { casterSystem } from '../engine/systems/caster'
import { WholeSystem } from './test-whole-system'

const NETUID = caster.netuid
const [, challenger, copycat] = caster.miners.map(hotkeyAddress) as [string, string, string]

/** From a script to weights on chain: miners, platform, three validators with sandboxes, engine, and a validator that sets weights. */
describe('Caster, whole, on the devnet', { timeout: 240_000 }, () => {
  let whole: WholeSystem

  beforeAll(async () => {
    await cryptoWaitReady()
    whole = await WholeSystem.start('caster:67', { historyBlocks: 60, scriptedWeights: [94, 122] })
  }, 120_000)
  afterAll(() => whole?.close(), 60_000)

  it('seats the first, then the challenger that beats it; a copy of the challenger ties and gains nothing', async () => {
    await vi.waitFor(
      async () => {
        const { casterRosters } = await whole.ask(
          `{ casterRosters(netuid: ${NETUID}) { nodes { cause changed } } }`,
        )
        expect(casterRosters.nodes).toEqual([
          { cause: 'bootstrap', changed: true },
          { cause: 'promoted', changed: true },
          { cause: 'first_not_beaten', changed: false },
        ])
      },
      { timeout: 150_000, interval: 500 },
    )
    const { explain } = await whole.ask(`{ explain(netuid: ${NETUID}, subject: "${copycat}") }`)
    expect(explain).toMatchObject({
      place: null,
      verdict: 'did_not_beat_the_first',
      total: 5,
      incumbentTotal: 5,
      missing: 0,
      mustExceed: true,
      incumbent: challenger,
      claims: { lost: [], won: [], equal: 10 },
    })
  })

  it('keeps every call, citation and grade behind it, and tells references only of closed batches', async () => {
    const counts = await whole.ask(`{
      calls: casterToolCalls(netuid: ${NETUID}) { totalCount }
      cited: casterCitations(netuid: ${NETUID}) { totalCount }
      grades: casterGrades(netuid: ${NETUID}) { totalCount }
      casterBatches(netuid: ${NETUID}) { nodes { status claimsSha256 } } }`)
    // One search a claim: ten claims, three validators, one script, then two, then three.
    for (const { totalCount } of [counts.calls, counts.cited, counts.grades]) expect(totalCount).toBe(180)
    const { claimsSha256 } = counts.casterBatches.nodes.at(-1)
    const told = await fetch(`${whole.url}/content/${claimsSha256}`)
    expect(await told.text()).toContain('reference_answer')
  })

  it('is set by a validator that recomputed it, and stands on chain as it was decided', async () => {
    const validator = caster.validators[0]!
    const { event, outcome } = await whole.validate(casterSystem, NETUID, validator)
    expect(outcome).toMatchObject({ kind: 'set' })
    const { u16 } = event.payload as { u16: { uid: number; value: number }[] }
    const subtensor = whole.node.query.subtensorModule!
    const uid = Number((await subtensor.uids!(NETUID, validator.hotkey.account)).toString())
    const stored = (await subtensor.weights!(NETUID, uid)).toJSON() as [number, number][]
    expect(stored).toEqual(u16.map(({ uid: to, value }) => [to, value]))
    const { decisions } = await whole.ask(
      `{ decisions(netuid: ${NETUID}, last: 3) { nodes { audit { equal } } } }`,
    )
    for (const { audit } of decisions.nodes) expect(audit).toEqual({ equal: true })
  })

  it('serves the same weights to a functioning validator, and says so once', async () => {
    const client = new CasterClient(whole.url)
    const signer = casterValidators()[1]!
    const served = await client.weights(signer)
    expect(served.status).toBe(200)
    const { weights, final_top } = served.body
    expect(final_top).toEqual([5, 4, null])
    expect(weights).toMatchObject({ 4: 0.3, 5: 0.6 })
    expect(weights[0]).toBeCloseTo(0.1, 12)
    await client.weights(signer)
    const { computed, told } = await whole.ask(`{
      computed: casterWeights(netuid: ${NETUID}) { nodes { weightsSha256 } }
      told: casterWeightsServed(netuid: ${NETUID}) { nodes { validator weightsSha256 } } }`)
    const mine = told.nodes.filter(({ validator }: { validator: string }) => validator === signer.address)
    const last = computed.nodes.at(-1).weightsSha256
    expect(
      mine.filter(({ weightsSha256 }: { weightsSha256: string }) => weightsSha256 === last),
    ).toHaveLength(1)
  })
})
