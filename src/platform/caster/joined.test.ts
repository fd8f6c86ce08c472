import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { Keyring } from '@polkadot/keyring'
import { u8aToHex } from '@polkadot/util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ScriptSandboxes } from '../../devnet/players/caster/script-sandboxes'
import { casterSystem } from '../../engine/systems/caster'
import { casterRules as rules } from '../../engine/systems/caster-rules'
import { readPointAt } from '../../projections/core/read-point'
import { SqlRows } from '../../projections/core/sql-rows'
import { Projector } from '../../projections/projector'
import { tableOrigins } from '../../projections/table-origins'
import { type CasterValidator, startCasterValidator } from '../../validator/caster/start-caster-validator'
import { TestGrader, testSearch } from '../../validator/caster/test-validator'
import { addressOf } from '../core/signatures'
import { PLATFORM_KEY, TEST_NETUID, TOKEN } from './test/test-platform'
import { account, TestScene } from './test/test-scene'

/** Scripts of this process in the place of Python: everything else is the real thing. */
const behaviourOf = (source: string) => async (_: unknown, call: Parameters<ReturnType<Script>>[1]) => {
  if (source.includes('crash')) throw new Error('it crashes')
  const { body } = await call.tool('search_web', { query: call.claimId })
  const citations = [
    { receipt_id: body.receipt_id, result_id: body.results[1].result_id },
    { receipt_id: 'invented', result_id: 'x' },
  ]
  const justification = source.includes('reasons') ? 'because it says so' : 'it is so'
  return { verdict: source.includes('wrong') ? -1 : 1, justification, citations }
}
type Script = ConstructorParameters<typeof ScriptSandboxes>[0]

describe('platform, validators and read models joined', { timeout: 120_000 }, () => {
  let scene: TestScene
  const dataDir = mkdtempSync(path.join(os.tmpdir(), 'subledger-caster-joined-'))
  const validators: CasterValidator[] = []
  const faults: string[] = []

  beforeAll(async () => {
    const projector = new Projector()
    scene = await TestScene.start({
      rules,
      settings: { casterStrictRequests: true },
      projecting: () => ({
        project: (client, events) => projector.apply(client, events),
        onRollback: () => projector.reset(),
      }),
    })
    // Validators live in the present; strict requests of both sides have to agree about it.
    scene.platform.nowMs = Date.now() - 10_000
    await scene.platform.restart()
    scene.platform.nowMs = Date.now()
    scene.connect(true)
    const owner = u8aToHex(new Keyring({ type: 'sr25519' }).addFromUri(PLATFORM_KEY).publicKey)
    for (const n of [0, 1]) {
      const signer = scene.judges[n]!
      const validator = await startCasterValidator({
        platformUrl: scene.platform.url,
        signer,
        runner: new ScriptSandboxes(behaviourOf),
        image: 'caster/sandbox:test',
        tools: testSearch,
        grader: new TestGrader(),
        ownership: async (caller) => (caller === owner ? 'owner' : 'foreign'),
        dataDir: path.join(dataDir, String(n)),
        isStrict: true,
        sandboxTimes: { startDelayMs: 0, healthTimeoutMs: 2_000, clientTimeoutMs: 5_000 },
        onFault: (text) => faults.push(text),
      })
      validators.push(validator)
      await validator.platform.register(validator.url)
      await scene.ok(scene.client.admin('POST', '/v1/allowlist', TOKEN, { hotkey: signer.address }))
    }
  }, 120_000)
  afterAll(async () => {
    for (const validator of validators) await validator.close()
    await scene.close()
    rmSync(dataDir, { recursive: true, force: true })
  })

  /** The clock of the platform is everybody's here. */
  const decided = async (batchId: string) => {
    for (let n = 0; n < 600 && scene.statusOf(batchId) !== 'decided'; n++) {
      scene.platform.nowMs = Date.now()
      await scene.platform.tick()
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    expect(scene.statusOf(batchId)).toBe('decided')
  }
  const submit = async (n: number, words: string) => {
    scene.platform.nowMs = Date.now()
    return scene.ok(scene.client.submit(scene.miners[n]!, words))
  }

  it('run, grade, report, are checked, and seat the script that gives reasons', async () => {
    await submit(0, 'good')
    await submit(1, 'good, with reasons')
    await submit(2, 'wrong')
    await submit(3, 'crash')
    const batchId = await scene.batch(3)
    await decided(batchId)
    const deliveries = [...scene.platform.state.batches.get(batchId)!.deliveries.values()]
    expect(deliveries.map(({ status, reason, detail }) => ({ status, reason, detail }))).toEqual([
      { status: 'completed', reason: null, detail: null },
      { status: 'completed', reason: null, detail: null },
    ])
    expect(faults).toEqual([])
    const totals = (await scene.platform.events())
      .filter(({ type }) => type === 'ScoresAggregated')
      .map(({ payload }) => (payload as { total: number }).total)
    expect(totals).toEqual([1.5, 3, 0, 0])
    expect(scene.platform.state.roster!.map((entry) => entry?.hotkey)).toEqual([
      account(scene.miners[1]!.address),
      account(scene.miners[0]!.address),
      undefined,
    ])
  })

  it('the engine, reading rows, decides the same roster', async () => {
    const { pool } = scene.platform
    const source = new SqlRows(pool, await readPointAt(pool, TEST_NETUID, 10), tableOrigins())
    const { decision } = await casterSystem.compute(source, casterSystem.defaultPolicy)
    const named = scene.platform.state.roster!.map(
      (entry) => entry && { ...entry, hotkey: addressOf(entry.hotkey) },
    )
    expect((decision as unknown as { roster: unknown }).roster).toEqual(named)
  })

  it('a validator is served the weights over its own client', async () => {
    scene.platform.nowMs = Date.now()
    const served = (await validators[0]!.platform.weights()) as { weights: Record<string, number> }
    expect(served).toEqual({
      weights: { 0: expect.closeTo(0.1), 10: 0.3, 11: 0.6 },
      final_top: [11, 10, null],
    })
  })
})
