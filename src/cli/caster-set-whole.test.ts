import path from 'node:path'
import { cryptoWaitReady } from '@polkadot/util-crypto'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type Actor, caster } from '../devnet'
import { casterPlatformKey, casterValidators, hotkeyAddress } from '../devnet/players/caster/actors'
import { CasterClient } from '../devnet/players/caster/client'
import { playCaster } from '../devnet/players/caster/play'
import { CasterCommands } from './test-caster-command'
import type { RunningCommand } from './test-command'
import { PlatformRelay } from './test-platform-relay'
import { WholeSystem } from './test-whole-system'

const NETUID = caster.netuid
const ADMIN_TOKEN = 'devnet'
/** Validators have their permits by then. */
const HISTORY_BLOCKS = 130
/** The command looks every 30 s, and its window is of 100 blocks. */
const SET_TIMEOUT_MS = 150_000
const [first, second, own] = caster.validators as [Actor, Actor, Actor]

/** `subledger caster validate --set` as a person runs it, beside two other validators, from the first batch to weights on chain. */
describe('Caster’s validator, whole, on the devnet', { timeout: 240_000 }, () => {
  let whole: WholeSystem
  let relay: PlatformRelay
  let commands: CasterCommands
  let playing: Promise<void>
  let validator: Awaited<ReturnType<CasterCommands['validate']>>
  const stop = new AbortController()
  const troubles: unknown[] = []

  const status = async (url: string) => (await fetch(`${url}/validator/status`)).json() as Promise<Status>
  const subtensor = () => whole.node.query.subtensorModule!
  const uidOf = async ({ hotkey }: Actor) =>
    Number((await subtensor().uids!(NETUID, hotkey.account)).toString())
  const weightsOf = async (actor: Actor) =>
    (await subtensor().weights!(NETUID, await uidOf(actor))).toJSON() as [number, number][]
  const command = (actor: Actor, platform: string) =>
    commands.validate(actor, {
      platform,
      api: whole.url,
      rpc: whole.devnet.wsUrl,
      dataDir: path.join(whole.folder, `command-${actor.name.replaceAll(' ', '-')}`),
    })
  const said = ({ output }: RunningCommand, what: RegExp, timeout = 60_000) =>
    vi.waitFor(() => expect(output()).toMatch(what), { timeout, interval: 200 })

  beforeAll(async () => {
    await cryptoWaitReady()
    const scenario = { historyBlocks: HISTORY_BLOCKS, scriptedWeights: [94, 122] }
    whole = await WholeSystem.start('caster:67', scenario, {
      devnetPlayers: false,
      casterAdminToken: ADMIN_TOKEN,
      casterPlatformKeyUri: casterPlatformKey(),
      casterAllowPrivateHosts: true,
      casterPollSeconds: 1,
    })
    relay = await PlatformRelay.start(whole.url, shifted)
    commands = await CasterCommands.open()
    await vi.waitFor(
      async () => {
        const asked = `{ validatorPermits(netuid: ${NETUID}, current: true) { nodes { hotkey } } }`
        const { validatorPermits } = await whole.ask(asked)
        expect(validatorPermits.nodes).toContainEqual({ hotkey: hotkeyAddress(own) })
      },
      { timeout: 60_000, interval: 500 },
    )
    validator = await command(own, relay.url)
    await said(validator.command, /Registered with the platform/)
    playing = playCaster({
      baseUrl: whole.url,
      adminToken: ADMIN_TOKEN,
      devnet: whole.devnet,
      dataDir: whole.folder,
      validators: [first, second],
      signal: stop.signal,
      onTrouble: (error) => troubles.push(error),
    })
  }, 180_000)
  afterAll(async () => {
    stop.abort()
    await playing
    await commands?.close()
    await relay?.close()
    await whole?.close()
  }, 60_000)

  it('runs every script of the story in containers, and counts in every batch', async () => {
    await vi.waitFor(
      async () => {
        const asked = `{ casterRosters(netuid: ${NETUID}) { nodes { cause } } }`
        const { casterRosters } = await whole.ask(asked)
        expect(casterRosters.nodes.map(({ cause }: { cause: string }) => cause)).toEqual([
          'bootstrap',
          'promoted',
          'first_not_beaten',
        ])
      },
      { timeout: 150_000, interval: 500 },
    )
    const { casterGrades } = await whole.ask(`{ casterGrades(netuid: ${NETUID}) { totalCount } }`)
    // Ten claims, three validators, one script, then two, then three.
    expect(casterGrades.totalCount).toBe(180)
    expect(commands.docker.created).toHaveLength(6)
    expect(commands.docker.left()).toBe(0)
    expect(troubles).toEqual([])
  })

  it('sets nothing while the platform serves other weights than the decision gives, and says so', async () => {
    await vi.waitFor(
      async () => expect((await status(validator.url)).last_weight_error).toMatch(/^weights_differ: /),
      { timeout: 60_000, interval: 500 },
    )
    expect(await weightsOf(own)).toEqual([])
    expect((await status(validator.url)).last_weight_submission_at).toBeNull()
    expect(validator.command.output()).not.toMatch(/weights:/)
  })

  it('sets the decision that it computed again, once the platform serves the same', async () => {
    relay.change = async () => undefined
    await said(validator.command, /weights: set in block \d+/)
    const { last_weight_submission_at, last_weight_error } = await status(validator.url)
    expect([last_weight_submission_at, last_weight_error]).toEqual([expect.any(String), null])
  })

  it('stands on chain as it was decided, and all three vectors of it agree', async () => {
    const [, challenger] = caster.miners as [Actor, Actor]
    const champion = await uidOf(challenger)
    await vi.waitFor(
      async () => {
        const { weights, weightVectors, divergences } = await whole.ask(`{
          weights(netuid: ${NETUID}) { seq outcome weights { uid value } audit { equal } }
          weightVectors(netuid: ${NETUID}) {
            validator decisionSeq agrees cause
            recommended { uid value } submitted { uid value } effective { uid value } }
          divergences(netuid: ${NETUID}, validator: "${hotkeyAddress(own)}") { nodes { cause toHeight } } }`)
        expect(weights).toMatchObject({ outcome: 'weights', audit: { equal: true } })
        const decided = weights.weights
        expect(decided).toContainEqual({ uid: champion, value: 65_535 })
        const mine = weightVectors.find((one: { validator: string }) => one.validator === hotkeyAddress(own))
        expect(mine).toEqual({
          validator: hotkeyAddress(own),
          decisionSeq: weights.seq,
          agrees: true,
          cause: null,
          recommended: decided,
          submitted: decided,
          effective: decided,
        })
        const open = divergences.nodes.filter((one: { toHeight: number | null }) => one.toHeight === null)
        expect(open).toEqual([])
        expect(await weightsOf(own)).toEqual(
          decided.map(({ uid, value }: { uid: number; value: number }) => [uid, value]),
        )
      },
      { timeout: SET_TIMEOUT_MS, interval: 500 },
    )
  })

  describe('without a permit', () => {
    /** The champion: a uid that nobody takes from it. */
    const miner = caster.miners[1]!

    it('ends with a code when the platform asks for one', async () => {
      const { command: refused } = await command(miner, whole.url)
      const { status: exit, output } = await refused.ended
      expect([exit, output]).toEqual([2, expect.stringMatching(/SL-PLATFORM-REFUSES .*no_validator_permit/)])
    })

    it('sets nothing when the platform serves it weights all the same', async () => {
      const client = new CasterClient(whole.url)
      const careless = await PlatformRelay.start(whole.url, async ({ path: asked }) => {
        if (asked === '/v1/validators/register') return { status: 200, body: { status: 'ok' } }
        return asked === '/v1/weights' ? client.weights(casterValidators()[0]!) : undefined
      })
      try {
        const { url, command: unpermitted } = await command(miner, careless.url)
        await said(unpermitted, /Registered with the platform/)
        await vi.waitFor(
          async () => expect((await status(url)).last_weight_error).toMatch(/^no_permit: Uid \d+ has no/),
          { timeout: 60_000, interval: 500 },
        )
        expect(await weightsOf(miner)).toEqual([])
        expect(unpermitted.output()).not.toMatch(/weights:/)
      } finally {
        await careless.close()
      }
    })
  })
})

interface Status {
  readonly last_weight_submission_at: string | null
  readonly last_weight_error: string | null
}

/** A platform that gives a tenth of all weight to a uid of its liking. */
const shifted: PlatformRelay['change'] = async ({ path: asked }, answer) => {
  if (asked !== '/v1/weights') return undefined
  const { status, body } = await answer()
  if (status !== 200) return { status, body }
  const entries = Object.entries(body.weights as Record<string, number>)
  const weights = Object.fromEntries(entries.map(([uid, share]) => [uid, share * 0.9]))
  return { status, body: { ...body, weights: { ...weights, 3: (weights[3] ?? 0) + 0.1 } } }
}
