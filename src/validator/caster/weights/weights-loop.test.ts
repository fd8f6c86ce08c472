import { ApiPromise, WsProvider } from '@polkadot/api'
import { Keyring } from '@polkadot/keyring'
import { u8aToHex } from '@polkadot/util'
import { cryptoWaitReady } from '@polkadot/util-crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { caster, type Devnet, startScenario, stranger } from '../../../devnet'
import type { Recommended } from '../../set-weights/plan'
import { subnetOwnerCheck } from '../http/subnet-owner'
import { PlatformClient } from '../platform/platform-client'
import { signerFrom, TestPlatform } from '../test-platform'
import { runWeightsLoop, setOnce, type WeightsLoopOptions } from './weights-loop'
import { newWeightsState } from './weights-state'

/** Validators have their permits by then, and stand alone: the script sets no weights. */
const BLOCKS = 130
const WINDOW = 100

describe('a Caster validator on the devnet', { timeout: 120_000 }, () => {
  let devnet: Devnet
  let api: ApiPromise
  let platform: TestPlatform
  let producing: NodeJS.Timeout
  const keyring = new Keyring({ type: 'sr25519', ss58Format: 42 })
  const pairOf = (n: number) =>
    keyring.addFromSeed(Buffer.from(caster.validators[n]!.hotkey.seed.slice(2), 'hex'))

  beforeAll(async () => {
    await cryptoWaitReady()
    devnet = await startScenario({
      seed: 5,
      historyBlocks: BLOCKS,
      scriptedWeights: [],
      finalityLagBlocks: 1,
    })
    api = await ApiPromise.create({ provider: new WsProvider(devnet.wsUrl), throwOnConnect: true })
    platform = await TestPlatform.start(signerFrom('//CasterOwner'), pairOf(0).address)
    producing = setInterval(() => void devnet.produceBlocks(1), 60)
  }, 120_000)
  afterAll(async () => {
    clearInterval(producing)
    await api.disconnect()
    await platform.close()
    await devnet.close()
  })

  const subtensor = () => api.query.subtensorModule!
  const uidOf = async (account: string) =>
    Number((await subtensor().uids!(caster.netuid, account)).toString())

  /** 0.75 and 0.25 for the first two miners, as a decision would say it. */
  async function decided(over: Partial<Recommended> = {}): Promise<Recommended> {
    const uids = await Promise.all([0, 1].map((n) => uidOf(caster.miners[n]!.hotkey.account)))
    const u16 = [
      { uid: uids[0]!, value: 65_535 },
      { uid: uids[1]!, value: 21_845 },
    ].sort((a, b) => a.uid - b.uid)
    const holders = uids.map((uid, n) => ({ uid, hotkey: caster.miners[n]!.hotkey.account }))
    return { netuid: caster.netuid, mechanism: 0, height: BLOCKS, u16, holders, burnUid: 0, ...over }
  }
  const serve = ({ u16 }: Recommended, scale = 1) => {
    const total = u16.reduce((sum, { value }) => sum + value, 0)
    const weights = Object.fromEntries(u16.map(({ uid, value }) => [uid, (scale * value) / total]))
    platform.weights = { status: 200, body: { weights, final_top: null } }
  }
  function options(recommended: Recommended, over: Partial<WeightsLoopOptions> = {}): WeightsLoopOptions {
    const pair = pairOf(0)
    const sign = (text: string) => u8aToHex(pair.sign(text)).slice(2)
    return {
      platform: new PlatformClient({ baseUrl: platform.url, signer: { address: pair.address, sign } }),
      api,
      pair,
      netuid: caster.netuid,
      windowBlocks: async () => WINDOW,
      setting: { versionKey: 1n, isReal: true, pauseMs: 10, timeoutMs: 20_000 },
      decision: async () => recommended,
      state: newWeightsState(),
      signal: AbortSignal.timeout(60_000),
      onOutcome: () => undefined,
      ...over,
    }
  }

  it('takes calls only of hotkeys whose coldkey owns the subnet', async () => {
    const check = subnetOwnerCheck(api, caster.netuid)
    expect(await check(caster.owner.hotkey.account)).toBe('owner')
    expect(await check(caster.miners[0]!.hotkey.account)).toBe('foreign')
    expect(await check(u8aToHex(keyring.addFromUri('//Nobody').publicKey))).toBe('unknown')
    expect(await check(stranger.coldkey.account)).toBe('unknown')
    // Nobody owns a subnet that is not there, not even those that own nothing.
    const nowhere = subnetOwnerCheck(api, 4_000)
    expect(await nowhere(caster.owner.hotkey.account)).toBe('foreign')
  })

  describe('sets nothing', () => {
    let recommended: Recommended
    let before: string
    const lastUpdate = async () => (await subtensor().lastUpdate!(caster.netuid)).toString()
    beforeEach(async () => {
      recommended = await decided()
      serve(recommended)
      before = await lastUpdate()
    })
    const refuses = async (code: string, over: Partial<WeightsLoopOptions> = {}) => {
      await expect(setOnce(options(recommended, over))).rejects.toMatchObject({ code })
      expect(await lastUpdate()).toBe(before)
    }

    it.each([
      ['there are none', { weights: {}, final_top: null }],
      ['one is negative', { weights: { 1: 0.5, 2: -0.5 }, final_top: null }],
      ['all are zero', { weights: { 1: 0 }, final_top: null }],
      ['a uid is none', { weights: { x: 1 }, final_top: null }],
      ['a uid stands twice', { weights: { 1: 0.5, '01': 0.5 }, final_top: null }],
      ['it is another thing', { detail: 'ok' }],
    ])('when %s', async (_, body) => {
      platform.weights = { status: 200, body }
      await refuses('weights_unfit')
    })

    it('when the platform denies them, and says why', async () => {
      platform.weights = { status: 403, body: { detail: 'not_functioning' } }
      await expect(setOnce(options(recommended))).rejects.toMatchObject({
        code: 'weights_denied',
        message: expect.stringContaining('not_functioning'),
      })
    })

    it('when the platform is gone', async () => {
      const signer = { address: pairOf(0).address, sign: () => '0'.repeat(128) }
      await refuses('platform_unavailable', {
        platform: new PlatformClient({ baseUrl: 'http://127.0.0.1:1', signer }),
      })
    })

    it('when the decision, computed again, gives other weights than were served', async () => {
      const [first, second] = recommended.u16
      serve({
        ...recommended,
        u16: [
          { ...first!, value: 65_535 },
          { ...second!, value: 65_000 },
        ],
      })
      await refuses('weights_differ')
    })

    it('when somebody else holds a uid by now', async () => {
      const [first, ...others] = recommended.holders
      const moved = { ...recommended, holders: [{ ...first!, hotkey: `0x${'1'.repeat(64)}` }, ...others] }
      await refuses('uid_reassigned', { decision: async () => moved })
    })
  })

  it('sets what is served when the decision says the same, once in a window, and tells so', async () => {
    const recommended = await decided()
    serve(recommended, 40)
    const stop = new AbortController()
    const asked = () => platform.asked.filter((request) => request === 'GET /v1/weights').length
    const outcomes: string[] = []
    const loop = options(recommended, {
      signal: stop.signal,
      pollMs: 50,
      onOutcome: ({ kind }) => outcomes.push(kind),
    })
    const running = runWeightsLoop(loop)
    await expect.poll(() => loop.state.last_weight_submission_at, { timeout: 30_000 }).toMatch(/Z$/)
    const askedThen = asked()
    await new Promise((resolve) => setTimeout(resolve, 400))
    stop.abort()
    await running
    expect([outcomes, loop.state.last_weight_error]).toEqual([['set'], null])
    // The window is shut: the platform is not even asked.
    expect(asked()).toBe(askedThen)
    const own = await uidOf(caster.validators[0]!.hotkey.account)
    expect((await subtensor().weights!(caster.netuid, own)).toJSON()).toEqual(
      recommended.u16.map(({ uid, value }) => [uid, value]),
    )
  })

  it('asks for the window at the block that it stands at, every time', async () => {
    const recommended = await decided()
    serve(recommended)
    const state = newWeightsState()
    const asked: number[] = []
    const shut = async (height: number) => {
      asked.push(height)
      return height + 1
    }
    const head = devnet.node.chain.head.height
    expect(await setOnce(options(recommended, { windowBlocks: shut, state }))).toBeUndefined()
    expect(await setOnce(options(recommended, { windowBlocks: shut, state }))).toBeUndefined()
    expect(asked).toHaveLength(2)
    expect(asked[0]).toBeGreaterThanOrEqual(head - 1)
    expect(await setOnce(options(recommended, { windowBlocks: async () => 0 }))).toMatchObject({
      kind: 'set',
    })
  })

  it('keeps the reason of a failure until it goes well', async () => {
    const recommended = await decided()
    const pair = pairOf(1)
    const stop = new AbortController()
    const sign = (text: string) => u8aToHex(pair.sign(text)).slice(2)
    // This platform does not know the second validator.
    const client = new PlatformClient({ baseUrl: platform.url, signer: { address: pair.address, sign } })
    const loop = options(recommended, { signal: stop.signal, pollMs: 50, pair, platform: client })
    const running = runWeightsLoop(loop)
    await expect.poll(() => loop.state.last_weight_error).toMatch(/^weights_denied: .*unknown_hotkey/)
    stop.abort()
    await running
    expect(loop.state.last_weight_submission_at).toBeNull()
  })
})
