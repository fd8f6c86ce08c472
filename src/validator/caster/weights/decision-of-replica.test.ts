import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TestCasterApi } from '../../../api/test-caster-api'
import { casterSystem } from '../../../engine/systems/caster'
import { NETUID } from '../../../engine/systems/test-caster-cast'
import type { PayloadOf } from '../../../log/catalogue'
import { weightCall } from '../../../mechanisms/caster/submit-weights'
import { SubnetReplica } from '../../replica/verify-decision'
import { decisionOfReplica } from './decision-of-replica'
import { servedWeights } from './served-weights'

describe('the decision that served weights are compared with', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'subledger-caster-replica-'))
  let scene: TestCasterApi
  beforeAll(async () => {
    scene = await TestCasterApi.start()
  }, 120_000)
  afterAll(async () => {
    await scene.close()
    rmSync(folder, { recursive: true, force: true })
  })

  it('is the newest one, computed again from the logs, with who held each of its uids', async () => {
    const source = { apiUrl: scene.api.url, netuid: NETUID }
    const replica = await SubnetReplica.open({ ...source, system: casterSystem, folder })
    const decided = await decisionOfReplica({ ...source, replica })()
    const { data } = await scene.ask(`{ weights(netuid: ${NETUID}) { seq } }`)
    const { event } = await replica.verify(Number(data.weights.seq))
    const { u16, shares: paid, burn } = event.payload as PayloadOf<'DecisionMade'>
    expect(decided.u16).toEqual(u16)
    const held = new Map(decided.holders.map(({ uid, hotkey }) => [uid, hotkey]))
    for (const { uid } of decided.u16) expect(held.get(uid)).toMatch(/^0x[0-9a-f]{64}$/)
    // What a platform would serve for it comes to the same call, to the last digit.
    const shares: Record<string, number> = { [decided.burnUid]: burn }
    for (const { uid, share } of paid) shares[uid] = (shares[uid] ?? 0) + share
    const served = servedWeights({ weights: shares, final_top: null })!
    const call = weightCall(new Map([...served].filter(([, weight]) => weight > 0)))
    if (typeof call === 'string') throw new Error(call)
    expect(call.u16.uids.map((uid, n) => ({ uid, value: call.u16.values[n] }))).toEqual(
      decided.u16.map(({ uid, value }) => ({ uid, value })),
    )
  })
})
