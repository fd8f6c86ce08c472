import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { casterRules as rules } from '../../engine/systems/caster-rules'
import { readBlob } from '../core/blobs'
import { TestScene } from './test/test-scene'
import type { TestValidator } from './test/test-validator'

describe('the life of a batch over HTTP', { timeout: 60_000 }, () => {
  let scene: TestScene
  let double: TestValidator
  let artifact: string
  let batchId: string

  beforeAll(async () => {
    scene = await TestScene.start({ rules })
  })
  afterAll(() => scene.close())

  it('a script becomes the first of an empty roster, and its uid is paid', async () => {
    artifact = await scene.submit(0, 'one')
    double = await scene.join(0)
    batchId = await scene.batch(2)
    await scene.decided(batchId)
    expect(scene.platform.failures).toEqual([])
    const roster = await scene.ok(scene.client.get('/v1/roster'))
    expect(roster.places.map((place: { artifact_id: string }) => place.artifact_id)).toEqual([
      artifact,
      null,
      null,
    ])
    const weights = await scene.ok(scene.client.weights(scene.judges[0]!))
    expect(weights).toEqual({ weights: { 0: 0.4, 10: 0.6 }, final_top: [10, null, null] })
  })

  it('the validator was called by the platform’s own hotkey, each time signed', () => {
    expect(double.unsigned).toEqual([])
    expect(double.callers.length).toBeGreaterThan(1)
    expect(new Set(double.callers).size).toBe(1)
  })

  it('the events tell the whole way in order', async () => {
    const all = (await scene.platform.events()).map(({ type }) => type)
    expect(all).toContain('ValidatorFunctioningChanged')
    const types = all.filter((type) => type !== 'ValidatorFunctioningChanged')
    expect(types.filter((type, i) => type !== types[i - 1])).toEqual([
      'PolicySet',
      'ScriptSubmitted',
      'ValidatorRegistered',
      'AllowlistChanged',
      'DatasetBuilt',
      'BatchCreated',
      'BatchSent',
      'BatchAccepted',
      'BatchCompleted',
      'BatchClosed',
      'SessionOpened',
      'ToolCalled',
      'SessionClosed',
      'MinerAnswered',
      'CitationHydrated',
      'CitationDropped',
      'TaskGraded',
      'SessionOpened',
      'ToolCalled',
      'SessionClosed',
      'MinerAnswered',
      'CitationHydrated',
      'CitationDropped',
      'TaskGraded',
      'ScoresAggregated',
      'ChallengerCompared',
      'RosterChanged',
      'WeightsComputed',
      'WeightsServed',
    ])
  })

  it('the claims are public content now, of the hash that was told before', async () => {
    const { claimsSha256 } = scene.platform.state.batches.get(batchId)!
    const bytes = (await readBlob(scene.platform.pool, claimsSha256))!
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(claimsSha256)
    expect(bytes.toString('utf8')).toContain('secret-reference of c1')
  })
})
