import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Devnet } from '../../devnet'
import { startScenario } from '../../devnet/scenario/start-scenario'
import type { ChainState } from '../state/chain-state'
import { loadState } from './load-state'
import { createTestIndexer, type TestIndexer } from './test-indexer'

const BLOCKS = 330
const MIDDLE = 200

/** What a start in mid-chain can know: holders with their tenures and permits, owners, hyperparameters. */
function known(state: ChainState) {
  return state.live().map((netuid) => {
    const subnet = state.get(netuid)!
    const holders = subnet.holders.map((h, uid) => h && { uid, ...h })
    const permits = subnet.permits && [...subnet.permits].sort((a, b) => a - b)
    return { netuid, instance: subnet.instance, owner: subnet.ownerColdkey, holders, permits }
  })
}

const parametersOf = (state: ChainState) =>
  state.live().map((netuid) => [netuid, Object.fromEntries([...state.get(netuid)!.parameters].sort())])

describe('what is indexed', () => {
  let devnet: Devnet
  let whole: TestIndexer

  beforeAll(async () => {
    devnet = await startScenario({ seed: 9, historyBlocks: BLOCKS })
    whole = await createTestIndexer(devnet)
    await whole.run({ toHeight: MIDDLE - 1 })
  }, 60_000)
  afterAll(async () => {
    await whole.close()
    await devnet.close()
  })

  it('from the middle on knows the holders, permits, owners and parameters that an indexer from 0 knows', async () => {
    const late = await createTestIndexer(devnet)
    await late.run({ fromHeight: MIDDLE, toHeight: MIDDLE })
    await whole.run({ toHeight: MIDDLE })
    const fromStart = await loadState(whole.reader)
    const fromMiddle = await loadState(late.reader)
    expect(known(fromMiddle).length).toBeGreaterThanOrEqual(3)
    expect(known(fromMiddle)).toEqual(known(fromStart))
    expect(known(fromMiddle).filter(({ permits }) => permits?.length)).toHaveLength(3)
    const parameters = new Map(parametersOf(fromMiddle) as [number, Record<string, unknown>][])
    for (const [netuid, values] of parametersOf(fromStart) as [number, Record<string, unknown>][]) {
      expect(parameters.get(netuid), `netuid ${netuid}`).toMatchObject(values)
    }
    await late.close()
  })

  it('from the middle on ends with the same holders, and the same weights from then on', async () => {
    const late = await createTestIndexer(devnet)
    await late.run({ fromHeight: MIDDLE, toHeight: BLOCKS })
    await whole.run({ toHeight: BLOCKS })
    expect(known(await loadState(late.reader))).toEqual(known(await loadState(whole.reader)))
    const weights = async ({ reader }: TestIndexer) => {
      const { rows } = await reader.query(
        `select netuid, height, event_index, payload::text from log_event
         where type = 'WeightsSet' and height > $1 order by netuid, height, event_index`,
        [MIDDLE],
      )
      return rows
    }
    expect((await weights(late)).length).toBeGreaterThan(0)
    expect(await weights(late)).toEqual(await weights(whole))
    await late.close()
  })

  it.each([122, 94, 67])(
    'of netuid %i does not depend on which other subnets are indexed',
    async (netuid) => {
      await whole.run({ toHeight: BLOCKS })
      const alone = await createTestIndexer({ ...devnet, netuids: [netuid] })
      await alone.run({ toHeight: BLOCKS })
      const { rows } = await alone.reader.query('select distinct netuid from log_event')
      expect(rows).toEqual([{ netuid }])
      expect(await alone.digest(netuid)).toBe(await whole.digest(netuid))
      await alone.close()
    },
  )
})
