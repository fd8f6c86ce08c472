import type { Pool } from 'pg'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createPool } from '../database/connect'
import { createTestDatabase, type TestDatabase } from '../database/test-database'
import { createHttpHost, type HttpHost } from '../http/http-host'
import type { LogEvent } from '../log/envelope'
import { readEvents } from '../log/read'
import { readBlob } from '../platform/core/blobs'
import type { OpenPlatform } from '../platform/core/open-platform'
import { SqlRows } from '../projections/core/sql-rows'
import { Projector } from '../projections/projector'
import { tableOrigins } from '../projections/table-origins'
import { auditDecision, auditStored, pointOf } from './audit'
import { storedRoots } from './decide-at'
import { Engine } from './engine'
import { treeSystem } from './example/system'
import { account, TestChain } from './test-chain-log'
import { EXAMPLE_FOLDS, prepareExample } from './test-example'

const NETUID = 4000

const validator = account(1)
const [alice, bob, stranger] = [account(2), account(3), account(4)]
/** Tempo 20 on netuid 4000: decided 10 blocks before the epoch runs. */
const TEMPO = 20

describe('the engine, on a subnet system that is not part of this repository', () => {
  let test: TestDatabase
  let pool: Pool
  let chain: TestChain
  let platform: OpenPlatform
  let host: HttpHost
  let engine: Engine
  let alarms: LogEvent[]

  beforeEach(async () => {
    test = await createTestDatabase()
    pool = createPool(test.url, {})
    await prepareExample(test.url)
    chain = await TestChain.open(test.url, NETUID)
    chain.tempo(TEMPO, 0).register(0, account(9), 0).register(1, validator, 0)
    chain.register(2, alice, 0).register(3, bob, 0)
    await chain.advance(1)
    platform = await openPlatform()
    host = await createHttpHost({ version: '0', modules: [{ system: 'trees', routes: platform.routes }] })
    alarms = []
    engine = await openEngine()
  })
  afterEach(async () => {
    await engine.close()
    await host.close()
    await platform.close()
    await chain.close()
    await pool.end()
    await test.drop()
  })

  function openPlatform(): Promise<OpenPlatform> {
    const projector = new Projector(EXAMPLE_FOLDS)
    return treeSystem.openPlatform({
      databaseUrl: test.url,
      netuid: NETUID,
      clock: () => 1_763_000_000_000,
      project: (client, events) => projector.apply(client, events),
      onRollback: () => projector.reset(),
      facts: {
        registration: async () => null,
        reveals: async () => [],
        metagraph: async () => ({ height: 0, uidOf: new Map(), permitted: null }),
      },
      settings: {} as never,
      defaultPolicy: treeSystem.defaultPolicy,
    })
  }

  function openEngine(): Promise<Engine> {
    const projector = new Projector(EXAMPLE_FOLDS)
    return Engine.open({
      databaseUrl: test.url,
      netuid: NETUID,
      system: treeSystem,
      originOf: tableOrigins(EXAMPLE_FOLDS),
      project: (client, events) => projector.apply(client, events),
      onRollback: () => projector.reset(),
      onEvents: (events) => alarms.push(...events),
    })
  }

  const measure = async (hotkey: string, heightMm: number) => {
    const url = '/trees/measurements'
    return (await host.app.inject({ method: 'POST', url, payload: { hotkey, heightMm } })).json()
  }
  const engineLog = async () =>
    (await readEvents(pool, { log: 'engine', netuid: NETUID })).map(
      ({ type, height, payload }) => ({ type, height, ...(payload as object) }) as Record<string, unknown>,
    )
  /** Height of the next decision for tempo 20 on netuid 4000: (h + 4001) mod 21 is 10. */
  const DECIDED = [0, 1, 2].map((n) => 10 + 20 - ((4001 + 20) % 21) + 21 * n)

  it('finishes what it is at before it closes, and begins nothing after', async () => {
    await chain.advance(DECIDED.at(-1)! + 1)
    const decisions = engine.catchUp()
    await engine.close()
    expect(await decisions).toBeLessThan(DECIDED.length)
    engine = await openEngine()
    await engine.catchUp()
    expect((await engineLog()).map(({ height }) => height)).toEqual(DECIDED)
  })

  it('decides once an epoch, in the block that the chain’s tempo names, when the block after is there', async () => {
    await measure(alice, 1200)
    await measure(bob, 1500)
    const [at] = DECIDED as [number]
    await chain.advance(at)
    expect(await engine.catchUp()).toBe(0)
    await chain.advance(at + 1)
    expect(await engine.catchUp()).toBe(1)
    expect(await engine.catchUp()).toBe(0)
    const [decision] = await engineLog()
    expect(decision).toMatchObject({
      type: 'DecisionMade',
      height: at,
      epochEndsAt: at + 10,
      policyId: 'trees/1',
      outcome: 'weights',
      shares: [{ hotkey: bob, uid: 3, share: 0.9 }],
      u16: [
        { uid: 0, value: 7282 },
        { uid: 3, value: 65535 },
      ],
      holders: [
        { uid: 0, hotkey: account(9) },
        { uid: 3, hotkey: bob },
      ],
    })
    const evidence = decision!.evidence as { sha256: string; bytes: number }
    const content = await readBlob(pool, evidence.sha256)
    expect(content!.length).toBe(evidence.bytes)
    expect(JSON.parse(content!.toString()).measured).toHaveLength(2)
  })

  it('catches up on every epoch it missed, each by what was known in its block', async () => {
    await measure(alice, 1200)
    await chain.advance(DECIDED[0]! + 1)
    await measure(bob, 1500)
    await chain.advance(DECIDED[2]! + 1)
    await engine.catchUp()
    const shares = (await engineLog()).map((event) => (event.shares as { hotkey: string }[])[0]!.hotkey)
    expect(shares).toEqual([alice, bob, bob])
  })

  it('goes on after a restart where it was', async () => {
    await measure(alice, 1200)
    await chain.advance(DECIDED[0]! + 1)
    await engine.catchUp()
    await engine.close()
    engine = await openEngine()
    expect(await engine.catchUp()).toBe(0)
    await chain.advance(DECIDED[1]! + 1)
    await engine.catchUp()
    expect((await engineLog()).map((event) => event.height)).toEqual(DECIDED.slice(0, 2))
  })

  it('decides under the policy that holds, and never changes what was decided under another', async () => {
    await measure(alice, 1200)
    await platform.setPolicy({
      ...treeSystem.defaultPolicy,
      id: 'trees/2',
      winnerShare: 0.5,
      effectiveFromBlock: DECIDED[1]!,
    } as never)
    await chain.advance(DECIDED[1]! + 1)
    await engine.catchUp()
    const decisions = await engineLog()
    expect(decisions.map((event) => event.policyId)).toEqual(['trees/1', 'trees/2'])
    expect((decisions[1]!.shares as { share: number }[])[0]!.share).toBe(0.5)
  })

  it('computes a recorded decision again from the logs, and shows the first value that was tampered with', async () => {
    await measure(alice, 1200)
    await chain.advance(DECIDED[0]! + 1)
    await engine.catchUp()
    await measure(bob, 9000)
    const originOf = tableOrigins(EXAMPLE_FOLDS)
    const audit = () => auditStored(pool, treeSystem, originOf, { netuid: NETUID, seq: 0 })
    expect(await audit()).toMatchObject({ equal: true, firstDifference: null })
    const [event] = await readEvents(pool, { log: 'engine', netuid: NETUID })
    const source = new SqlRows(pool, pointOf(event!), originOf)
    const payload = { ...(event!.payload as object), u16: [{ uid: 3, value: 65535 }] }
    const forged = { ...event!, payload } as unknown as LogEvent
    expect(await auditDecision(treeSystem, forged, source, storedRoots(pool, NETUID))).toEqual({
      equal: false,
      firstDifference: '/u16/0/uid',
      recorded: 3,
      recomputed: 0,
    })
    await expect(auditStored(pool, treeSystem, originOf, { netuid: NETUID, seq: 7 })).rejects.toMatchObject({
      code: 'SL-NO-DECISION',
    })
  })

  describe('three vectors', () => {
    const good = { 0: [7282, account(9)], 3: [65535, bob] } as Record<number, [number, string | null]>
    beforeEach(async () => {
      await measure(bob, 1500)
      await chain.advance(DECIDED[0]! + 1)
      await engine.catchUp()
    })
    const after = DECIDED[0]! + 2
    const look = async (height: number) => {
      await chain.advance(height)
      await engine.catchUp()
      return (await engineLog()).slice(1).filter((event) => event.type !== 'DecisionMade')
    }

    it('says nothing of a validator that sets the recommended weights', async () => {
      chain.weights(1, validator, good, after)
      expect(await look(after)).toEqual([])
    })

    it('names another winner in the block in which the weights are seen', async () => {
      chain.weights(1, validator, { 0: [7282, account(9)], 2: [65535, alice] }, after)
      expect(await look(after)).toMatchObject([
        { type: 'DivergenceFound', height: after, validator, cause: 'other_winner', validatorUid: 1 },
      ])
      expect(alarms.at(-1)).toMatchObject({ type: 'DivergenceFound', height: after })
    })

    it('ends a divergence when the validator agrees again', async () => {
      chain.weights(1, validator, { 2: [65535, alice] }, after)
      chain.weights(1, validator, good, after + 1)
      expect((await look(after + 1)).map((event) => event.type)).toEqual([
        'DivergenceFound',
        'DivergenceEnded',
      ])
    })

    it('tells everything burned', async () => {
      chain.weights(1, validator, { 0: [65535, account(9)] }, after)
      expect(await look(after)).toMatchObject([{ cause: 'burn' }])
    })

    it('tells other shares of the same winner', async () => {
      chain.weights(1, validator, { 0: [100, account(9)], 3: [65535, bob] }, after)
      expect(await look(after)).toMatchObject([{ cause: 'other_shares' }])
    })

    it('tells a stranger paid because the uid changed hands before the call', async () => {
      chain.register(3, stranger, after, bob)
      chain.weights(1, validator, { 0: [7282, account(9)], 3: [65535, stranger] }, after)
      expect(await look(after)).toMatchObject([{ cause: 'uid_reassigned' }])
    })

    it('tells weights that the chain cleared after they were set', async () => {
      chain.weights(1, validator, good, after)
      chain.register(3, stranger, after + 1, bob)
      const events = await look(DECIDED[0]! + 11)
      expect(events).toMatchObject([{ cause: 'masked', effective: [{ uid: 0, value: 7282 }] }])
    })

    it('tells a commit that the chain never opened, in the block in which it ran out', async () => {
      chain.commitThatExpires(1, validator, after, after + 4)
      expect(await look(after + 3)).toEqual([])
      expect(await look(after + 4)).toMatchObject([
        { type: 'DivergenceFound', height: after + 4, validator, cause: 'commit_expired', effective: [] },
      ])
    })

    it('ends what it told of a validator that has lost its uid, and tells no more of it', async () => {
      chain.commitThatExpires(1, validator, after, after + 2)
      expect(await look(after + 2)).toMatchObject([{ cause: 'commit_expired' }])
      chain.register(1, stranger, after + 3, validator)
      const events = await look(DECIDED[2]! + 11)
      expect(events.slice(1)).toMatchObject([{ type: 'DivergenceEnded', validator, reason: 'no_weights' }])
    })

    it('tells weights older than the decision when the epoch has run: stale, or rate-limited', async () => {
      chain.emit(
        'HyperparameterChanged',
        { name: 'WeightsSetRateLimit', value: '40', source: 'event' } as never,
        after,
      )
      chain.weights(1, validator, good, after)
      await look(after)
      await measure(alice, 2000)
      const second = (await look(DECIDED[1]! + 11)).slice(-1)
      expect(second).toMatchObject([{ type: 'DivergenceFound', cause: 'rate_limited' }])
      await measure(bob, 3000)
      await measure(alice, 4000)
      expect((await look(DECIDED[2]! + 11)).at(-1)).toMatchObject({ cause: 'stale' })
    })
  })
})
