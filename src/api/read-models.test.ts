import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { toSs58 } from './graphql/account'
import { blockHashOf, startTestApi, type TestApi } from './test-api'
import { insertScenarioRows } from './test-rows'
import { A, B, C, D, E, hostileBytes, SCENARIO_HEIGHT, scenario, sha256 } from './test-scenario'

let test: TestApi
beforeAll(async () => {
  test = await startTestApi()
  const client = new Client({ connectionString: test.database.url })
  await client.connect()
  await insertScenarioRows(client)
  await client.end()
  await test.index(SCENARIO_HEIGHT, scenario)
})
afterAll(() => test.close())

async function data(query: string, variables?: Record<string, unknown>) {
  const answer = await test.ask(query, variables)
  expect(answer.errors).toBeUndefined()
  return answer.data
}

const at = (height: number | null) => (height === null ? '' : `, at: {height: ${height}}`)

describe('who was first', () => {
  const ranking = async (rule: string, height: number | null = null) => {
    const asked = await data(
      `{ firstSubmissions(netuid: 122, rule: ${rule}${at(height)}) { totalCount nodes { hotkey rank } } }`,
    )
    const { nodes, totalCount } = asked.firstSubmissions
    expect(totalCount).toBe(nodes.length)
    expect(nodes.map((node: { rank: number }) => node.rank)).toEqual(
      nodes.map((_: unknown, i: number) => i + 1),
    )
    return nodes.map((node: { hotkey: string }) => node.hotkey)
  }

  it('depends on the rule: committing first is not making public first', async () => {
    expect(await ranking('COMMIT')).toEqual([B, A, C, D].map(toSs58))
    expect(await ranking('REVEAL')).toEqual([A, C, B, D].map(toSs58))
  })

  it('at an earlier block does not know what came later', async () => {
    expect(await ranking('COMMIT', 5)).toEqual([B, A].map(toSs58))
    expect(await ranking('REVEAL', 5)).toEqual([A].map(toSs58))
    expect(await ranking('REVEAL', 8)).toEqual([A, C, B].map(toSs58))
    expect(await ranking('COMMIT', 3)).toEqual([])
  })

  const one = (argument: string) =>
    data(`{ firstSubmission(netuid: 122, ${argument}) {
      hotkey uid contentHash commit { height seq extrinsicIndex blockHash } reveal { height seq }
      commitment { text state } evidence { seq type } provenance { height blockHash } } }`)

  it('is answered by hotkey with its evidence', async () => {
    expect((await one(`hotkey: "${toSs58(B)}"`)).firstSubmission).toEqual({
      hotkey: toSs58(B),
      uid: 1,
      contentHash: sha256('alpha'),
      commit: { height: 4, seq: '4', extrinsicIndex: 2, blockHash: blockHashOf(4) },
      reveal: { height: 8, seq: '9' },
      commitment: { text: 'alpha', state: 'REVEALED' },
      evidence: [
        { seq: '4', type: 'CommitmentTimelocked' },
        { seq: '9', type: 'CommitmentRevealed' },
      ],
      provenance: { height: SCENARIO_HEIGHT, blockHash: blockHashOf(SCENARIO_HEIGHT) },
    })
    const before = (await one(`hotkey: "${B}", at: {height: 7}`)).firstSubmission
    expect(before).toMatchObject({
      reveal: null,
      contentHash: null,
      commitment: { text: null, state: 'PENDING' },
    })
    expect(before.evidence).toHaveLength(1)
  })

  it('is answered by content, committed first or public first', async () => {
    expect((await one('content: "alpha"')).firstSubmission.hotkey).toBe(toSs58(B))
    expect((await one('content: "alpha", rule: REVEAL')).firstSubmission.hotkey).toBe(toSs58(A))
    expect((await one('content: "alpha", at: {height: 7}')).firstSubmission.hotkey).toBe(toSs58(A))
    expect((await one(`contentHash: "${sha256('gamma')}"`)).firstSubmission.hotkey).toBe(toSs58(C))
    expect((await one('content: "never"')).firstSubmission).toBeNull()
  })

  it('follows the lineage of a swapped hotkey only when asked to', async () => {
    const first = async (identity: string) =>
      (await one(`hotkey: "${E}", identity: ${identity}`)).firstSubmission?.hotkey ?? null
    expect(await first('HOTKEY')).toBeNull()
    expect(await first('LINEAGE')).toBe(toSs58(A))
  })

  it('answers many requests that come together each for itself', async () => {
    const keys = Array.from({ length: 120 }, (_, i) => [A, B, C, D, `0x${'ee'.repeat(32)}`][i % 5]!)
    const query = 'query ($k: Account!) { firstSubmission(netuid: 122, hotkey: $k) { hotkey } }'
    const answers = await Promise.all(keys.map((k) => data(query, { k })))
    expect(answers.map((answer) => answer.firstSubmission?.hotkey ?? null)).toEqual(
      keys.map((key) => (key.startsWith('0xee') ? null : toSs58(key))),
    )
  })
})

