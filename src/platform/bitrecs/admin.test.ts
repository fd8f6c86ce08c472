import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bitrecs } from '../../mechanisms/bitrecs'
import { TestPlatform } from './test/test-platform'

describe('the operator', () => {
  let platform: TestPlatform
  beforeAll(async () => {
    platform = await TestPlatform.start()
  })
  afterAll(() => platform.close())

  it('is known by a token; without one nobody is', async () => {
    const ban = { hotkey: platform.miner('a').hotkey, reason: 'r' }
    expect((await platform.request('POST', '/admin/ban-hotkey', ban)).status).toBe(401)
    const wrong = { 'x-admin-token': 'operato' }
    expect((await platform.request('POST', '/admin/ban-hotkey', ban, wrong)).status).toBe(401)
    await platform.shut()
    await platform.open({ bitrecsAdminToken: undefined })
    expect(await platform.admin('ban-hotkey', ban)).toMatchObject({
      status: 401,
      body: { error: 'No admin token is configured' },
    })
    await platform.shut()
    await platform.open()
    expect(await platform.events()).toEqual([])
  })

  it('bans and unbans a hotkey, each time with a reason', async () => {
    const { hotkey, signer } = platform.miner('b')
    expect(await platform.admin('unban-hotkey', { hotkey, reason: 'x' })).toMatchObject({ status: 409 })
    expect(await platform.admin('ban-hotkey', { hotkey, reason: 'copied' })).toEqual({
      status: 200,
      body: { status: 'success' },
    })
    expect(await platform.admin('ban-hotkey', { hotkey, reason: 'copied' })).toMatchObject({ status: 409 })
    expect(await platform.admin('ban-hotkey', { hotkey: 'nobody', reason: 'x' })).toMatchObject({
      status: 400,
    })
    expect((await platform.admin('unban-hotkey', { hotkey, reason: 'appeal' })).status).toBe(200)
    const acts = (await platform.events()).filter(({ type }) => type.startsWith('BitrecsHotkey'))
    expect(acts.map(({ type, payload }) => [type, payload])).toEqual([
      ['BitrecsHotkeyBanned', { hotkey: signer.account, reason: 'copied', at: platform.nowMs }],
      ['BitrecsHotkeyUnbanned', { hotkey: signer.account, reason: 'appeal', at: platform.nowMs }],
    ])
    expect((await platform.submit(platform.miner('b'))).body.code).toBe('commitment_not_single')
  })

  it('takes an artifact out once', async () => {
    const { body } = await platform.submit(platform.miner('c'))
    const unapprove = { agent_id: body.artifact_id, reason: 'names of products' }
    expect((await platform.admin('unapprove-agent', unapprove)).status).toBe(200)
    expect((await platform.admin('unapprove-agent', unapprove)).status).toBe(409)
    const unknown = { agent_id: '00000000-0000-4000-8000-000000000000', reason: 'r' }
    expect((await platform.admin('unapprove-agent', unknown)).status).toBe(404)
  })

  it('records a policy', async () => {
    const policy = { id: 'mine/1', effectiveFromBlock: 100, emissionPortion: 0.5 }
    expect((await platform.admin('policy', { policy })).status).toBe(200)
    const { rows } = await platform.pool.query(
      `select payload from log_event where type = 'PolicySet' order by seq`,
    )
    expect(rows.at(-1).payload).toMatchObject({ policyId: 'mine/1', policy, origin: 'operator' })
    expect((await platform.admin('policy', { policy: { id: 'x', effectiveFromBlock: -1 } })).status).toBe(422)
  })
})

it('a policy that the mechanism cannot read is never recorded', async () => {
  const platform = await TestPlatform.start({ readPolicy: bitrecs.readPolicy })
  try {
    const id = 'mine/1'
    const bad = await platform.admin('policy', { policy: { id, effectiveFromBlock: 100 } })
    expect(bad).toMatchObject({ status: 400, body: { error: { code: 'SL-POLICY-INVALID' } } })
    const policy = { ...bitrecs.defaultPolicy, id, effectiveFromBlock: 100 }
    expect((await platform.admin('policy', { policy })).status).toBe(200)
    const { rows } = await platform.pool.query(
      `select payload from log_event where type = 'PolicySet' order by seq`,
    )
    expect(rows.map((row) => row.payload.policyId)).toEqual(['test', id])
  } finally {
    await platform.close()
  }
})
