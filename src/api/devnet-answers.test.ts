import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestIndexer, type TestIndexer } from '../chain/processor/test-indexer'
import type { Devnet } from '../devnet'
import { autoresearch, bitrecs, bitrecsRoles, stranger } from '../devnet/scenario/actors'
import { COPIED_ARTIFACT } from '../devnet/scenario/commitments'
import { bitrecsPayload } from '../devnet/scenario/gist'
import { startScenario } from '../devnet/scenario/start-scenario'
import { Projector } from '../projections/projector'
import { toSs58 } from './graphql/account'
import { createApiSchema } from './schema/schema'
import { type Api, startApi } from './start-api'
import { selectionOf } from './test-selection'

const BLOCKS = 340
/** Netuid 1 is dissolved at 120 and used again from 130 on; 170 swaps, 220 trims, 251 replaces, 300 upgrades. */
const HEIGHTS = [17, 125, 171, 221, 260, 301]

/** The questions here ask for everything, which no client may. */
const UNLIMITED = { maxCost: 10_000_000, maxFields: 10_000, maxTokens: 20_000, requestTimeoutMs: 60_000 }

interface Indexed {
  readonly indexer: TestIndexer
  readonly api: Api
  indexTo(height: number): Promise<void>
}

// biome-ignore lint/suspicious/noExplicitAny: each query has a shape of its own, which its test knows
type Data = Record<string, any>