describe('the validity of a commitment', () => {
  const judge = async (hotkey: string, content: string, height: number | null = null) => {
    const { commitmentValidity } = await data(
      `query ($content: String) { commitmentValidity(netuid: 122, hotkey: "${hotkey}", content: $content${at(height)}) {
        status explanation committedSinceRegistration evidence { seq type } } }`,
      { content },
    )
    return commitmentValidity
  }

  it.each([
    ['VALID', A, 'beta', null, ['NeuronRegistered', 'Committed']],
    ['VALID', A, 'alpha', 8, ['NeuronRegistered', 'Committed']],
    ['SUPERSEDED', A, 'alpha', null, ['NeuronRegistered', 'Committed', 'Committed']],
    ['MISMATCH', A, 'omega', null, ['NeuronRegistered', 'Committed']],
    ['NOT_REVEALED', B, 'alpha', 7, ['NeuronRegistered', 'CommitmentTimelocked']],
    ['VALID', B, 'alpha', 8, ['NeuronRegistered', 'CommitmentTimelocked', 'CommitmentRevealed']],
    ['VALID', C, 'gamma', 6, ['NeuronRegistered', 'Committed']],
    ['NOT_REGISTERED', C, 'gamma', null, ['NeuronRegistered', 'Committed', 'TenureEnded']],
    ['NOT_REGISTERED', D, 'alpha', 6, []],
    ['NONE', D, 'alpha', 9, ['NeuronRegistered']],
    ['VALID', D, `0x${hostileBytes.toString('hex')}`, null, ['NeuronRegistered', 'Committed']],
  ])('is %s with the events that prove it (%#)', async (status, hotkey, content, height, evidence) => {
    const verdict = await judge(hotkey, content, height)
    expect(verdict.status).toBe(status)
    expect(verdict.evidence.map((event: { type: string }) => event.type)).toEqual(evidence)
    expect(verdict.explanation).not.toMatch(/undefined|null/)
  })
})

describe('a hostile commitment', () => {
  it('is shown exactly as hex and not at all as text', async () => {
    const { commitments } = await data(
      `{ commitments(netuid: 122, hotkey: "${D}") { nodes { text hex fields { text hex kind } contentHash } } }`,
    )
    const hex = `0x${hostileBytes.toString('hex')}`
    expect(commitments.nodes).toEqual([
      {
        text: null,
        hex,
        fields: [{ text: null, hex, kind: `Raw${hostileBytes.byteLength}` }],
        contentHash: sha256(hostileBytes),
      },
    ])
  })
})

