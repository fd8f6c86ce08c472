import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { TestCasterApi } from '../../api/test-caster-api'
import { casterSystem } from '../../engine/systems/caster'
import { ann, ben, NETUID } from '../../engine/systems/test-caster-cast'
import { SubnetReplica } from './verify-decision'

describe('a validator’s own copy of Caster’s logs', { timeout: 120_000 }, () => {
  let served: TestCasterApi
  let folder: string

  beforeAll(async () => {
    served = await TestCasterApi.start()
  }, 120_000)
  afterAll(() => served.close())
  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'subledger-replica-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  const open = () =>
    SubnetReplica.open({ apiUrl: served.api.url, netuid: NETUID, system: casterSystem, folder })

  it('gives the same roster, shares and vector from the grades of every validator, for each decision', async () => {
    const replica = await open()
    const shares: unknown[] = []
    for (const seq of [0, 1, 2]) {
      const { event, audit } = await replica.verify(seq)
      expect(audit.equal).toBe(true)
      shares.push((event.payload as { shares: unknown }).shares)
    }
    expect(shares).toEqual([
      [{ hotkey: ann, uid: 5, share: 0.6 }],
      [
        { hotkey: ben, uid: 6, share: 0.6 },
        { hotkey: ann, uid: 5, share: 0.3 },
      ],
      [{ hotkey: ben, uid: 6, share: 0.6 }],
    ])
  })

  it('refuses a grade that was changed', async () => {
    await (await open()).verify(1)
    const file = path.join(folder, readdirSync(folder).find((name) => name.includes('platform'))!)
    const text = readFileSync(file, 'utf8')
    const changed = text.replace('"total":0.5,"validator"', '"total":1,"validator"')
    expect(changed).not.toBe(text)
    writeFileSync(file, changed)
    await expect(open()).rejects.toMatchObject({ code: 'SL-REPLICA-LEAF' })
  })
})