async function ask(api: Api, query: string): Promise<Data> {
  const response = await fetch(`${api.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  })
  const { data, errors } = (await response.json()) as { data: Data; errors?: unknown }
  expect(errors).toBeUndefined()
  return data
}

async function open(devnet: Devnet): Promise<Indexed> {
  const indexer = await createTestIndexer(devnet)
  const projector = new Projector()
  const api = await startApi({ host: '127.0.0.1', port: 0, databaseUrl: indexer.url, limits: UNLIMITED })
  const indexTo = async (toHeight: number) => {
    await indexer.run({ toHeight, project: (store, events) => projector.apply(store.client, events) })
    const seen = async () => (await ask(api, '{ status { indexedHeight } }')).status.indexedHeight
    while ((await seen()) < toHeight) await sleep(10)
  }
  return { indexer, api, indexTo }
}

describe('what the API answers about the devnet’s history', { timeout: 120_000 }, () => {
  let devnet: Devnet
  let whole: Indexed
  let stopped: Indexed

  beforeAll(async () => {
    devnet = await startScenario({ seed: 1, historyBlocks: BLOCKS })
    whole = await open(devnet)
    await whole.indexTo(BLOCKS)
    stopped = await open(devnet)
  }, 240_000)
  afterAll(async () => {
    for (const { api, indexer } of [whole, stopped]) {
      await api.close()
      await indexer.close()
    }
    await devnet.close()
  })

  const schema = createApiSchema()
  const miner = bitrecs.miners[0]!.hotkey.account
  const swapped = autoresearch.miners[1]!.hotkey.account
  /** Each query, by its arguments without `at`. */
  const questions: readonly (readonly [query: string, args: string, depth: number])[] = [
    ['provenance', '', 1],
    ...[1, 67, 94, 122].flatMap((netuid) => {
      const of = (more = '') => `netuid: ${netuid}${more}`
      return [
        ['subnet', of(), 2],
        ['metagraph', of(), 2],
        ['neuron', of(', uid: 1'), 3],
        ['tenures', of(', last: 30'), 2],
        ['commitments', of(', last: 20'), 3],
        ['firstSubmissions', of(', first: 20, rule: COMMIT'), 3],
        ['firstSubmissions', of(', first: 20, rule: REVEAL'), 3],
        ['weightSets', of(', last: 10'), 3],
        ['weightCommits', of(', last: 20'), 3],
        ['emissions', of(', last: 20'), 3],
        ['validatorPermits', of(', last: 20'), 3],
        ['validatorPermits', of(', current: true'), 3],
        ['hyperparameters', of(), 3],
        ['events', of(', last: 20'), 2],
      ] as const
    }),
    ['subnets', '', 3],
    ['neuron', `netuid: 94, hotkey: "${swapped}"`, 3],
    ['firstSubmission', `netuid: 122, hotkey: "${miner}"`, 3],
    ['firstSubmission', `netuid: 122, content: ${JSON.stringify(bitrecsPayload(COPIED_ARTIFACT))}`, 3],
    [
      'commitmentValidity',
      `netuid: 122, hotkey: "${miner}", content: ${JSON.stringify(bitrecsPayload(COPIED_ARTIFACT))}`,
      3,
    ],
  ]
  const text = ([query, args, depth]: (typeof questions)[number], at: string): string => {
    const given = [args, at].filter((it) => it !== '').join(', ')
    return `{ ${query}${given && `(${given})`} ${selectionOf(schema, query, depth)} }`
  }

  it.each(HEIGHTS)(
    'at block %i is, in every field, what an indexer answers that stopped there',
    async (height) => {
      await stopped.indexTo(height)
      let bytes = 0
      for (const question of questions) {
        const then = await ask(whole.api, text(question, `at: {height: ${height}}`))
        const now = await ask(stopped.api, text(question, ''))
        expect(then, question.join(' ')).toEqual(now)
        bytes += JSON.stringify(now).length
      }
      // Answers that are all empty would be equal too.
      expect(bytes).toBeGreaterThan(30_000)
    },
  )

  it.each([
    ['VALID', 'as soon as it is open', bitrecsRoles.honest[0]!, bitrecsPayload(COPIED_ARTIFACT), 20],
    ['NOT_REVEALED', 'before', bitrecsRoles.honest[0]!, bitrecsPayload(COPIED_ARTIFACT), 19],
    [
      'VALID',
      'a copy too: who was first is another question',
      bitrecsRoles.copycat,
      bitrecsPayload(COPIED_ARTIFACT),
      BLOCKS,
    ],
    ['SUPERSEDED', 'by another of the same block', bitrecsRoles.impatient, 'draft', 34],
    ['VALID', 'which is the block’s last', bitrecsRoles.impatient, bitrecsPayload('miner 4 anew'), 34],
    ['VALID', 'through a proxy', bitrecsRoles.indirect, bitrecsPayload('miner 11'), 41],
    ['SUPERSEDED', 'by one that no call shows', bitrecsRoles.indirect, bitrecsPayload('miner 11'), 42],
    ['MISMATCH', 'other content', bitrecsRoles.honest[0]!, 'something else', BLOCKS],
    [
      'MISMATCH',
      'what was cancelled never opened',
      bitrecsRoles.hesitant,
      bitrecsPayload('miner 5 draft'),
      BLOCKS,
    ],
    ['NONE', 'a validator', bitrecs.validators[0]!, 'anything', BLOCKS],
    ['VALID', 'before its uid was lost', bitrecsRoles.leaver, bitrecsPayload('miner 10'), 250],
    [
      'NOT_REGISTERED',
      'from the block on in which it was',
      bitrecsRoles.leaver,
      bitrecsPayload('miner 10'),
      251,
    ],
    ['NOT_REGISTERED', 'never was', stranger, 'not registered', 100],
  ])('a commitment is %s: %s', async (status, _, { hotkey }, content, height) => {
    const { commitmentValidity } = await ask(
      whole.api,
      `{ commitmentValidity(netuid: 122, hotkey: "${hotkey.account}", content: ${JSON.stringify(content)},
          at: {height: ${height}}) { status evidence { height } commitment { uid } provenance { height blockHash } } }`,
    )
    expect(commitmentValidity).toMatchObject({
      status,
      provenance: { height, blockHash: devnet.node.chain.at(height)!.hash },
    })
    const { evidence } = commitmentValidity as { evidence: { height: number }[] }
    expect(evidence.every((event) => event.height <= height)).toBe(true)
  })

  it('names the holder of every uid, and who has a permit, as the chain’s own storage does', async () => {
    for (const netuid of [1, 67, 94, 122]) {
      const { metagraph } = await ask(
        whole.api,
        `{ metagraph(netuid: ${netuid}) { neurons { uid hotkey registeredAt validatorPermit } } }`,
      )
      const permits = devnet.node.storage.get<boolean[]>('SubtensorModule.ValidatorPermit', netuid)
      const stored = devnet.node.storage
        .entries<[number, number], string>('SubtensorModule.Keys', netuid)
        .map(([[, uid], hotkey]) => ({
          uid,
          hotkey: toSs58(hotkey),
          registeredAt: Number(devnet.node.storage.get('SubtensorModule.BlockAtRegistration', netuid, uid)),
          validatorPermit: permits[uid] === true,
        }))
      const { neurons } = metagraph as { neurons: { uid: number }[] }
      expect([...neurons].sort((a, b) => a.uid - b.uid)).toEqual(stored.sort((a, b) => a.uid - b.uid))
    }
  })
})
