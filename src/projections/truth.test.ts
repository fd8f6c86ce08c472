import { readFileSync } from 'node:fs'
import path from 'node:path'
import { decodeAddress } from '@polkadot/util-crypto'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadState } from '../chain/processor/load-state'
import { runIndexer } from '../chain/processor/run-indexer'
import { startRecordingNode } from '../chain/recording/recording-node'
import { hasShared, sharedChain } from '../chain/test-blocks'
import { LedgerDatabase } from '../database/ledger-database'
import { createTestDatabase, type TestDatabase } from '../database/test-database'
import { Projector } from './projector'

interface Truth {
  readonly number: number
  readonly nets: Record<
    string,
    {
      readonly uids: Record<string, number>
      readonly commitmentOf: Record<string, unknown>
      readonly lastCommitment: Record<string, number>
      readonly weights: Record<string, [number, number][]>
      readonly blockAtRegistration: Record<string, number>
    }
  >
}

const file = path.join(sharedChain, 'recordings/dev-218-random-truth.json')
const account = (ss58: string) => `\\x${Buffer.from(decodeAddress(ss58)).toString('hex')}`

describe.skipIf(!hasShared)(
  'the read models against the chain’s own storage (../shared/chain/recordings)',
  () => {
    const truth: Truth[] = hasShared ? JSON.parse(readFileSync(file, 'utf8')).truth : []
    let database: TestDatabase
    let client: Client

    beforeAll(async () => {
      database = await createTestDatabase()
      client = new Client({ connectionString: database.url })
      await client.connect()
      const node = await startRecordingNode({
        file: path.join(sharedChain, 'recordings/dev-218-random.jsonl'),
        metadata: { 218: path.join(sharedChain, 'recordings/dev-218.metadata.hex.gz') },
      })
      const projector = new Projector()
      await runIndexer({
        rpcUrl: node.wsUrl,
        fromHeight: node.firstHeight,
        toHeight: node.lastHeight,
        netuids: 'all',
        bootstrap: 'none',
        database: new LedgerDatabase({
          url: database.url,
          identity: { genesisHash: `0x${'45'.repeat(32)}`, network: 'recording', netuids: 'all' },
        }),
        loadState: () => loadState(client),
        project: (store, events) => projector.apply(store.client, events),
      })
      await node.close()
    })
    afterAll(async () => {
      await client.end()
      await database.drop()
    })

    const held = 'valid_from <= $2 and (valid_to is null or valid_to > $2)'
    const ask = async (sql: string, netuid: string, height: number) =>
      (await client.query(sql, [Number(netuid), height])).rows

    describe.each(truth)('at height $number', ({ number: height, nets }) => {
      it.each(Object.keys(nets))('subnet %s: uids and registration blocks', async (netuid) => {
        const rows = await ask(
          `select uid, hotkey::text, registered_at from tenure where netuid = $1 and ${held}`,
          netuid,
          height,
        )
        const { uids, blockAtRegistration } = nets[netuid]!
        expect(Object.fromEntries(rows.map((r) => [r.hotkey, r.uid]))).toEqual(
          Object.fromEntries(Object.entries(uids).map(([ss58, uid]) => [account(ss58), uid])),
        )
        expect(Object.fromEntries(rows.map((r) => [r.uid, r.registered_at]))).toEqual(blockAtRegistration)
      })

      it.each(Object.keys(nets))('subnet %s: last commitments', async (netuid) => {
        const rows = await ask(
          `select hotkey::text, valid_from from commitment where netuid = $1 and ${held}`,
          netuid,
          height,
        )
        const { lastCommitment } = nets[netuid]!
        expect(Object.fromEntries(rows.map((r) => [r.hotkey, r.valid_from]))).toEqual(
          Object.fromEntries(Object.entries(lastCommitment).map(([ss58, block]) => [account(ss58), block])),
        )
      })

      it.each(Object.keys(nets))('subnet %s: weights', async (netuid) => {
        const rows = await ask(
          `select uid, payload->'uids' as uids, payload->'u16' as u16 from weight_set w
             join log_event e on e.log = 'chain' and e.netuid = w.netuid and e.seq = w.set_seq
           where w.netuid = $1 and ${held}`,
          netuid,
          height,
        )
        const stored = Object.entries(nets[netuid]!.weights).filter(([, vector]) => vector.length > 0)
        const vectors = rows.map((r) => [String(r.uid), r.uids.map((u: number, i: number) => [u, r.u16[i]])])
        expect(Object.fromEntries(vectors)).toEqual(Object.fromEntries(stored))
      })
    })
  },
)
