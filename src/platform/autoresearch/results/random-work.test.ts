import { createHash, randomInt } from 'node:crypto'
import { encodeAddress } from '@polkadot/util-crypto'
import { describe, expect, it } from 'vitest'
import { autoresearchRules as rules } from '../../../engine/systems/autoresearch-rules'
import { canonicalJson } from '../../../log/canonical-json'
import type { PayloadOf } from '../../../log/catalogue'
import type { Command, Moment } from '../../core/decider'
import type { PlatformEvent } from '../../core/platform-event'
import { accountOf } from '../../core/signatures'
import type { Gates } from '../auth/gates'
import { evolveWith, initialState } from '../evolve'
import { postResult } from '../replay/decide-result'
import { scanJobs } from '../replay/decide-scan'
import { snapshotOf } from '../rewards/snapshot'
import type { AutoresearchState } from '../state'
import { postTask } from '../tasks/decide-task'
import type { TaskRecord } from '../tasks/task-record'
import { testPatch, testTask } from '../test/test-task'
import { openClaim } from '../work/decide-claim'
import { submit } from '../work/decide-submission'
import { evaluatePeer } from './decide-peer'
import { reverseSubmission } from './decide-reversal'

const ROUNDS = 4
const STEPS = 400
const COMMIT = 'ab'.repeat(20)
const BLOCK_MS = 12_000
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
const uuidOf = (text: string) => sha256(text).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5')
const cast = (who: string, count: number) =>
  Array.from({ length: count }, (_, n) =>
    encodeAddress(createHash('sha256').update(`${who} ${n}`).digest(), 42),
  )
const miners = cast('miner', 5)
const judges = cast('judge', 4)
const gates: Gates = { needsRegistration: false, minerMinStakeRao: 0n, validators: new Set(judges) }
const evolve = evolveWith(rules)

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

const DEFAULTS = {
  onboard_md: null,
  secondary_metric_name: null,
  secondary_metric_direction: null,
  noise_unit: null,
  noise_band: null,
  ranking_mode: 'scalar',
  min_peer_evaluations: 2,
  time_budget_seconds: 60,
  max_patch_bytes: 262_144,
  requires_artifact: false,
  is_active: true,
  competition_weight: 1,
  scoring_mode: 'best_result',
  reward_scope: 'task',
}
const PARETO = {
  ranking_mode: 'pareto',
  secondary_metric_name: 'speedup',
  secondary_metric_direction: 'maximize',
}
const TASKS = [
  { competition_mode: 'standard' },
  { competition_mode: 'standard', ...PARETO },
  { competition_mode: 'peer_evaluation' },
  { competition_mode: 'centerless', noise_unit: 'absolute', noise_band: 1 },
].map((over, n) => ({ taskId: uuidOf(`task ${n}`), slug: `task-${n}`, over }))

class World {
  readonly state = initialState(94)
  readonly events: PlatformEvent[] = []
  private step = 0

  constructor(
    private readonly dice: (sides: number) => number,
    /** What miners say of their own work. */
    private readonly claimed: number,
  ) {
    for (const { taskId, slug, over } of TASKS) {
      const { validator_benchmark_env: _, ...task } = testTask({ ...DEFAULTS, slug, ...over })
      const env = { names: [], sha256: sha256('{}') }
      this.run(postTask({ taskId, record: task as unknown as TaskRecord, env }))
    }
  }

  run<Reply>(command: Command<AutoresearchState, Reply>): Reply {
    const height = ++this.step
    const moment = { height, blockTime: height * BLOCK_MS, timeMs: height * BLOCK_MS } as Moment
    const { events, reply } = command(this.state, moment)
    for (const event of events) {
      const whole = { ...event, height, blockTime: moment.blockTime }
      this.events.push(whole)
      evolve(this.state, whole)
    }
    return reply
  }

  private pick = <T>(list: readonly T[]): T | undefined => list[this.dice(Math.max(1, list.length))]
  private signer = (hotkey: string) => ({
    hotkey,
    account: accountOf(hotkey)!,
    requestHash: sha256(`request ${this.step}`),
  })
  private metrics = () => ({
    // Often so close that the noise band decides.
    heldout_ppl: this.dice(2) === 0 ? 8 + this.dice(8) / 40 : 8 + this.dice(12) / 4,
    speedup: this.dice(5),
    memory_bytes: this.dice(9),
  })

