import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestFacts } from './test/test-miner'
import { freshName } from './test/test-names'
import { TestPlatform } from './test/test-platform'

describe('the preflight (/check)', () => {
  let platform: TestPlatform
  beforeAll(async () => {
    platform = await TestPlatform.start()
  })
  afterAll(() => platform.close())

  it('asks for no transport signature and no commitment, and takes nothing', async () => {
    const miner = platform.miner(freshName())
    ;(platform.facts as TestFacts).texts.clear()
    for (const _ of [1, 2]) expect((await platform.check(miner)).status).toBe(200)
    ;(platform.facts as TestFacts).reveal(miner)
    expect((await platform.submit(miner)).status).toBe(201)
    expect(await platform.check(miner)).toMatchObject({ status: 400, body: { code: 'hotkey_used' } })
  })

  it('looks at the miner before the artifact, and at the letters of the hotkey with indulgence', async () => {
    const miner = platform.miner(freshName(), { content: 'no artifact' })
    ;(platform.facts as TestFacts).uids.delete(miner.signer.account)
    expect(await platform.check(miner)).toMatchObject({ body: { code: 'hotkey_not_registered' } })
    const lower = platform.miner(freshName())
    const loud = platform.miner(freshName(), { artifact: { miner_hotkey: ` ${lower.hotkey} ` } })
    expect((await platform.check(loud)).body.code).toBe('hotkey_mismatch')
    const spaced = freshName()
    const { hotkey } = platform.miner(spaced)
    const again = platform.miner(spaced, { artifact: { miner_hotkey: ` ${hotkey.toLowerCase()} ` } })
    expect((await platform.check(again)).status).toBe(200)
    expect((await platform.submit(again)).body.code).toBe('hotkey_mismatch')
  })

  it('refuses what is no hotkey by its signature', async () => {
    const miner = platform.miner(freshName(), { submission: { hotkey: 'nobody' } })
    expect(await platform.check(miner)).toMatchObject({
      status: 400,
      body: { code: 'submission_signature_invalid' },
    })
  })
})
