import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { TestFacts } from './test/test-miner'
import { freshName } from './test/test-names'
import { TestPlatform } from './test/test-platform'
import { rows } from './test/test-refusals'

describe('the checks of /submit (spec §2.4)', () => {
  let platform: TestPlatform
  beforeAll(async () => {
    platform = await TestPlatform.start()
  })
  afterAll(() => platform.close())
  const facts = () => platform.facts as TestFacts

  it.each(rows)(
    '$row: $status $code',
    async ({ status, code, key = 'detail', miner: options, headers, version, timestamp }) => {
      const miner = platform.miner(freshName(), options)
      const signed = miner.headers({ ...(version && { version }), ...(timestamp && { timestamp }) })
      const answer = await platform.submit(miner, { ...signed, ...headers })
      expect(answer).toMatchObject({ status, body: { code, [key]: expect.any(String) } })
      const refused = (await platform.events()).at(-1)
      expect(refused).toMatchObject({
        type: 'CommandRefused',
        payload: { system: 'bitrecs', command: 'submit', code, status, subject: miner.submission.gist_id },
      })
    },
  )

  it('6: a request counts once: its nonce is kept whether it was accepted or refused', async () => {
    const miner = platform.miner(freshName())
    facts().uids.delete(miner.signer.account)
    const headers = miner.headers()
    expect(await platform.submit(miner, headers)).toMatchObject({ body: { code: 'hotkey_not_registered' } })
    facts().register(miner)
    expect(await platform.submit(miner, headers)).toMatchObject({ status: 400, body: { code: 'nonce_used' } })
    const good = miner.headers()
    expect((await platform.submit(miner, good)).status).toBe(201)
    expect(await platform.submit(miner, good)).toMatchObject({ status: 400, body: { code: 'nonce_used' } })
  })

  it('6: nobody can use up the nonce of another', async () => {
    const miner = platform.miner(freshName())
    const nonce = randomBytes(16).toString('hex')
    const forged = { ...miner.headers({ nonce }), 'x-signature': '11'.repeat(64) }
    expect((await platform.submit(miner, forged)).body.code).toBe('transport_signature_invalid')
    expect((await platform.submit(miner, miner.headers({ nonce }))).status).toBe(201)
  })

  it('14, 15: a hotkey and a gist are used for good', async () => {
    const first = platform.miner(freshName())
    expect((await platform.submit(first)).status).toBe(201)
    expect(await platform.submit(first)).toMatchObject({ status: 400, body: { code: 'hotkey_used' } })
    const thief = platform.miner(freshName(), { gist: { gistId: first.gist.gistId } })
    expect(await platform.submit(thief)).toMatchObject({ status: 400, body: { code: 'gist_used' } })
  })

  it('17, 20: a hotkey without a uid, or with that of the owner, is refused', async () => {
    const nobody = platform.miner(freshName())
    facts().uids.delete(nobody.signer.account)
    expect(await platform.submit(nobody)).toMatchObject({
      status: 400,
      body: { code: 'hotkey_not_registered' },
    })
    const owner = platform.miner(freshName())
    facts().register(owner, 0)
    expect(await platform.submit(owner)).toMatchObject({ status: 400, body: { code: 'uid_invalid' } })
  })

  describe('19: the commitment', () => {
    let looks: number
    beforeEach(() => {
      looks = facts().looks
    })
    const committed = (...reveals: Parameters<TestFacts['reveal']>[1][]) => {
      const miner = platform.miner(freshName())
      facts().texts.delete(miner.signer.account)
      for (const reveal of reveals) facts().reveal(miner, reveal)
      return platform.submit(miner)
    }

    it('is looked for five times when nothing has been revealed', async () => {
      expect(await committed()).toMatchObject({ status: 400, body: { code: 'commitment_missing' } })
      expect(facts().looks - looks).toBe(5)
    })
    it('does not count when it was never locked', async () => {
      expect(await committed({ wasTimelocked: false })).toMatchObject({
        body: { code: 'commitment_missing' },
      })
    })
    it('must be the only one ever revealed', async () => {
      expect(await committed({}, {})).toMatchObject({ body: { code: 'commitment_not_single' } })
    })
    it('must have two parts', async () => {
      expect(await committed({ text: 'hello' })).toMatchObject({ body: { code: 'commitment_malformed' } })
      expect(await committed({ text: null })).toMatchObject({ body: { code: 'commitment_malformed' } })
    })
    it('must be of this very content', async () => {
      const text = `${'a'.repeat(40)}:${'b'.repeat(64)}`
      expect(await committed({ text })).toMatchObject({ body: { code: 'commitment_mismatch' } })
      expect(facts().looks - looks).toBe(1)
    })
  })

  it('21: the same text again is a conflict, and nearly the same one too', async () => {
    const words = Array.from(
      { length: 400 },
      (_, i) => `w${'abcdefghij'[i % 10]}${'klmnopqrst'[i % 7]}`,
    ).join(' ')
    const artifact = {
      user_prompt_template: `For {{ persona }}: ${words}`,
      system_prompt_template: 'Answer {{ sku }}.',
    }
    const first = platform.miner(freshName(), { artifact })
    const { body } = await platform.submit(first)
    const copy = platform.miner(freshName(), { artifact })
    expect(await platform.submit(copy)).toMatchObject({
      status: 409,
      body: {
        code: 'duplicate',
        error: 'Agent is too similar to existing agents',
        similar_agents: [{ agent_id: body.artifact_id, similarity_score: '1.0000', distance: '0.0000' }],
        threshold: 0.0001,
      },
    })
    const spaced = platform.miner(freshName(), {
      artifact: { ...artifact, system_prompt_template: 'Answer  {{ sku }}.' },
    })
    expect(await platform.submit(spaced)).toMatchObject({
      status: 409,
      body: { code: 'too_similar', similar_agents: [{ agent_id: body.artifact_id }] },
    })
    const other = platform.miner(freshName(), {
      artifact: { ...artifact, system_prompt_template: 'Choose {{ sku }} rather.' },
    })
    expect((await platform.submit(other)).status).toBe(201)
  })
})