  act(): void {
    const moves = [
      this.claim,
      this.claim,
      this.hand,
      this.hand,
      this.judge,
      this.judge,
      this.vote,
      this.vote,
      this.reverse,
    ]
    moves[this.dice(moves.length)]!()
  }

  private claim = () => {
    const hotkey = this.pick(miners)!
    const { taskId } = this.pick(TASKS)!
    const claimId = uuidOf(`claim ${this.step}`)
    const common = { claimId, taskId, description: 'dice', baseSubmissionId: null }
    this.run(openClaim({ ...common, signer: this.signer(hotkey), isRegistered: true }, rules, gates))
  }

  private hand = () => {
    const claim = this.pick([...this.state.openClaims].slice(-10).map((id) => this.state.claims.get(id)!))
    if (!claim) return
    const parent = this.pick(this.state.byTask.get(claim.taskId) ?? []) ?? null
    const artifact = { uri: 'https://artifacts.example/a', sha256: 'cd'.repeat(32), bytes: 1 + this.dice(3) }
    const hasArtifact = this.dice(2) === 0
    const input = {
      signer: this.signer(this.dice(5) === 0 ? this.pick(miners)! : claim.hotkey),
      isRegistered: true,
      submissionId: uuidOf(`submission ${this.step}`),
      claimId: claim.claimId,
      baseRef: COMMIT,
      patch: testPatch(`dice ${this.dice(9)}`),
      patchContent: null,
      artifact: hasArtifact ? artifact : null,
      executionLog: null,
      summary: 'dice',
      claimedMetrics: { heldout_ppl: this.claimed },
      idea: this.dice(4) === 0 ? null : 'an idea',
      parent: this.dice(2) === 0 ? parent : null,
      env: { sha256: sha256('{}'), values: {} },
      blobs: [],
    }
    this.run(submit(input, rules, gates))
  }

  private judge = () => {
    const hotkey = this.pick(judges)!
    this.run(scanJobs(this.signer(hotkey), null, 1 + this.dice(4), gates))
    const account = accountOf(hotkey)!
    const own = [...this.state.jobs.values()].filter(({ validator }) => validator === account)
    const waiting = own.filter(({ result }) => result === null)
    const job = this.pick(this.dice(6) === 0 ? own : waiting)
    if (!job) return
    const drawn = (['accepted', 'accepted', 'rejected', 'error'] as const)[this.dice(4)]!
    // Some work never runs: three errors and nothing else end it.
    const status = /^[0-3]/.test(job.submissionId) ? 'error' : drawn
    const body = {
      submission_id: job.submissionId,
      status,
      observed_metrics: status === 'accepted' ? this.metrics() : {},
      notes: status === 'accepted' ? '' : 'metric_missing: dice',
      replay_log: '',
    }
    this.run(
      postResult({ signer: this.signer(hotkey), jobId: job.jobId, body, log: null, blobs: [] }, rules, gates),
    )
  }

  private vote = () => {
    const { byTask, submissions } = this.state
    const byPeers = byTask.get(TASKS[2]!.taskId) ?? []
    const submissionId = this.pick(this.dice(5) === 0 ? [...submissions.keys()] : byPeers)
    if (!submissionId) return
    const status = (['accepted', 'rejected', 'error'] as const)[this.dice(3)]!
    const common = { evaluationId: uuidOf(`vote ${this.step}`), submissionId, status, notes: '' }
    const signer = this.signer(this.pick(miners)!)
    const observedMetrics = this.metrics()
    this.run(evaluatePeer({ ...common, observedMetrics, signer, isRegistered: true }, rules, gates))
  }

  private reverse = () => {
    if (this.dice(12) > 0) return
    const accepted = [...this.state.submissions.values()].filter(({ status }) => status === 'accepted')
    const found = this.pick(accepted)
    if (found) this.run(reverseSubmission(found.submissionId, 'the dice say so', rules))
  }
}

const only = <
  T extends 'SubmissionDecided' | 'BestResultChanged' | 'JobResultPosted' | 'PeerEvaluationPosted',
