import { Pool } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestIndexer, type TestIndexer } from '../../chain/processor/test-indexer'
import type { Devnet } from '../../devnet'
import { hotkeyOf } from '../../devnet/players/autoresearch/actors'
import { casterValidators } from '../../devnet/players/caster/actors'
import { CasterClient } from '../../devnet/players/caster/client'
import { actNow } from '../../devnet/scenario/act'
import { caster, root, stranger } from '../../devnet/scenario/actors'
import { adminUtils, subtensor, sudo } from '../../devnet/scenario/calls'
import { startScenario } from '../../devnet/scenario/start-scenario'
import { casterRules as rules } from '../../engine/systems/caster-rules'
import { SqlChainFacts } from '../../projections/chain-facts'
import { Projector } from '../../projections/projector'
import { signaturesReady } from '../core/signatures'
import { TestPlatform } from './test/test-platform'

const { netuid } = caster
/** Validators are registered and have staked; the first epoch of 67 is that of block 15, the next that of block 36. */
const BEFORE_EPOCH = 12
const [FIRST_EPOCH, SECOND_EPOCH] = [15, 36]
const STAKED_RAO = 200n * 10n ** 9n

describe('validators with and without a permit, by the chain as it was indexed', { timeout: 120_000 }, () => {
  let devnet: Devnet
  let indexer: TestIndexer
  let pool: Pool
  let platform: TestPlatform
  let client: CasterClient
  const [first, second, third] = caster.validators

  /** Makes blocks up to this one and indexes them. */
  async function indexTo(height: number): Promise<void> {
    const { chain } = devnet.node
    if (chain.head.height < height) await devnet.produceBlocks(height - chain.head.height)
    const projector = new Projector()
    await indexer.run({ toHeight: height, project: (store, events) => projector.apply(store.client, events) })
  }
  const signerOf = (n: number) => casterValidators()[n]!
  const register = (n: number) => client.register(signerOf(n), `https://v${n}.example`)
  const refusal = (code: string) => ({ status: 403, body: { detail: code } })

  beforeAll(async () => {
    await signaturesReady()
    // Nobody sets weights on 67: whoever has been there longest is the first to lose its uid.
    devnet = await startScenario({ seed: 5, historyBlocks: BEFORE_EPOCH, scriptedWeights: [] })
    indexer = await createTestIndexer(devnet)
    await indexTo(BEFORE_EPOCH)
    pool = new Pool({ connectionString: indexer.url })
    pool.on('error', () => undefined)
    const test = { url: indexer.url, drop: async () => undefined }
    platform = await TestPlatform.start({ rules, test, facts: new SqlChainFacts(pool) })
    client = new CasterClient(platform.url, () => platform.nowMs)
  }, 120_000)
  afterAll(async () => {
    await platform.close()
    await pool.end()
    await indexer.close()
    await devnet.close()
  })

  it('refuses a validator before the epoch that gives it its permit, and takes it from then on', async () => {
    expect(await register(0)).toMatchObject({
      ...refusal('no_validator_permit'),
      body: { facts: { permits_known: true } },
    })
    await indexTo(FIRST_EPOCH)
    for (const n of [0, 1, 2]) expect((await register(n)).status).toBe(200)
    expect((await client.weights(signerOf(0))).status).toBe(200)
  })

  it('refuses one that has lost it, from the epoch on in which it did', async () => {
    const call = subtensor('remove_stake', {
      hotkey: third!.hotkey.account,
      netuid,
      amountUnstaked: STAKED_RAO,
    })
    expect((await actNow(devnet, third!.coldkey, call)).error).toBeUndefined()
    await indexTo(SECOND_EPOCH - 1)
    expect((await client.weights(signerOf(2))).status).toBe(200)
    await indexTo(SECOND_EPOCH)
    expect(await client.weights(signerOf(2))).toMatchObject(refusal('no_validator_permit'))
    expect((await client.weights(signerOf(1))).status).toBe(200)
  })

  it('refuses one whose uid was taken over, and whoever took it over', async () => {
    const { storage } = devnet.node
    const uidOf = (account: string) => storage.get<number>('SubtensorModule.Uids', netuid, account)
    const uid = uidOf(first!.hotkey.account)
    const maxAllowedUids = storage.get<number>('SubtensorModule.SubnetworkN', netuid)
    await actNow(devnet, root, sudo(adminUtils('sudo_set_max_allowed_uids', { netuid, maxAllowedUids })))
    const call = subtensor('burned_register', { netuid, hotkey: stranger.hotkey.account })
    const { height } = await actNow(devnet, stranger.coldkey, call)
    expect(uidOf(stranger.hotkey.account)).toBe(uid)
    await indexTo(height)
    expect(await client.weights(signerOf(0))).toMatchObject(refusal('unknown_hotkey'))
    expect(await client.register(hotkeyOf(stranger), 'https://s.example')).toMatchObject(
      refusal('no_validator_permit'),
    )
    const { rows } = await pool.query(
      'select valid_to, end_reason from validator_permit where netuid = $1 and uid = $2',
      [netuid, uid],
    )
    expect(rows).toEqual([{ valid_to: height, end_reason: 'replaced' }])
    expect((await client.weights(signerOf(1))).status).toBe(200)
    expect(second!.hotkey.account).not.toBe(first!.hotkey.account)
  })
})
