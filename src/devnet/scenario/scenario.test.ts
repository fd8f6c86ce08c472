import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadState } from '../../chain/processor/load-state'
import { runIndexer } from '../../chain/processor/run-indexer'
import { LedgerDatabase } from '../../database/ledger-database'
import { createTestDatabase, type TestDatabase } from '../../database/test-database'
import { shownText } from '../../projections/fold/row-values'
import { Projector } from '../../projections/projector'
import type { Devnet } from '../node/devnet-options'
import { type Actor, autoresearch, bitrecsRoles, latecomer, partners, stranger } from './actors'
import { COPIED_ARTIFACT } from './commitments'
import { bitrecsPayload, commitHeightOf } from './gist'
import { startScenario } from './start-scenario'
import { SECOND_MECHANISM_HEIGHT } from './weights'

const BLOCKS = 340

describe('the scripted life of the devnet, as the log tells it', { timeout: 300_000 }, () => {
  let devnet: Devnet
  let database: TestDatabase
  let client: Client

  beforeAll(async () => {
    devnet = await startScenario({ seed: 1, historyBlocks: BLOCKS })
    database = await createTestDatabase()
    client = new Client({ connectionString: database.url })
    await client.connect()
    const projector = new Projector()
    await runIndexer({
      rpcUrl: devnet.wsUrl,
      fromHeight: 0,
      toHeight: BLOCKS,
      netuids: 'all',
      bootstrap: 'snapshot',
      database: new LedgerDatabase({
        url: database.url,
        identity: { genesisHash: devnet.genesisHash, network: 'devnet', netuids: 'all' },
      }),
      loadState: () => loadState(client),
      project: (store, events) => projector.apply(store.client, events),
    })
  }, 300_000)
  afterAll(async () => {
    await client.end()
    await database.drop()
    await devnet.close()
  })

  const hotkeyOf = (actor: (typeof partners)[0]) => actor.hotkey.account
  const events = async (netuid: number, type: string) =>
    (
      await client.query(
        `select height::int, payload from log_event where netuid = $1 and type = $2 order by log_event.seq`,
        [netuid, type],
      )
    ).rows
  const contents = async (miner: Actor) => {
    const { rows } = await client.query(
      `select valid_from as height, state, '0x' || encode(coalesce(plaintext, content), 'hex') as readable, source, content
       from commitment where netuid = 122 and hotkey = $1 order by from_seq`,
      [Buffer.from(hotkeyOf(miner).slice(2), 'hex')],
    )
    return rows.map((row) => ({ ...row, text: row.readable && shownText(row.readable).text }))
  }

  it('leaves nothing undecoded', async () => {
    const { rows } = await client.query(`select payload from log_event where type = 'Undecoded'`)
    expect(rows).toEqual([])
  })

  it('makes the same blocks from the same seed', async () => {
    const again = await startScenario({ seed: 1, historyBlocks: 40 })
    const call = async (url: string) =>
      fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'chain_getBlockHash', params: [40] }),
      }).then((response) => response.json())
    expect(await call(again.httpUrl)).toEqual(await call(devnet.httpUrl))
    await again.close()
  })

  it('has a first submitter, and a copycat with the same content later', async () => {
    const [first] = await contents(bitrecsRoles.honest[0]!)
    const [copy] = await contents(bitrecsRoles.copycat)
    expect(first).toMatchObject({ height: 16, state: 'REVEALED', text: bitrecsPayload(COPIED_ARTIFACT) })
    expect(copy).toMatchObject({ height: 25, text: first.text })
  })

  it('cancels a timelocked commitment by the next one', async () => {
    const [before, after] = await contents(bitrecsRoles.hesitant)
    expect(before).toMatchObject({ height: 26, state: 'CANCELLED', text: null })
    expect(after).toMatchObject({ height: 27, state: 'REVEALED', text: bitrecsPayload('miner 5') })
  })

  it('keeps hostile bytes exactly and shows them safely', async () => {
    const [hostile] = await contents(bitrecsRoles.hostile)
    expect(hostile.content.subarray(0, 6)).toEqual(Buffer.from([0, 0, 0xff, 0xfe, 0xc3, 0x28]))
    expect(hostile.content).toHaveLength(512)
    expect(hostile.text).not.toContain('\0')
  })

  it('holds a blank commitment and two in one block', async () => {
    const rows = await contents(bitrecsRoles.impatient)
    expect(rows.slice(1, 4).map(({ height, text }) => [height, text])).toEqual([
      [32, null],
      [34, 'draft'],
      [34, bitrecsPayload('miner 4 anew')],
    ])
  })

  it('reads a commitment through a proxy from the call, and one behind if_else from storage', async () => {
    const [proxied, hidden] = await contents(bitrecsRoles.indirect)
    expect(proxied).toMatchObject({ height: 40, source: 'call', text: bitrecsPayload('miner 11') })
    expect(hidden).toMatchObject({ height: 42, source: 'storage', text: bitrecsPayload('miner 11 anew') })
  })

  it('has honest miners with one gist each, revealed once', async () => {
    expect(bitrecsRoles.honest.length).toBeGreaterThanOrEqual(5)
    for (const [i, miner] of bitrecsRoles.honest.entries()) {
      const name = `miner ${[1, 2, 7, 8, 9][i]}`
      const rows = await contents(miner)
      expect(rows).toHaveLength(1)
      expect(rows[0]).toMatchObject({
        height: commitHeightOf(name),
        state: 'REVEALED',
        text: bitrecsPayload(name),
      })
    }
  })

  it('finds what the shield ran, which no extrinsic of its block names', async () => {
    const hidden = (await contents(bitrecsRoles.indirect)).at(-1)
    expect(hidden).toMatchObject({ height: 331, source: 'storage', text: bitrecsPayload('miner 11 hidden') })
    const [event] = (await events(122, 'Committed')).filter(({ height }) => height === 331)
    expect(event).toBeDefined()
  })

  it('gives the uid of a miner that committed an artifact to a stranger', async () => {
    const leaver = hotkeyOf(bitrecsRoles.leaver)
    const [registered] = (await events(122, 'NeuronRegistered')).filter(({ height }) => height === 251)
    expect(registered.payload).toMatchObject({ hotkey: hotkeyOf(stranger), replaced: leaver })
    expect((await contents(bitrecsRoles.leaver))[0]).toMatchObject({ state: 'REVEALED' })
  })

  it('has three validators on 122 with permits, one of another opinion', async () => {
    const { storage } = devnet.node
    const permits = storage.get<boolean[]>('SubtensorModule.ValidatorPermit', 122)
    expect(permits.filter((is) => is)).toHaveLength(3)
    const { rows } = await client.query(
      `select hotkey::text, payload->'uids' as uids from weight_set w
         join log_event e on e.log = 'chain' and e.netuid = w.netuid and e.seq = w.set_seq
       where w.netuid = 122 and valid_to is null`,
    )
    expect(new Set(rows.map((row) => row.hotkey)).size).toBe(3)
    expect(new Set(rows.map((row) => String(row.uids))).size).toBe(2)
  })

  it('sets weights in two mechanisms of 67', async () => {
    const sets = await events(67, 'WeightsSet')
    expect(new Set(sets.map((e) => e.payload.mechanism))).toEqual(new Set([0, 1]))
    const seen = sets.filter((e) => e.payload.mechanism === 1)
    expect(seen.every((e) => e.height > SECOND_MECHANISM_HEIGHT)).toBe(true)
  })

  it('knows nothing of the stranger whose extrinsic failed', async () => {
    const { rows } = await client.query(`select 1 from commitment where hotkey = $1`, [
      Buffer.from(hotkeyOf(stranger).slice(2), 'hex'),
    ])
    expect(rows).toEqual([])
  })

  it('registers through a multisig', async () => {
    const registered = await events(67, 'NeuronRegistered')
    expect(registered.find((e) => e.payload.hotkey === hotkeyOf(partners[0]))).toMatchObject({ height: 44 })
  })

  it('gives a full subnet’s weakest uid to a stranger', async () => {
    const [replaced] = (await events(94, 'NeuronRegistered')).filter((e) => e.height === 150)
    expect(replaced.payload).toMatchObject({ hotkey: hotkeyOf(stranger), replaced: expect.any(String) })
    const [ended] = await events(94, 'TenureEnded')
    expect(ended.payload).toMatchObject({
      uid: replaced.payload.uid,
      reason: 'replaced',
      weightsCleared: true,
    })
  })

  it('goes on under another hotkey after a swap, unless the old one had lost its uid', async () => {
    const swaps = await events(94, 'HotkeySwapped')
    expect(swaps.map((e) => [e.height, e.payload.oldHotkey, e.payload.newHotkey])).toEqual([
      [170, hotkeyOf(autoresearch.miners[1]!), hotkeyOf(latecomer)],
    ])
  })

  it('uses netuid 1 twice, as two instances', async () => {
    const { rows } = await client.query(
      `select subnet_instance, valid_from, valid_to from subnet where netuid = 1 order by from_seq`,
    )
    expect(rows).toEqual([
      { subnet_instance: 60, valid_from: 60, valid_to: 120 },
      { subnet_instance: 130, valid_from: 130, valid_to: null },
    ])
  })

  it('trims subnet 67 to eight uids without an event of the chain', async () => {
    const [trim] = await events(67, 'UidsTrimmed')
    expect(trim).toMatchObject({ height: 220, payload: { maxUids: 8 } })
    const { rows } = await client.query(
      `select uid from tenure where netuid = 67 and valid_to is null order by uid`,
    )
    expect(rows.map((row) => row.uid)).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
  })

  it.each([
    [67, 'WeightsSet', 'set'],
    [94, 'WeightsSet', 'reveal'],
    [122, 'WeightsSet', 'timelocked'],
  ])('sets weights on %d (%s, %s)', async (netuid, type, source) => {
    const sets = await events(netuid, type)
    expect(sets.length).toBeGreaterThan(5)
    expect(new Set(sets.map((e) => e.payload.source))).toEqual(new Set([source]))
    for (const { payload } of sets) expect(payload.u16).toEqual([65_535, 7_282])
  })

  it('lets commits expire that nobody reveals', async () => {
    const forgetful = hotkeyOf(autoresearch.validators[2]!)
    const expired = await events(94, 'WeightsCommitExpired')
    expect(expired.length).toBeGreaterThan(2)
    expect(expired.every((e) => e.payload.who === forgetful)).toBe(true)
  })

  it('upgrades its runtime in the middle, and pays emission at epochs', async () => {
    expect((await events(122, 'RuntimeUpgraded')).map((e) => e.payload)).toEqual([{ from: 393, to: 424 }])
    const paid = await client.query(`select sum(amount)::text as rao from emission where netuid = 122`)
    expect(BigInt(paid.rows[0].rao)).toBeGreaterThan(0n)
  })
})