>(
  events: readonly PlatformEvent[],
  type: T,
) => events.filter((event) => event.type === type).map(({ payload }) => payload as PayloadOf<T>)

/** Invariants 1 to 7 of spec autoresearch §12.1 over a whole log. */
function holds({ events, state }: World): void {
  const decided = only(events, 'SubmissionDecided')
  expect(new Set(decided.map(({ submissionId }) => submissionId)).size).toBe(decided.length)
  const results = only(events, 'JobResultPosted')
  expect(new Set(results.map(({ jobId }) => jobId)).size).toBe(results.length)
  for (const { submissionId, status, metric } of decided) {
    const { spec, specHash, hotkey, peers, taskId } = state.submissions.get(submissionId)!
    expect(rules.freezeSpec({ ...spec, validator_benchmark_env: {} } as never).specHash).toBe(specHash)
    const isPeers = state.tasks.get(taskId)!.record.competition_mode === 'peer_evaluation'
    if (isPeers) {
      expect(new Set(peers.evaluators).size).toBe(peers.evaluators.length)
      expect(peers.evaluators).not.toContain(hotkey)
    } else if (status === 'accepted') {
      const first = results.find((one) => one.submissionId === submissionId && one.status !== 'error')!
      expect([first.status, first.observedMetrics.heldout_ppl]).toEqual(['accepted', metric])
    }
  }
  const reversed = new Set(
    events
      .filter(({ type }) => type === 'SubmissionReversed')
      .map(({ payload }) => (payload as PayloadOf<'SubmissionReversed'>).submissionId),
  )
  for (const { submissionId, status } of decided) {
    const now = state.submissions.get(submissionId)!.status
    expect(now).toBe(reversed.has(submissionId) ? 'rejected' : status)
  }
  for (const change of only(events, 'BestResultChanged')) {
    if (change.cause === 'reversal' || change.best === change.previous) continue
    const verdict = decided.find(({ submissionId }) => submissionId === change.best)!
    expect(verdict.comparison).toMatchObject({ against: change.previous, wins: true, cause: change.cause })
  }
}

describe('work under random commands', () => {
  it.each(Array.from({ length: ROUNDS }, () => randomInt(2 ** 31)))(
    'keeps its invariants, and the same log gives the same state and snapshot (seed %i)',
    (seed) => {
      const world = new World(diceOf(seed), 1)
      for (let step = 0; step < STEPS; step++) world.act()
      holds(world)
      const copy = initialState(94)
      for (const event of JSON.parse(canonicalJson(world.events)) as PlatformEvent[]) evolve(copy, event)
      expect(copy).toEqual(world.state)
      expect(snapshotOf(copy, rules)).toEqual(snapshotOf(world.state, rules))
    },
  )

  it.each([1, 2, 3])(
    'claimed metrics decide nothing: any other claims give the same verdicts (seed %i)',
    (seed) => {
      const said = [0.001, 1e9].map((claimed) => {
        const world = new World(diceOf(seed), claimed)
        for (let step = 0; step < STEPS; step++) world.act()
        return world.events.filter(({ type }) => type !== 'SubmissionReceived')
      })
      expect(said[0]).toEqual(said[1])
    },
  )

  it('is worth something: there are verdicts of all kinds, new bests, reversals and conflicts (seed 7)', () => {
    const world = new World(diceOf(7), 1)
    for (let step = 0; step < 4 * STEPS; step++) world.act()
    const types = new Set(world.events.map(({ type }) => type))
    const wanted = ['SubmissionReversed', 'JobResultConflict', 'PeerConsensusReached', 'IdeaLinked']
    for (const type of [...wanted, 'BestResultChanged', 'CommandRefused']) expect(types).toContain(type)
    const decided = only(world.events, 'SubmissionDecided')
    expect(new Set(decided.map(({ status }) => status))).toEqual(new Set(['accepted', 'rejected', 'error']))
    const causes = new Set(only(world.events, 'BestResultChanged').map(({ cause }) => cause))
    for (const cause of ['first', 'quality', 'secondary', 'reversal', 'frontier'])
      expect(causes).toContain(cause)
    expect(['artifact_bytes', 'memory_bytes'].some((cause) => causes.has(cause))).toBe(true)
  })
})