describe('commitments', () => {
  it('are filtered and counted', async () => {
    const ask = async (args: string) => {
      const { commitments } = await data(
        `{ commitments(netuid: 122, ${args}) { totalCount nodes { height current } } }`,
      )
      expect(commitments.totalCount).toBe(commitments.nodes.length)
      return commitments.nodes.map((node: { height: number }) => node.height)
    }
    expect(await ask('first: 50')).toEqual([4, 5, 6, 9, 10])
    expect(await ask('current: true')).toEqual([4, 6, 9, 10])
    expect(await ask('current: false')).toEqual([5])
    expect(await ask(`hotkey: "${A}"`)).toEqual([5, 9])
    expect(await ask('kind: TIMELOCKED')).toEqual([4])
    expect(await ask(`contentHash: "${sha256('alpha')}"`)).toEqual([4, 5])
    expect(await ask(`contentHash: "${sha256('alpha')}", at: {height: 7}`)).toEqual([5])
    expect(await ask('fromHeight: 6, toHeight: 9')).toEqual([6, 9])
  })

  it('can be walked page by page in both directions', async () => {
    const walk = async (forward: boolean) => {
      const seen: number[] = []
      let cursor: string | null = null
      for (;;) {
        const args: string = forward
          ? `first: 2${cursor ? `, after: "${cursor}"` : ''}`
          : `last: 2${cursor ? `, before: "${cursor}"` : ''}`
        const { commitments } = await data(`{ commitments(netuid: 122, ${args}) {
          nodes { height } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`)
        const page = commitments.nodes.map((node: { height: number }) => node.height)
        if (forward) seen.push(...page)
        else seen.unshift(...page)
        const { pageInfo } = commitments
        if (!(forward ? pageInfo.hasNextPage : pageInfo.hasPreviousPage)) return seen
        cursor = forward ? pageInfo.endCursor : pageInfo.startCursor
      }
    }
    expect(await walk(true)).toEqual([4, 5, 6, 9, 10])
    expect(await walk(false)).toEqual([4, 5, 6, 9, 10])
  })
})

describe('neurons', () => {
  it('are those of the block', async () => {
    const holders = async (height: number | null) => {
      const { metagraph } = await data(
        `{ metagraph(netuid: 122${at(height)}) { neurons { uid hotkey commitment { text } } } }`,
      )
      return metagraph.neurons.map(
        (n: { uid: number; hotkey: string; commitment: { text: string } | null }) => [
          n.uid,
          n.hotkey,
          n.commitment?.text ?? null,
        ],
      )
    }
    expect(await holders(6)).toEqual([
      [0, toSs58(A), 'alpha'],
      [1, toSs58(B), null],
      [2, toSs58(C), 'gamma'],
    ])
    expect(await holders(9)).toEqual([
      [0, toSs58(A), 'beta'],
      [1, toSs58(B), 'alpha'],
      [2, toSs58(D), null],
    ])
  })

  it('are found by uid and by hotkey, with the tenure as known at the block', async () => {
    const neuron = async (args: string) =>
      (await data(`{ neuron(netuid: 122, ${args}) { uid hotkey fromHeight toHeight endReason } }`)).neuron
    expect(await neuron('uid: 2, at: {height: 6}')).toEqual({
      uid: 2,
      hotkey: toSs58(C),
      fromHeight: 3,
      toHeight: null,
      endReason: null,
    })
    expect(await neuron('uid: 2')).toMatchObject({ hotkey: toSs58(D), fromHeight: 7 })
    expect(await neuron(`hotkey: "${C}"`)).toBeNull()
    const { tenures } = await data(
      '{ tenures(netuid: 122, uid: 2) { nodes { hotkey toHeight endReason } totalCount } }',
    )
    expect(tenures.nodes).toEqual([
      { hotkey: toSs58(C), toHeight: 7, endReason: 'replaced' },
      { hotkey: toSs58(D), toHeight: null, endReason: null },
    ])
  })
})

describe('subnets and their parameters', () => {
  const parameters = async (args: string) =>
    (await data(`{ hyperparameters(netuid: 122${args}) { name value fromHeight toHeight endReason } }`))
      .hyperparameters

  it('have the values of the block, and a history', async () => {
    const allowed = {
      name: 'registrationAllowed',
      value: true,
      fromHeight: 1,
      toHeight: null,
      endReason: null,
    }
    const before = { name: 'tempo', value: '360', fromHeight: 1, toHeight: null, endReason: null }
    const after = { name: 'tempo', value: '99', fromHeight: 5, toHeight: null, endReason: null }
    expect(await parameters(', at: {height: 4}')).toEqual([allowed, before])
    expect(await parameters('')).toEqual([allowed, after])
    expect(await parameters(', name: "tempo", history: true')).toEqual([
      { ...before, toHeight: 5, endReason: 'changed' },
      after,
    ])
  })

  it('are known from their registration on', async () => {
    const { subnets } = await data(
      '{ subnets { netuid subnetInstance hyperparameters { name } evidence { type } } }',
    )
    expect(subnets).toEqual([
      {
        netuid: 122,
        subnetInstance: 1,
        hyperparameters: [{ name: 'registrationAllowed' }, { name: 'tempo' }],
        evidence: [{ type: 'SubnetRegistered' }],
      },
    ])
    expect((await data('{ subnet(netuid: 122, at: {height: 0}) { netuid } }')).subnet).toBeNull()
  })
})

