import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connect } from '../database/connect'
import type { PayloadOf } from '../log/catalogue'
import type { EventDraft } from '../log/envelope'
import { readEvents } from '../log/read'
import { Projector } from '../projections/projector'
import { toSs58 } from './graphql/account'
import { blockHashOf, startTestApi, type TestApi } from './test-api'
import { accountOf, registrationDraft } from './test-drafts'

const [FIRST, SECOND, THIRD] = [1, 2, 3].map(accountOf) as [string, string, string]

function changed(height: number, payload: Partial<PayloadOf<'ValidatorPermitsChanged'>>): EventDraft {
  const nothing = { uids: [], hotkeys: [], gained: [], lost: [], source: 'epoch' as const }
  return {
    log: 'chain',
    netuid: 122,
    subnetInstance: 1,
    type: 'ValidatorPermitsChanged',
    height,
    blockHash: blockHashOf(height),
    blockTime: 1_700_000_000_000 + height * 12_000,
    payload: { ...nothing, ...payload },
  }
}

/** Three neurons; nobody has a permit at 4, two of them at 6, the first loses it at 8. */
const drafts: readonly EventDraft[] = [
  ...[0, 1, 2].map((uid) => registrationDraft({ height: 2, uid })),
  changed(4, {}),
  changed(6, { uids: [0, 1], hotkeys: [FIRST, SECOND], gained: [0, 1] }),
  changed(8, { uids: [1], hotkeys: [SECOND], lost: [0] }),
]

describe('validator permits', () => {
  let test: TestApi
  beforeAll(async () => {
    test = await startTestApi()
    await test.index(10, drafts)
    const client = await connect(test.database.url)
    await new Projector().apply(client, await readEvents(client, { log: 'chain', netuid: 122, fromSeq: 0 }))
    await client.end()
  })
  afterAll(() => test.close())

  const ask = async (query: string) => {
    const { data, errors } = await test.ask(query)
    expect(errors).toBeUndefined()
    return data
  }

  it.each([
    [3, [null, null, null]],
    [4, [false, false, false]],
    [6, [true, true, false]],
    [8, [false, true, false]],
  ])('at block %i: of each neuron whether it has one, or that nothing was told', async (height, expected) => {
    const { metagraph } = await ask(
      `{ metagraph(netuid: 122, at: {height: ${height}}) { neurons { validatorPermit } } }`,
    )
    const given = metagraph.neurons.map(
      (neuron: { validatorPermit: boolean | null }) => neuron.validatorPermit,
    )
    expect(given).toEqual(expected)
    const { neuron } = await ask(
      `{ neuron(netuid: 122, uid: 1, at: {height: ${height}}) { validatorPermit } }`,
    )
    expect(neuron.validatorPermit).toBe(expected[1])
  })

  it('are listed with their ends, by uid or hotkey, as of a block, page by page', async () => {
    const fields = 'uid hotkey fromHeight toHeight source endReason'
    const first = { uid: 0, hotkey: toSs58(FIRST), fromHeight: 6, source: 'epoch' }
    const second = { ...first, uid: 1, hotkey: toSs58(SECOND), toHeight: null, endReason: null }
    const list = async (args: string) =>
      (
        await ask(`{ validatorPermits(netuid: 122${args}) {
      totalCount nodes { ${fields} } pageInfo { endCursor hasNextPage } } }`)
      ).validatorPermits
    expect(await list('')).toMatchObject({
      totalCount: 2,
      nodes: [{ ...first, toHeight: 8, endReason: 'lost' }, second],
    })
    const then = { ...first, toHeight: null, endReason: null }
    expect((await list(', at: {height: 7}')).nodes).toEqual([then, second])
    expect((await list(', current: true')).nodes).toEqual([second])
    expect((await list(`, hotkey: "${SECOND}"`)).nodes).toEqual([second])
    expect((await list(`, hotkey: "${THIRD}"`)).nodes).toEqual([])
    expect((await list(', uid: 0, at: {height: 5}')).nodes).toEqual([])
    // Both come from one event: a page ends between them all the same.
    const page = await list(', first: 1')
    expect(page.pageInfo.hasNextPage).toBe(true)
    expect((await list(`, first: 1, after: "${page.pageInfo.endCursor}"`)).nodes).toEqual([second])
  })
})
