import { encodeAddress } from '@polkadot/util-crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { signerOf } from '../../devnet/node/signer'
import { uploadMessage } from '../../platform/bitrecs/routes/score-routes'
import type { Miner } from '../../platform/bitrecs/test/test-miner'
import { TestPlatform } from '../../platform/bitrecs/test/test-platform'
import { readPointAt } from '../../projections/core/read-point'
import { SqlRows } from '../../projections/core/sql-rows'
import { Projector } from '../../projections/projector'
import { tableOrigins } from '../../projections/table-origins'
import { bitrecsSystem } from './bitrecs'

const NETUID = 122
const KEY = { 'x-api-key': 'validators-key' }
const validator = signerOf('validator 1')
const ss58 = (account: string) => encodeAddress(account, 42)
const SETS = { screener_1: ['basic'], screener_2: ['safe'], validator: ['prompt', 'reason'] }

/** Bad input ends in a stable error and an event, and the decision is the same as before, to the last byte of its view. */
describe('weights under bad input', { timeout: 120_000 }, () => {
  let platform: TestPlatform
  let alice: Miner
  let height: number
  let uploads = 0

  beforeAll(async () => {
    platform = await TestPlatform.start({
      settings: { bitrecsValidators: ss58(validator.account), bitrecsGistTimeoutMs: 30_000 },
      defaultPolicy: bitrecsSystem.defaultPolicy,
      projecting() {
        const projector = new Projector()
        return {
          project: (client, events) => projector.apply(client, events),
          onRollback: () => projector.reset(),
        }
      },
    })
    await platform.request('POST', '/admin/evaluation-sets', SETS, { 'x-admin-token': 'operator' })
    alice = platform.miner('alice')
    const bob = platform.miner('bob')
    for (const miner of [alice, bob]) expect((await platform.submit(miner)).status).toBe(201)
    const { body } = await upload([
      row(1, { score: 0.8 }),
      row(2, { score: 0.7, task_name: 'reason' }),
      row(3, { score: 0.6, hotkey: bob.hotkey }),
    ])
    expect(body).toEqual({ accepted: 3, refused: [] })
    height = (await platform.events()).at(-1)!.height
  }, 60_000)
  afterAll(() => platform.close())

  const row = (n: number, over: object = {}) => ({
    run_id: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
    hotkey: alice.hotkey,
    task_name: 'prompt',
    score: 0.5,
    success: true,
    duration: 1,
    evaluation_set_id: 1,
    sample_size: 5,
    ...over,
  })
  const signed = (scores: object[], over: Record<string, unknown> = {}) => {
    const timestamp = Math.floor(platform.nowMs / 1000)
    const nonce = `nonce-${String(uploads++).padStart(8, '0')}`
    const body = { hotkey: ss58(validator.account), nonce, timestamp, scores }
    const signature = Buffer.from(validator.sign(Buffer.from(uploadMessage(body)))).toString('hex')
    return { signature, ...body, ...over }
  }
  const upload = (scores: object[], over: Record<string, unknown> = {}) =>
    platform.request('POST', '/scores/upload', signed(scores, over), KEY)
  const decide = async () =>
    bitrecsSystem.compute(
      new SqlRows(platform.pool, await readPointAt(platform.pool, NETUID, height), tableOrigins()),
      bitrecsSystem.defaultPolicy,
    )
  const bad = (name: string, content: string) => () => platform.submit(platform.miner(name, { content }))
  const written = (name: string, artifact: Record<string, unknown>) => () =>
    platform.submit(platform.miner(name, { artifact }))
  const answering = (name: string, answer: Parameters<TestPlatform['gists']['intercept']>[1]) => () => {
    const miner = platform.miner(name)
    platform.gists.intercept(`/gists/${miner.gist.gistId}`, answer)
    return platform.submit(miner)
  }
  /** JSON has no NaN; Python writes it all the same. */
  const raw = (text: string) => () => {
    const body = JSON.stringify(signed([row(20)])).replace('"score":0.5', `"score":${text}`)
    return platform.request('POST', '/scores/upload', body, KEY)
  }
  let replayed: ReturnType<typeof signed>

  const attempts: readonly (readonly [name: string, code: string, () => Promise<unknown>])[] = [
    ['a score of NaN', 'request_invalid', raw('NaN')],
    ['an infinite score', 'request_invalid', raw('1e999')],
    ['a score above one', 'score_out_of_range', () => upload([row(10, { score: 1.000001 })])],
    ['a score below zero', 'score_out_of_range', () => upload([row(11, { score: -0.000001 })])],
    [
      'a hotkey that never submitted',
      'unknown_hotkey',
      () => upload([row(12, { hotkey: ss58(`0x${'7'.repeat(64)}`) })]),
    ],
    ['a better score for a run that has one', 'duplicate_run', () => upload([row(3, { score: 1 })])],
    [
      'a forged upload',
      'bad_signature',
      () => upload([row(13, { score: 1 })], { signature: 'ab'.repeat(64) }),
    ],
    [
      'an upload sent twice',
      'nonce_used',
      async () => {
        replayed = signed([row(1)])
        await platform.request('POST', '/scores/upload', replayed, KEY)
        return platform.request('POST', '/scores/upload', replayed, KEY)
      },
    ],
    ['a YAML that is too large', 'gist_too_large', bad('large', `a: ${'x'.repeat(300_000)}`)],
    ['a YAML bomb', 'yaml_invalid', bad('bomb', `a: &a [x]\nb: [${Array(40).fill('*a').join(',')}]`)],
    [
      'a template that calls',
      'template_syntax',
      written('calls', { system_prompt_template: '{{ persona.__class__() }}' }),
    ],
    [
      'a gist that redirects',
      'gist_redirected',
      answering('away', (it) => it.writeHead(302, { location: '/x' }).end()),
    ],
    [
      'a gist that never ends',
      'gist_too_large',
      answering('endless', (response) => {
        const chunk = Buffer.alloc(65_536, ' ')
        const write = () => {
          while (!response.destroyed && response.write(chunk));
          if (!response.destroyed) response.once('drain', write)
        }
        write()
      }),
    ],
  ]

  it.each(attempts)('stay as they are after %s (%s), which the log names', async (_, code, attempt) => {
    const before = await decide()
    expect(before.decision).toMatchObject({ outcome: 'weights', weights: [{ hotkey: alice.hotkey }] })
    const events = (await platform.events()).length
    await attempt()
    const more = (await platform.events()).slice(events)
    expect(more.filter(({ type }) => type === 'BitrecsScoreRecorded')).toEqual([])
    expect(more.at(-1)).toMatchObject({ type: 'CommandRefused', payload: { system: 'bitrecs', code } })
    expect(await decide()).toEqual(before)
  })

  it('stay as they are after a hundred submissions of one hotkey at once, of which one is accepted', async () => {
    const { decision } = await decide()
    const carol = platform.miner('carol')
    const answers = await Promise.all(Array.from({ length: 100 }, () => platform.submit(carol)))
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1)
    const refused = answers.filter(({ status }) => status !== 201).map(({ body }) => body.code)
    expect(new Set(refused)).toEqual(new Set(['hotkey_used']))
    expect((await decide()).decision).toEqual(decision)
  })
})
