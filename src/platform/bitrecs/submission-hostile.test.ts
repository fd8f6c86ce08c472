import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Projector } from '../../projections/projector'
import { yamlOf } from './test/test-miner'
import { TestPlatform } from './test/test-platform'

const TIMEOUT_MS = 3_000

const projecting = () => {
  const projector = new Projector()
  return {
    project: (client, events) => projector.apply(client, events),
    onRollback: () => projector.reset(),
  } satisfies ReturnType<NonNullable<NonNullable<Parameters<typeof TestPlatform.start>[0]>['projecting']>>
}

describe('what comes from outside', () => {
  let platform: TestPlatform
  beforeAll(async () => {
    platform = await TestPlatform.start({ projecting, settings: { bitrecsGistTimeoutMs: TIMEOUT_MS } })
  })
  afterAll(() => platform.close())

  const gistPath = (gistId: string) => `/gists/${gistId}`

  it('a gist that redirects is refused, and nobody follows', async () => {
    const miner = platform.miner('redirected')
    platform.gists.intercept(gistPath(miner.gist.gistId), (response) =>
      response.writeHead(302, { location: `${platform.gists.url}/secret` }).end(),
    )
    expect(await platform.submit(miner)).toMatchObject({
      status: 400,
      body: { error: 'Failed to submit artifact', code: 'gist_redirected', request_id: expect.any(String) },
    })
    expect(platform.gists.asked).not.toContain('/secret')
  })

  it('a gist that never ends is cut off by its size', async () => {
    const miner = platform.miner('endless')
    const raw = `/${miner.gist.account}/${miner.gist.gistId}/raw/${miner.gist.commitSha}/artifact.yaml`
    platform.gists.intercept(raw, (response) => {
      const chunk = Buffer.alloc(16_384, 'a')
      const write = () => {
        while (!response.destroyed && response.write(chunk));
        if (!response.destroyed) response.once('drain', write)
      }
      write()
    })
    expect(await platform.submit(miner)).toMatchObject({ status: 400, body: { code: 'gist_too_large' } })
  })

  it('a gist that trickles for ever is cut off by its time, as is one that says nothing', async () => {
    const slow = platform.miner('trickling')
    platform.gists.intercept(gistPath(slow.gist.gistId), (response) => {
      const timer = setInterval(() => response.write(' '), 20)
      response.on('close', () => clearInterval(timer))
    })
    expect(await platform.submit(slow)).toMatchObject({ status: 400, body: { code: 'gist_timed_out' } })
    const mute = platform.miner('mute')
    platform.gists.intercept(gistPath(mute.gist.gistId), () => undefined)
    expect(await platform.submit(mute)).toMatchObject({ status: 400, body: { code: 'gist_timed_out' } })
  })

  it('bytes that are no text and answers that are no JSON are refused', async () => {
    const binary = platform.miner('binary')
    const raw = `/${binary.gist.account}/${binary.gist.gistId}/raw/${binary.gist.commitSha}/artifact.yaml`
    platform.gists.intercept(raw, (response) => response.end(Buffer.from([0xff, 0xfe, 0x00])))
    expect((await platform.submit(binary)).body.code).toBe('gist_not_text')
    const page = platform.miner('page')
    platform.gists.intercept(gistPath(page.gist.gistId), (response) => response.end('<html>'))
    expect((await platform.submit(page)).body.code).toBe('gist_not_text')
  })

  const aliases = ['a: &a [x,x,x,x,x,x,x,x,x]']
  for (const [i, name] of [...'bcdefghij'].entries()) {
    const before = 'abcdefghij'[i]
    aliases.push(`${name}: &${name} [${Array.from({ length: 9 }, () => `*${before}`).join(',')}]`)
  }
  it.each([
    ['a billion laughs', aliases.join('\n')],
    ['lists within lists', '['.repeat(50_000)],
    ['mappings within mappings', '{a: '.repeat(30_000)],
    ['very many keys', Array.from({ length: 3_000 }, (_, i) => `k${i}: 1`).join('\n')],
    ['a tag of another language', '!!python/object/apply:os.system ["true"]'],
    ['many documents', '---\na: 1\n---\nb: 2\n'],
  ])('a YAML bomb is refused: %s', async (name, content) => {
    const miner = platform.miner(name.replaceAll(' ', '-'), { content })
    expect(await platform.submit(miner)).toMatchObject({
      status: 400,
      body: { error: 'Failed to submit artifact', code: expect.stringMatching(/^(yaml_|artifact_schema)/) },
    })
  })

  it('a name of an object that everything inherits from changes nothing', async () => {
    const miner = platform.miner('heir')
    const content = yamlOf({ ...JSON.parse(miner.gist.content) }).replace(
      '{',
      '{"__proto__": {"agent_id": "x"},',
    )
    const heir = platform.miner('heir', { content })
    await platform.submit(heir)
    expect(({} as Record<string, unknown>).agent_id).toBeUndefined()
  })

  it.each([
    ['no JSON', '{', 400],
    ['no object', '[]', 422],
    ['nothing of a submission', '{}', 422],
    [
      'a hotkey of a megabyte',
      JSON.stringify({
        created_at: '',
        github_account: '',
        gist_id: '',
        hotkey: 'x'.repeat(600),
        signature: '',
      }),
      422,
    ],
    ['more than a megabyte', `"${'x'.repeat(1_100_000)}"`, 413],
  ])('%s is refused and leaves no event', async (_, body, status) => {
    const before = (await platform.events()).length
    expect((await platform.request('POST', '/submit', body)).status).toBe(status)
    expect(await platform.events()).toHaveLength(before)
  })

  it.each(['a\0b', '\u202e', "'; drop table log_event; --", '{{7*7}}', ''])(
    'text that hurts is refused and kept as it is: %j',
    async (text) => {
      for (const field of ['created_at', 'github_account', 'gist_id', 'hotkey', 'signature']) {
        const miner = platform.miner('hurt', { submission: { [field]: text } })
        const { status } = await platform.submit(miner)
        expect([field, status]).toEqual([field, 400])
      }
      const artifact = { model: `m${text}`, miner_hotkey: 'x' }
      expect((await platform.submit(platform.miner('hurt', { artifact }))).status).toBe(400)
    },
  )

  it('half of a character is no text: it never gets to a command', async () => {
    const miner = platform.miner('half', { submission: { gist_id: '\ud800' } })
    expect(await platform.submit(miner)).toMatchObject({ status: 422, body: { code: 'text_broken' } })
    const { hotkey } = miner
    expect((await platform.admin('ban-hotkey', { hotkey, reason: '\udfff' })).status).toBe(422)
    const named = platform.miner('half', { artifact: { model: 'm\ud800' } })
    expect((await platform.submit(named)).body.code).toBe('yaml_invalid')
  })

  it('of a hundred submissions of one hotkey at once exactly one is accepted', async () => {
    const miner = platform.miner('crowd')
    const answers = await Promise.all(Array.from({ length: 100 }, () => platform.submit(miner)))
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1)
    const refused = answers.filter(({ status }) => status === 400)
    expect(new Set(refused.map(({ body }) => body.code))).toEqual(new Set(['hotkey_used']))
    expect(refused).toHaveLength(99)
    const { rows } = await platform.pool.query('select agent_id from bitrecs_agent where hotkey = $1', [
      Buffer.from(miner.signer.account.slice(2), 'hex'),
    ])
    expect(rows).toHaveLength(1)
  })

  it('of a hundred copies of one request exactly one is looked at', async () => {
    const miner = platform.miner('echo')
    const headers = miner.headers()
    const answers = await Promise.all(Array.from({ length: 100 }, () => platform.submit(miner, headers)))
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1)
    expect(new Set(answers.filter(({ status }) => status !== 201).map(({ body }) => body.code))).toEqual(
      new Set(['nonce_used']),
    )
  })

  it('the database itself knows a hotkey and a gist once only', async () => {
    const miner = platform.miner('unique')
    expect((await platform.submit(miner)).status).toBe(201)
    for (const table of ['bitrecs_agent', 'bitrecs_gist']) {
      const copy = `insert into ${table} select (t).* from (
        select jsonb_populate_record(null::${table}, to_jsonb(a) || '{"id": "again", "agent_id": "again"}') as t
        from ${table} a limit 1) as copied`
      await expect(platform.pool.query(copy)).rejects.toMatchObject({ code: '23505' })
    }
  })
})

