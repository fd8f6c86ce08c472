import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TestCasterApi } from '../../../api/test-caster-api'
import { casterSystem } from '../../../engine/systems/caster'
import { NETUID, START_MS } from '../../../engine/systems/test-caster-cast'
import { policySet } from '../../../engine/systems/test-caster-drafts'
import { BLOCKS } from '../../../engine/systems/test-caster-fixtures'
import { CASTER_TOP3_POLICY } from '../../../mechanisms/caster/policy'
import { SubnetReplica } from '../../replica/verify-decision'
import { windowOfReplica } from './window-of-replica'

const CHANGED_AT = BLOCKS.deregistered + 20

describe('the window between two weight calls', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'subledger-caster-window-'))
  let scene: TestCasterApi
  beforeAll(async () => {
    scene = await TestCasterApi.start()
  }, 120_000)
  afterAll(async () => {
    await scene.close()
    rmSync(folder, { recursive: true, force: true })
  })

  it('is that of the policy in force at the block, also of one recorded since it was last asked for', async () => {
    const source = { apiUrl: scene.api.url, netuid: NETUID }
    const replica = await SubnetReplica.open({ ...source, system: casterSystem, folder })
    const window = windowOfReplica({ replica, netuid: NETUID })
    expect(await window(CHANGED_AT)).toBe(CASTER_TOP3_POLICY.windowBlocks)
    const next = { ...CASTER_TOP3_POLICY, id: 'caster/hurried', windowBlocks: 7 }
    await scene.platform.add(policySet(START_MS, { ...next, effectiveFromBlock: CHANGED_AT }))
    expect(await window(CHANGED_AT - 1)).toBe(CASTER_TOP3_POLICY.windowBlocks)
    expect(await window(CHANGED_AT)).toBe(7)
    // What was fetched beyond a decision's point is not part of that decision.
    expect((await replica.verify(0)).audit.equal).toBe(true)
  })
})