describe('weights and emissions', () => {
  it('name targets by hotkey, and the vector that holds at the block', async () => {
    const sets = async (args: string) =>
      (
        await data(`{ weightSets(netuid: 122${args}) { totalCount nodes {
          hotkey setHeight toHeight versionKey weights { uid hotkey raw u16 } } } }`)
      ).weightSets
    const now = await sets(', current: true')
    expect(now).toEqual({
      totalCount: 1,
      nodes: [
        {
          hotkey: toSs58(B),
          setHeight: 12,
          toHeight: null,
          versionKey: '18446744073709551615',
          weights: [
            { uid: 0, hotkey: toSs58(A), raw: 2, u16: 32768 },
            { uid: 7, hotkey: null, raw: 4, u16: 65535 },
          ],
        },
      ],
    })
    expect((await sets(', at: {height: 11}')).nodes).toMatchObject([
      { setHeight: 11, toHeight: null, weights: [{ raw: 1 }, { raw: 2 }] },
    ])
    expect((await sets(`, hotkey: "${B}", uid: 1, mechanism: 0`)).totalCount).toBe(2)
  })

  it('say what became of a commit, as known at the block', async () => {
    const commits = async (args: string) =>
      (
        await data(
          `{ weightCommits(netuid: 122${args}) { nodes { state endHeight endReason revealRound } } }`,
        )
      ).weightCommits.nodes
    expect(await commits(', at: {height: 7}')).toEqual([
      { state: 'PENDING', endHeight: null, endReason: null, revealRound: '77' },
    ])
    expect(await commits(', state: REVEALED')).toEqual([
      { state: 'REVEALED', endHeight: 8, endReason: 'revealed', revealRound: '77' },
    ])
    expect(await commits(', state: PENDING')).toEqual([])
    expect(await commits(', state: REVEALED, at: {height: 7}')).toEqual([])
  })

  it('page through the uids of one epoch, with amounts beyond 2^53', async () => {
    const page = async (args: string) =>
      (
        await data(
          `{ emissions(netuid: 122, ${args}) { nodes { uid hotkey amountRao height } pageInfo { endCursor } } }`,
        )
      ).emissions
    const first = await page('first: 2')
    expect(first.nodes).toEqual([
      { uid: 0, hotkey: toSs58(A), amountRao: '9007199254740993', height: 9 },
      { uid: 1, hotkey: toSs58(B), amountRao: '19007199254740993', height: 9 },
    ])
    const rest = await page(`first: 2, after: "${first.pageInfo.endCursor}"`)
    expect(rest.nodes).toMatchObject([{ uid: 2, hotkey: null }])
  })
})

describe('a projection that is rebuilt', () => {
  it('is switched under the API without an error', async () => {
    const ask = () =>
      data(
        `{ metagraph(netuid: 122) { neurons { uid hotkey } } firstSubmission(netuid: 122, hotkey: "${B}") { hotkey } }`,
      )
    const before = await ask()
    const client = new Client({ connectionString: test.database.url })
    await client.connect()
    const asking = (async () => {
      const answers = []
      for (let i = 0; i < 60; i += 1) answers.push(await ask())
      return answers
    })()
    for (const table of ['tenure', 'first_submission', 'tenure', 'first_submission']) {
      await client.query(`begin;
        create table rebuilt (like ${table} including all);
        insert into rebuilt select * from ${table};
        drop table ${table};
        alter table rebuilt rename to ${table};
        commit`)
    }
    await client.end()
    for (const answer of [...(await asking), await ask()]) expect(answer).toEqual(before)
  })
})
