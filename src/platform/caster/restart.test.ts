import { afterEach, describe, expect, it } from 'vitest'
import { casterRules as rules } from '../../engine/systems/caster-rules'
import type { LogEvent } from '../../log/envelope'
import { TestScene } from './test/test-scene'

/** Commits that a whole life of this batch takes at most; the machine stops after each of them once. */
const COMMITS_MAX = 40
/** Two scripts, two claims, three validators: more rows than one commit takes. */
const CELLS = 12

describe('a platform that stops in the middle', { timeout: 240_000 }, () => {
  let scene: TestScene | undefined
  afterEach(async () => {
    await scene?.close()
    scene = undefined
  })

  /** A batch of two scripts, two claims and three validators, whose log takes no commit after so many. */
  async function play(stopAfter: number) {
    let commits = Number.NEGATIVE_INFINITY
    const project = async () => {
      if (++commits > stopAfter) throw new Error('the machine stops')
    }
    const played = await TestScene.start({ rules, projecting: () => ({ project }) })
    scene = played
    await played.submit(0, 'one')
    await played.submit(1, 'two')
    await played.join(0, { outcome: (_, claim) => (claim === 'c1' ? 'full' : 'failed') })
    await played.join(1, { outcome: () => 'half' })
    await played.join(2, { outcome: () => 'wrong' })
    const batchId = await played.batch(2)
    commits = 0
    const isOver = () => played.statusOf(batchId) === 'decided'
    await played.platform
      .until(() => isOver() || commits > stopAfter, 'the end, or the stop')
      .catch((error: Error) => {
        if (!/the machine stops|could not be recorded/.test(error.message)) throw error
      })
    const wasStopped = commits > stopAfter
    commits = Number.NEGATIVE_INFINITY
    await played.restart()
    await played.decided(batchId)
    return { events: await played.platform.events(), wasStopped, state: played.platform.state }
  }

  /** What has to be the same however often the machine stopped: everything but the way to the validators, ids and times. */
  const essence = (events: readonly LogEvent[]) =>
    events
      .filter(({ type }) => !/^(Batch(Sent|Accepted)|ValidatorFunctioningChanged)$/.test(type))
      .map(({ type, payload }) => {
        const { validator, hotkey, claimId, total, cause } = payload as Record<string, unknown>
        return JSON.stringify([type, validator, hotkey, claimId, total, cause])
      })
      .sort()

  it('goes on after any commit without losing a row or recording one twice', async () => {
    const whole = await play(COMMITS_MAX * 1_000)
    expect(whole.wasStopped).toBe(false)
    await scene!.close()
    let stops = 0
    for (let stopAfter = 0; stopAfter < COMMITS_MAX; stopAfter++) {
      const { events, wasStopped } = await play(stopAfter)
      expect(essence(events), `stopped after ${stopAfter} commits`).toEqual(essence(whole.events))
      expect(events.filter(({ type }) => type === 'TaskGraded')).toHaveLength(CELLS)
      await scene!.close()
      scene = undefined
      if (!wasStopped) break
      stops++
    }
    expect(stops).toBeGreaterThan(5)
  })

  it('has the same state after a restart, and answers with the same bytes', async () => {
    await play(3)
    const { platform } = scene!
    const judge = scene!.judges[0]!
    const bytes = async () => {
      const headers = scene!.client.headersOf({ method: 'GET', path: '/v1/weights' }, judge)
      return (await fetch(`${platform.url}/v1/weights`, { headers })).text()
    }
    // What is due by the clock is done at each start: it is done before, too.
    await platform.tick()
    const before = { weights: await bytes(), state: platform.state }
    await scene!.restart()
    expect(platform.state).toEqual(before.state)
    expect(await bytes()).toBe(before.weights)
    const events = await platform.events()
    expect(events.filter(({ type }) => type === 'WeightsServed')).toHaveLength(1)
  })
})
