import { ApiPromise, WsProvider } from '@polkadot/api'
import { Keyring } from '@polkadot/keyring'
import { cryptoWaitReady } from '@polkadot/util-crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bitrecs, caster, type Devnet, startScenario } from '../../devnet'
import { Beacon } from '../../devnet/pallets/drand/beacon'
import type { Recommended } from './plan'
import { type SetWeightsOptions, setWeights } from './set-weights'

const SEED = 5
/** Validators have their permits by then, and stand alone: the script sets no weights. */
const BLOCKS = 130
const RATE_LIMIT_BLOCKS = 110

describe('weights on the devnet', { timeout: 120_000 }, () => {
  let devnet: Devnet
  let api: ApiPromise
  let producing: NodeJS.Timeout
  const keyring = new Keyring({ type: 'sr25519' })
  const pairOf = (n: number, cast = bitrecs) =>
    keyring.addFromSeed(Buffer.from(cast.validators[n]!.hotkey.seed.slice(2), 'hex'))
  const beaconKey = `0x${new Beacon(SEED).publicKey.toHex(true)}`
  const options = {
    versionKey: 1n,
    isReal: true,
    beaconKey,
    pauseMs: 10,
    timeoutMs: 20_000,
  } satisfies SetWeightsOptions

  beforeAll(async () => {
    await cryptoWaitReady()
    devnet = await startScenario({
      seed: SEED,
      historyBlocks: BLOCKS,
      scriptedWeights: [],
      finalityLagBlocks: 1,
    })
    api = await ApiPromise.create({ provider: new WsProvider(devnet.wsUrl), throwOnConnect: true })
    producing = setInterval(() => void devnet.produceBlocks(1), 60)
  }, 120_000)
  afterAll(async () => {
    clearInterval(producing)
    await api.disconnect()
    await devnet.close()
  })

  async function recommend(netuid: number, winner: string): Promise<Recommended> {
    const subtensor = api.query.subtensorModule!
    const uid = Number((await subtensor.uids!(netuid, winner)).toString())
    const holder = async (of: number) => ({ uid: of, hotkey: (await subtensor.keys!(netuid, of)).toHex() })
    const height = (await api.rpc.chain.getHeader()).number.toNumber()
    const u16 = [
      { uid: 0, value: 65_535 },
      { uid, value: 7_282 },
    ]
    return { netuid, mechanism: 0, height, u16, holders: [await holder(0), await holder(uid)], burnUid: 0 }
  }
  const stored = async (netuid: number, uid: number) =>
    (await api.query.subtensorModule!.weights!(netuid, uid)).toJSON() as [number, number][]
  const uidOf = async (netuid: number, account: string) =>
    Number((await api.query.subtensorModule!.uids!(netuid, account)).toString())

  it('are set openly, and success is the event in a finalized block', async () => {
    const recommended = await recommend(caster.netuid, caster.miners[0]!.hotkey.account)
    const pair = pairOf(0, caster)
    const dry = await setWeights(api, pair, recommended, { ...options, isReal: false })
    expect(dry).toMatchObject({ kind: 'dry_run', plan: { kind: 'set' } })
    const outcome = await setWeights(api, pair, recommended, options)
    expect(outcome).toMatchObject({
      kind: 'set',
      call: { events: expect.arrayContaining(['subtensorModule.WeightsSet']) },
    })
    const uid = await uidOf(caster.netuid, caster.validators[0]!.hotkey.account)
    expect(await stored(caster.netuid, uid)).toEqual(recommended.u16.map(({ uid: to, value }) => [to, value]))
  })

  it('are refused before they are sent while the rate limit runs', async () => {
    const recommended = await recommend(caster.netuid, caster.miners[1]!.hotkey.account)
    const outcome = await setWeights(api, pairOf(0, caster), recommended, options)
    expect(outcome).toMatchObject({ kind: 'refused', plan: { code: 'rate_limited' } })
    expect(RATE_LIMIT_BLOCKS).toBeGreaterThan(0)
  })

  it('are timelocked where the subnet wants it, and the chain opens exactly what was decided', async () => {
    const recommended = await recommend(bitrecs.netuid, bitrecs.miners[0]!.hotkey.account)
    const outcome = await setWeights(api, pairOf(0), recommended, options)
    expect(outcome).toMatchObject({ kind: 'committed', plan: { kind: 'commit' } })
    const uid = await uidOf(bitrecs.netuid, bitrecs.validators[0]!.hotkey.account)
    expect(await stored(bitrecs.netuid, uid)).toEqual([])
    await expect
      .poll(() => stored(bitrecs.netuid, uid), { timeout: 60_000, interval: 200 })
      .toEqual(recommended.u16.map(({ uid: to, value }) => [to, value]))
  })

  it('are not set for a payee whose uid is another’s by now', async () => {
    const recommended = await recommend(bitrecs.netuid, bitrecs.miners[1]!.hotkey.account)
    const holders = recommended.holders.map((holder, n) =>
      n === 1 ? { ...holder, hotkey: `0x${'1'.repeat(64)}` } : holder,
    )
    const outcome = await setWeights(api, pairOf(1), { ...recommended, holders }, options)
    expect(outcome).toMatchObject({ kind: 'refused', plan: { code: 'uid_reassigned' } })
  })

  it('are not sent by a hotkey without a uid', async () => {
    const recommended = await recommend(bitrecs.netuid, bitrecs.miners[1]!.hotkey.account)
    const outcome = await setWeights(api, keyring.addFromUri('//Nobody'), recommended, options)
    expect(outcome).toMatchObject({ kind: 'refused', plan: { code: 'not_registered' } })
  })

  it('end with the chain’s own name for a refusal', async () => {
    const recommended = await recommend(bitrecs.netuid, bitrecs.miners[1]!.hotkey.account)
    const tooMany = Array.from({ length: 300 }, (_, n) => ({ uid: n + 1_000, value: 1 }))
    await expect(
      setWeights(
        api,
        pairOf(1, caster),
        { ...recommended, netuid: caster.netuid, u16: tooMany, holders: [] },
        options,
      ),
    ).rejects.toMatchObject({
      code: 'SL-CALL-REFUSED',
      facts: { error: expect.stringMatching(/^subtensorModule\./) },
    })
  })

  it('are not tried again by who is told to stop: the pause between two attempts ends at once', async () => {
    const recommended = await recommend(caster.netuid, caster.miners[0]!.hotkey.account)
    const stop = new AbortController()
    setTimeout(() => stop.abort(), 500)
    await expect(
      setWeights(api, pairOf(1, caster), recommended, {
        ...options,
        timeoutMs: 1,
        pauseMs: 600_000,
        signal: stop.signal,
      }),
    ).rejects.toMatchObject({ code: 'SL-CALL-NOT-FINAL' })
  })
})
