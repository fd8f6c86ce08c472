import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { casterSystem } from '../../engine/systems/caster'
import { casterRules as rules } from '../../engine/systems/caster-rules'
import type { CasterDecision } from '../../mechanisms/caster/decide'
import { projections } from '../../projections/all'
import { addressOf } from '../../projections/caster/address'
import { MemoryRows } from '../../projections/core/memory-rows'
import type { ReadPoint } from '../../projections/core/row-source'
import { SqlRows } from '../../projections/core/sql-rows'
import { Projector } from '../../projections/projector'
import { tableOrigins } from '../../projections/table-origins'
import { TEST_NETUID, TOKEN } from './test/test-platform'
import type { Outcome } from './test/test-results'
import { TestScene } from './test/test-scene'

describe('what the engine makes of a platform’s batches', { timeout: 120_000 }, () => {
  let scene: TestScene
  const quality = new Map<string, Outcome>()
  const artifacts: string[] = []

  beforeAll(async () => {
    const projector = new Projector()
    const projecting = () => ({
      project: projector.apply.bind(projector),
      onRollback: () => projector.reset(),
    })
    scene = await TestScene.start({ rules, projecting })
    const outcome = (artifact: string) => quality.get(artifact) ?? 'wrong'
    await scene.join(0, { outcome })
    await scene.join(1, { outcome: (artifact, claim) => (claim === 'c2' ? 'wrong' : outcome(artifact)) })
    // Lies about its last result: it is left out of every batch, with the reason.
    await scene.join(2, { outcome, bend: (results) => results.slice(0, -1) })
    await play(0, 'half', 'half')
    await play(1, 'better', 'full')
    await play(2, 'better ', 'full')
    const policy = { ...rules.defaultPolicy, id: 'caster/strict', effectiveFromBlock: 10 }
    const strict = { ...policy, beats: { kind: 'relative_margin', margin: 5 } }
    await scene.ok(scene.client.admin('PUT', '/v1/policy', TOKEN, { policy: strict }))
    await play(3, 'worse', 'half')
  }, 120_000)
  afterAll(() => scene.close())

  async function play(n: number, words: string, outcome: Outcome): Promise<void> {
    const artifact = await scene.submit(n, words)
    quality.set(artifact, outcome)
    artifacts.push(artifact)
    await scene.decided(await scene.batch(3))
  }

  /** As the engine sees it: the platform log up to the event that asked for a decision. */
  const pointAt = (seq: number): ReadPoint => ({
    netuid: TEST_NETUID,
    height: 10,
    sizes: { chain: 0, platform: seq + 1, engine: 0 },
  })
  const sqlAt = (seq: number) => new SqlRows(scene.platform.pool, pointAt(seq), tableOrigins())
  const decisions = async () =>
    (await scene.platform.events()).filter(({ type }) => casterSystem.triggers.includes(type))

  it('is the roster, the totals and the comparisons that the platform recorded, batch by batch', async () => {
    const events = await scene.platform.events()
    const moves = await decisions()
    expect(moves).toHaveLength(4)
    for (const { seq, payload } of moves) {
      const { batchId, after } = payload as { batchId: string; after: { hotkey: string }[] }
      const { decision } = await casterSystem.compute(sqlAt(seq), rules.defaultPolicy as never)
      const { roster, evidence } = decision as CasterDecision
      const named = (entry: { hotkey: string }) => ({ ...entry, hotkey: addressOf(entry.hotkey) })
      expect(roster).toEqual(after.map((entry) => entry && named(entry)))
      const own = events.filter((event) => (event.payload as { batchId?: string }).batchId === batchId)
      const totals = own
        .filter(({ type }) => type === 'ScoresAggregated')
        .map((event) => event.payload as { hotkey: string; artifactId: string; total: number })
      expect(evidence.totals).toEqual(
        totals.map(({ hotkey, artifactId, total }) => ({ hotkey: addressOf(hotkey), artifactId, total })),
      )
      const compared = own.filter(({ type }) => type === 'ChallengerCompared')
      expect(evidence.comparisons).toMatchObject(
        compared.map((event) => {
          const { order, needed, beats, effect } = event.payload as Record<string, unknown>
          return { order, needed, beats, effect }
        }),
      )
      expect(evidence.excluded).toHaveLength(1)
    }
  })

  it('is the same out of rows in memory, policies that changed included', async () => {
    const memory = new MemoryRows(projections)
    memory.fold(await scene.platform.events())
    for (const { seq } of await decisions()) {
      const folded = await casterSystem.compute(memory.at(pointAt(seq)), rules.defaultPolicy as never)
      expect(folded).toEqual(await casterSystem.compute(sqlAt(seq), rules.defaultPolicy as never))
    }
  })

  it('explains the loser of the last batch under the policy of that batch, and who was left out', async () => {
    const last = (await decisions()).at(-1)!
    const told = await casterSystem.explain(sqlAt(last.seq), rules.defaultPolicy as never, artifacts[3]!)
    expect(told).toMatchObject({
      hotkey: scene.miners[3]!.address,
      verdict: 'did_not_beat_the_first',
      policyId: 'caster/strict',
      beats: { margin: 5 },
      incumbentArtifact: artifacts[1],
      validators: {
        counted: expect.arrayContaining([scene.judges[0]!.address, scene.judges[1]!.address]),
        excluded: [{ validator: scene.judges[2]!.address, delivery: { status: 'failed' } }],
      },
    })
    const { total, incumbentTotal, missing, claims } = told as {
      readonly total: number
      readonly incumbentTotal: number
      readonly missing: number
      readonly claims: { readonly lost: readonly { claimId: string; grades: object[] }[] }
    }
    expect(missing).toBe(incumbentTotal * 6 - total)
    expect(claims.lost.map(({ claimId }) => claimId).sort()).toEqual(['c1', 'c2', 'c3'])
    for (const { grades } of claims.lost) expect(grades).toHaveLength(2)
  })
})
