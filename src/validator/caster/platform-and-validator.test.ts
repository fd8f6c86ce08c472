import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ScriptBehaviour, ScriptSandboxes } from '../../devnet/players/caster/script-sandboxes'
import { casterRules as rules } from '../../engine/systems/caster-rules'
import { PLATFORM_KEY, TOKEN } from '../../platform/caster/test/test-platform'
import { TestScene } from '../../platform/caster/test/test-scene'
import { registerValidator } from './platform/register-validator'
import { type CasterValidator, startCasterValidator } from './start-caster-validator'
import { signerFrom } from './test-platform'
import { TestGrader, testSearch } from './test-validator'

/** What the scripts do, by their text. */
const scripts: Record<string, ScriptBehaviour> = {
  '# cites\n': async (_, { claimId, tool }) => {
    const { body } = await tool('search_web', { query: claimId })
    const [first] = body.results
    const own = { receipt_id: body.receipt_id, result_id: first.result_id }
    const citations = [own, { ...own, result_id: 'nothing' }]
    return { verdict: 1, justification: 'because', citations }
  },
  '# half\n': () => ({ verdict: 1, justification: 'no reason' }),
  '# wrong\n': () => ({ verdict: -1, justification: 'no' }),
  '# broken\n': () => 'nothing',
}

describe('a validator and the platform, both real', { timeout: 60_000 }, () => {
  const dataDir = mkdtempSync(path.join(os.tmpdir(), 'subledger-caster-both-'))
  const sandboxes = new ScriptSandboxes((source) => scripts[source]!)
  const faults: string[] = []
  let scene: TestScene
  let validator: CasterValidator

  beforeAll(async () => {
    scene = await TestScene.start({ rules })
    const owner = signerFrom(PLATFORM_KEY).account
    validator = await startCasterValidator({
      platformUrl: scene.platform.url,
      signer: scene.judges[0]!,
      runner: sandboxes,
      image: 'none',
      tools: testSearch,
      grader: new TestGrader(),
      ownership: async (account) => (account === owner ? 'owner' : 'unknown'),
      dataDir,
      sandboxTimes: { startDelayMs: 0, healthTimeoutMs: 10_000 },
      clock: () => scene.platform.nowMs,
      onFault: (text) => faults.push(text),
    })
    await registerValidator(validator.platform, validator.url, { signal: AbortSignal.timeout(10_000) })
    await scene.ok(scene.client.admin('POST', '/v1/allowlist', TOKEN, { hotkey: scene.judges[0]!.address }))
  })
  afterAll(async () => {
    await validator.close()
    await scene.close()
    rmSync(dataDir, { recursive: true, force: true })
  })

  it('agree on a whole batch: results pass every check, and the best script takes the first place', async () => {
    const artifacts: string[] = []
    for (const [n, script] of Object.keys(scripts).entries()) artifacts.push(await scene.submit(n, script))
    const batchId = await scene.batch(3)
    await scene.decided(batchId)
    expect([scene.platform.failures, faults]).toEqual([[], []])
    const events = await scene.platform.events()
    const of = (type: string) =>
      events.filter((event) => event.type === type).map(({ payload }) => payload as never)
    expect(of('BatchFailed')).toEqual([])
    expect(of('BatchCompleted')).toMatchObject([{ results: 12 }])
    const totals = (of('ScoresAggregated') as { artifactId: string; total: number }[]).map((one) => [
      artifacts.indexOf(one.artifactId),
      one.total,
    ])
    expect(totals).toEqual([
      [0, 3],
      [1, 1.5],
      [2, 0],
      [3, 0],
    ])
    expect(of('CitationHydrated')).toHaveLength(3)
    expect(of('CitationDropped')).toMatchObject([1, 2, 3].map(() => ({ reason: 'unknown result' })))
    expect(of('ToolCalled')).toHaveLength(3)
    expect(of('MinerFailed')).toMatchObject([1, 2, 3].map(() => ({ errorCode: 'invalid_response' })))
    const roster = await scene.ok(scene.client.get('/v1/roster'))
    expect(roster.places[0].artifact_id).toBe(artifacts[0])
  })

  it('lets the validator have its weights', async () => {
    expect(await validator.platform.weights()).toMatchObject({ final_top: [10, null, null] })
  })
})