describe('a restart', () => {
  it('changes nothing: hotkeys, gists, nonces, bans and embeddings are in the log', async () => {
    const platform = await TestPlatform.start({ projecting })
    try {
      const alice = platform.miner('alice')
      const headers = alice.headers()
      expect((await platform.submit(alice, headers)).status).toBe(201)
      const banned = platform.miner('banned')
      await platform.admin('ban-hotkey', { hotkey: banned.hotkey, reason: 'copied evaluation data' })
      await platform.shut()
      await platform.open()
      expect((await platform.submit(alice, headers)).body.code).toBe('nonce_used')
      expect((await platform.submit(alice)).body.code).toBe('hotkey_used')
      expect(await platform.submit(banned)).toMatchObject({
        status: 403,
        body: { code: 'hotkey_banned', detail: 'This hotkey is banned: copied evaluation data' },
      })
      const copy = platform.miner('copy', {
        artifact: { ...JSON.parse(alice.gist.content), miner_hotkey: platform.miner('copy').hotkey },
      })
      const facts = platform.facts as unknown as { texts: Map<string, unknown[]> }
      facts.texts.get(copy.signer.account)!.shift()
      expect((await platform.submit(copy)).body.code).toBe('duplicate')
    } finally {
      await platform.close()
    }
  })
})
