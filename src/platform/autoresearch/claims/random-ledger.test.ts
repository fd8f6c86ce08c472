import { createHash, randomInt } from 'node:crypto'
import { encodeAddress } from '@polkadot/util-crypto'
import { describe, expect, it } from 'vitest'
import { autoresearchRules as rules } from '../../../engine/systems/autoresearch-rules'
import { canonicalJson } from '../../../log/canonical-json'
import { checkLedger, outstanding } from '../../../mechanisms/claims/epoch-ledger'
import type { Command, Moment } from '../../core/decider'
import type { PlatformEvent } from '../../core/platform-event'
import { accountOf } from '../../core/signatures'
import type { Answer } from '../answer'
import { evolveWith, initialState } from '../evolve'
import { snapshotOf } from '../rewards/snapshot'
import type { AutoresearchState } from '../state'
import { outlookOf, recordPayment } from './decide-claim-payment'
import { buildEpoch, treeOfEpoch } from './decide-epoch'
import { challengeEpoch, changeVeto, discardEpoch, publishEpoch, resolveChallenge } from './decide-publish'
import { setRecipient } from './decide-recipient'
import { latestPublished } from './state'

const ROUNDS = 5
const STEPS = 150
const HOTKEYS = 8
const MIN_TRANSFER = 50n
const sha256 = (text: string) => createHash('sha256').update(text).digest()
const hotkeys = Array.from({ length: HOTKEYS }, (_, n) => encodeAddress(sha256(`hotkey ${n}`), 42))

/** The gate has its own tests: here everybody is backed. */
const open = {
  ...rules,
  claims: {
    ...rules.claims,
    build: (list: Parameters<typeof rules.claims.build>[0]) => ({
      ...rules.claims.build(list),
      gate: () => [],
    }),
  },
}
const evolve = evolveWith(open)

/** Dice from a seed (mulberry32). */
function diceOf(seed: number) {
  let state = seed
  return (sides: number) => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) % sides
  }
}

class World {
  readonly state = initialState(94)
  readonly events: PlatformEvent[] = []
  private step = 0

  run(command: Command<AutoresearchState, Answer>): Answer {
    const height = ++this.step
    const moment = { height, blockTime: height * 12_000, timeMs: height * 12_000 } as Moment
    const { events, reply } = command(this.state, moment)
    for (const event of events) {
      const whole = { ...event, height, blockTime: moment.blockTime }
      this.events.push(whole)
      evolve(this.state, whole)
    }
    return reply
  }
}

function act(world: World, dice: (sides: number) => number): void {
  const { merkle } = world.state
  const hotkey = hotkeys[dice(HOTKEYS)]!
  const epoch = 1 + dice(Math.max(1, merkle.epochs.length))
  const found = merkle.epochs.find((one) => one.epoch === epoch)
  const signer = {
    hotkey,
    account: accountOf(hotkey)!,
    requestHash: sha256(`${world.events.length}`).toString('hex'),
  }
  const acts = [
    () =>
      world.run(
        setRecipient(
          signer,
          `0x${sha256(`${hotkey} ${dice(3)}`)
            .toString('hex')
            .slice(0, 40)}`,
        ),
      ),
    () => {
      const earned = new Map(hotkeys.filter(() => dice(2) === 0).map((key) => [key, BigInt(dice(200))]))
      const laneId = `0x${'0'.repeat(64)}` as const
      return world.run(
        buildEpoch(
          {
            schemeId: ['emission', 'openzeppelin', 'uniswap'][dice(3)]!,
            laneId,
            budget: BigInt(dice(1_500)),
            earned,
          },
          open,
        ),
      )
    },
    () =>
      world.run(
        publishEpoch(
          epoch,
          { root: found?.root ?? '0x', total: found?.total ?? 0n, uri: 'x', block: 1 },
          open,
        ),
      ),
    () => world.run(discardEpoch(epoch, 'dice')),
    () => world.run(challengeEpoch(epoch, `0x${'0'.repeat(64)}`, 'dice')),
    () => world.run(resolveChallenge(epoch, dice(2) === 0, { resolver: 'dice', beneficiary: null })),
    () => world.run(changeVeto(epoch, dice(4) === 0, { actor: 'dice', reason: 'dice' })),
  ]
  const pay = () => {
    const input = { epoch, hotkey, proof: undefined, extrinsicHash: null, chainError: null }
    return world.run(recordPayment(input, MIN_TRANSFER, open))
  }
  const chosen = acts[dice(acts.length * 2)] ?? pay
  chosen()
}

function holds({ state }: World): void {
  const { merkle } = state
  const standing = merkle.epochs.filter(({ status }) => status === 'published' || status === 'challenged')
  const budgets = new Map(standing.map(({ epoch, budget }) => [epoch, budget]))
  expect(
    checkLedger(
      standing.map(({ amounts }) => amounts),
      budgets,
      merkle.paid,
    ),
  ).toEqual([])
  const latest = latestPublished(merkle)
  const published = latest
    ? [...latest.amounts.amounts.values()].reduce((sum, amount) => sum + amount, 0n)
    : 0n
  const paid = [...merkle.paid.values()].reduce((sum, amount) => sum + amount, 0n)
  if (latest) expect(outstanding(latest.amounts, merkle.paid)).toBe(published - paid)
  else expect(paid).toBe(0n)
  for (const epoch of standing) {
    const tree = treeOfEpoch(epoch, open)
    expect(tree.root).toBe(epoch.root)
    expect(new Set(epoch.entries.map(({ index }) => index)).size).toBe(epoch.entries.length)
    expect(new Set(epoch.entries.map(({ hotkey }) => hotkey)).size).toBe(epoch.entries.length)
    for (const entry of epoch.entries) {
      expect(tree.proofFault(entry.index, tree.proof(entry.index))).toBeUndefined()
      const { delta, verdict } = outlookOf(merkle, epoch, entry, MIN_TRANSFER, open)
      if (verdict === 'paid') expect(delta >= MIN_TRANSFER).toBe(true)
    }
  }
}

describe('a claim ledger under random commands', () => {
  it.each(Array.from({ length: ROUNDS }, () => randomInt(2 ** 31)))(
    'keeps its invariants, and the same log gives the same bytes (seed %i)',
    (seed) => {
      const dice = diceOf(seed)
      const world = new World()
      for (let step = 0; step < STEPS; step++) {
        act(world, dice)
        if (step % 10 === 0) holds(world)
      }
      holds(world)
      const copy = initialState(94)
      for (const event of JSON.parse(canonicalJson(world.events)) as PlatformEvent[]) evolve(copy, event)
      expect(snapshotOf(copy, open)).toEqual(snapshotOf(world.state, open))
      expect(copy.merkle.epochs.map(({ root }) => root)).toEqual(
        world.state.merkle.epochs.map(({ root }) => root),
      )
      expect(copy.merkle.paid).toEqual(world.state.merkle.paid)
    },
  )

  it('is worth something: epochs are published and disputed, claims paid and reverted (seed 7)', () => {
    const dice = diceOf(7)
    const world = new World()
    for (let step = 0; step < 4 * STEPS; step++) act(world, dice)
    const types = new Set(world.events.map(({ type }) => type))
    for (const type of ['EpochPublished', 'ChallengeResolved', 'VetoChanged', 'ClaimPaid', 'ClaimReverted'])
      expect(types).toContain(type)
  })
})
