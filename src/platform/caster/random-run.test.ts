import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { casterRules as rules } from '../../engine/systems/caster-rules'
import type { LogEvent } from '../../log/envelope'
import { caster } from '../../mechanisms/caster'
import type { ValidatorMatrix } from '../../mechanisms/caster/aggregation'
import type { CasterView } from '../../mechanisms/caster/decide'
import { addressOf } from '../core/signatures'
import { readRow } from './delivery/checked-rows'
import { readResults } from './private/private-content'
import { testDataset } from './test/test-dataset'
import { TEST_NETUID, TOKEN } from './test/test-platform'
import { type Outcome, type TestResult, uuidOf } from './test/test-results'
import { account, TestScene } from './test/test-scene'

const ROUNDS = 8
const CLAIMS = 3
const seed = Number(process.env.CASTER_SEED ?? Math.floor(Math.random() * 2 ** 31))

/** mulberry32 */
function random(state: number): () => number {
  let a = state
  return () => {
    a = (a + 0x6d2b79f5) | 0
    let t = Math.imul(a ^ (a >>> 15), 1 | a)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

// biome-ignore lint/suspicious/noExplicitAny: payloads of many types, told apart by name
type Payload = any
const OUTCOMES: readonly Outcome[] = ['full', 'half', 'wrong', 'failed']
const LIES: readonly ((results: TestResult[]) => TestResult[])[] = [
  (results) => results.slice(1),
  (results) => results.map((r, n) => (n === 0 ? { ...r, uid: 99 } : r)),
  (results) => results.map((r) => ({ ...r, citations: [] })),
]

describe(`a random life of the platform (CASTER_SEED=${seed})`, { timeout: 240_000 }, () => {
  let scene: TestScene
  let events: LogEvent[]
  const answers: { readonly text: string; readonly height: number; readonly uids: Map<string, number> }[] = []
  const next = random(seed)
  const upTo = (n: number) => Math.floor(next() * n)

  const of = (type: string): Payload[] =>
    events.filter((event) => event.type === type).map(({ payload }) => payload)
  const rosterMoves = () =>
    events.filter(({ type }) => type === 'RosterChanged' || type === 'RosterUnchanged')

  async function setPolicy(round: number): Promise<void> {
    const { policy } = (await scene.client.get('/v1/policy')).body
    const over = [
      { beats: { kind: 'relative_margin', margin: 0.1 } },
      { beats: { kind: 'points10' }, absent: 'compact' },
      { challengers: 'single_best', absent: 'renormalise' },
      { beats: { kind: 'relative_margin', margin: 0 }, challengers: 'cascade', absent: 'redirect_to_burn' },
    ][upTo(4)]!
    await scene.ok(
      scene.client.admin('PUT', '/v1/policy', TOKEN, {
        policy: { ...policy, ...over, id: `random/${round}`, effectiveFromBlock: 10 },
      }),
    )
  }

  async function askWeights(): Promise<void> {
    const { facts, url } = scene.platform
    facts.height++
    for (const judge of scene.judges) {
      const asked = { method: 'GET', path: '/v1/weights' }
      const response = await fetch(`${url}${asked.path}`, { headers: scene.client.headersOf(asked, judge) })
      const text = await response.text()
      expect(response.status, text).toBe(200)
      answers.push({ text, height: facts.height, uids: new Map(facts.uids) })
    }
  }

  /** Who leaves, joins and takes whose uid between two batches. */
  function shuffleMetagraph(): void {
    const { uids } = scene.platform.facts
    for (const [n, { address }] of scene.miners.entries()) {
      const isIn = uids.has(account(address))
      if (isIn && next() < 0.15) uids.delete(account(address))
      else if (!isIn && next() < 0.5) uids.set(account(address), 10 + n + 5 * upTo(4))
    }
  }

  async function round(n: number): Promise<void> {
    if (next() < 0.5) await setPolicy(n)
    shuffleMetagraph()
    for (const [miner, { address }] of scene.miners.entries())
      if (scene.platform.facts.uids.has(account(address)) && next() < 0.5)
        await scene.submit(miner, `script of ${miner} in round ${n}`)
    const quality = new Map<string, Outcome>()
    for (const double of scene.doubles) {
      double.behaviour.outcome = (artifact, claim) => {
        // Judges mostly agree about a script and a claim.
        const cell = `${artifact}/${claim}`
        const drawn = parseInt(uuidOf(`${seed}/${cell}`).slice(0, 4), 16)
        if (!quality.has(cell)) quality.set(cell, OUTCOMES[drawn % 4]!)
        const own = parseInt(uuidOf(`${seed}/${cell}/${double.signer.address}`).slice(0, 4), 16)
        return own % 5 === 0 ? OUTCOMES[own % 4]! : quality.get(cell)!
      }
      const lie = LIES[upTo(9)]
      double.behaviour.bend = lie ?? ((results) => results)
    }
    const sitting = scene.platform.state.roster?.[0]
    const dataset = testDataset(CLAIMS, sitting ? -1 : undefined)
    const created = await scene.client.admin('POST', '/v1/miner-task-batches/batch', TOKEN, { dataset })
    if (created.status === 409) return expect(created.body.detail).toBe('no_candidates') as never
    const { batch_id } = await scene.ok(Promise.resolve(created))
    if (next() < 0.3) await scene.restart()
    await scene.decided(batch_id)
    await askWeights()
  }

  beforeAll(async () => {
    console.info(`CASTER_SEED=${seed}`)
    scene = await TestScene.start({ rules })
    for (const judge of [0, 1, 2]) await scene.join(judge)
    await scene.submit(0, 'the first')
    for (let n = 0; n < ROUNDS; n++) await round(n)
    events = await scene.platform.events()
    expect(scene.platform.failures).toEqual([])
    expect(rosterMoves().length).toBeGreaterThan(2)
  }, 240_000)
  afterAll(() => scene.close())

  it('1: places are distinct hotkeys, and empty ones come last', () => {
    for (const { payload } of rosterMoves()) {
      const { after } = payload as Payload
      const seated = after.filter((entry: unknown) => entry !== null)
      expect(after.slice(0, seated.length)).toEqual(seated)
      expect(new Set(seated.map(({ hotkey }: Payload) => hotkey)).size).toBe(seated.length)
    }
  })

  it('2, 3: the roster changes by comparisons alone, the last winner is first, and a loser never enters', () => {
    const winners = new Set<string>()
    for (const { type, payload } of rosterMoves()) {
      const { batchId, before, after } = payload as Payload
      const won = of('ChallengerCompared').filter((c) => c.batchId === batchId && c.beats)
      expect(type).toBe(won.length > 0 ? 'RosterChanged' : 'RosterUnchanged')
      for (const { challenger } of won) winners.add(challenger.hotkey)
      if (won.length === 0) expect(after).toEqual(before)
      else {
        const { artifactId, hotkey } = won.at(-1)!.challenger
        expect(after[0]).toEqual({ artifactId, hotkey })
      }
      for (const entry of after) if (entry) expect(winners).toContain(entry.hotkey)
    }
  })

  it('4: comparisons are of totals of the same batch and the same validators', () => {
    for (const { batchId, challenger, incumbent } of of('ChallengerCompared')) {
      const totals = of('ScoresAggregated').filter((a) => a.batchId === batchId)
      expect(new Set(totals.map((a) => JSON.stringify(a.validatorsCounted))).size).toBe(1)
      const totalOf = (artifactId: string) => totals.find((a) => a.artifactId === artifactId)?.total ?? null
      expect(challenger.total).toBe(totalOf(challenger.artifactId))
      if (incumbent) expect(incumbent.total).toBe(totalOf(incumbent.artifactId))
    }
  })

  it('5: scores are 0, 0.5 or 1, no grader looks at a wrong verdict, and failures have none', () => {
    const failed = new Set(of('MinerFailed').map(cellOf))
    const answered = new Set(of('MinerAnswered').map(cellOf))
    for (const graded of of('TaskGraded')) {
      expect([0, 0.5, 1]).toContain(graded.total)
      expect(graded.total).toBe(graded.verdictScore + graded.supportScore)
      if (graded.verdictScore === 0)
        expect([graded.graderModel, graded.rationaleSha256]).toEqual([null, null])
      expect((graded.status === 'failed' ? failed : answered).has(cellOf(graded))).toBe(true)
      if (graded.status === 'failed') expect(graded.total).toBe(0)
    }
  })

  it('6: citations are those of receipts of their own session', async () => {
    const sessions = new Map(of('SessionOpened').map((s) => [s.sessionId, cellOf(s)]))
    const calls = new Map(of('ToolCalled').map((call) => [call.receiptId, call]))
    for (const cited of of('CitationHydrated')) {
      const call = calls.get(cited.receiptId)!
      expect(sessions.get(call.sessionId)).toBe(cellOf(cited))
      expect(call.resultIds).toContain(cited.resultId)
      const { batchId, validator, artifactId, claimId } = cited
      const { resultsSha256 } = of('BatchCompleted').find(
        (done) => done.batchId === batchId && done.validator === validator,
      )
      const place = { batchId, validator, resultsSha256 }
      const rows = readRow(await readResults(scene.platform.pool, TEST_NETUID, place, artifactId))
      const kept = rows
        .find((row) => row.claim_id === claimId)!
        .receipts.find((receipt) => receipt.receipt_id === cited.receiptId)!
        .metadata.results.find((result) => result.result_id === cited.resultId)!
      expect({ url: cited.url, note: cited.note }).toEqual({ url: kept.url, note: kept.note })
    }
  })

  it('7: what was used is the sum of the receipts and no more than the budget', () => {
    const used = new Map<string, bigint>()
    for (const { sessionId, costMicroUsd } of of('ToolCalled'))
      used.set(sessionId, (used.get(sessionId) ?? 0n) + BigInt(costMicroUsd))
    const budgets = new Map(of('SessionOpened').map((s) => [s.sessionId, BigInt(s.budgetMicroUsd)]))
    for (const { sessionId, usedMicroUsd } of of('SessionClosed')) {
      expect(BigInt(usedMicroUsd)).toBe(used.get(sessionId))
      expect(BigInt(usedMicroUsd) <= budgets.get(sessionId)!).toBe(true)
    }
  })

  it('8: whoever is counted has the full matrix, once; whoever is not has a reason', () => {
    const cells = of('TaskGraded').map((graded) => `${graded.batchId}/${cellOf(graded)}`)
    expect(new Set(cells).size).toBe(cells.length)
    for (const { batchId, validatorsCounted, validatorsExcluded } of of('ScoresAggregated')) {
      const { candidates } = of('BatchCreated').find((batch) => batch.batchId === batchId)
      const graded = of('TaskGraded').filter((one) => one.batchId === batchId)
      for (const validator of validatorsCounted)
        expect(graded.filter((one) => one.validator === validator)).toHaveLength(candidates.length * CLAIMS)
      for (const { hotkey, reason } of validatorsExcluded) {
        expect(reason).not.toBe('')
        expect(graded.filter((one) => one.validator === hotkey)).toEqual([])
      }
    }
  })

  it('9, 10: weights sum to 1, go to roster hotkeys at their uid of that block or to the burn uid, and are those that were computed', () => {
    const computed = of('WeightsComputed')
    for (const { text, uids } of answers) {
      const hash = createHash('sha256').update(text).digest('hex')
      const made = computed.find((one) => one.weightsSha256 === hash)
      expect(made).toBeDefined()
      const { weights } = JSON.parse(text) as { weights: Record<string, number> }
      const values = Object.values(weights)
      expect(values.every((weight) => weight >= 0)).toBe(true)
      expect(values.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 9)
      const seated = made.roster.flatMap((entry: Payload) => (entry ? [uids.get(entry.hotkey)] : []))
      for (const uid of Object.keys(weights)) expect([...seated, 0]).toContain(Number(uid))
      for (const { hotkey, uid } of made.uidMap) expect(uids.get(hotkey)).toBe(uid)
    }
    const hashes = new Set(computed.map((one) => one.weightsSha256))
    for (const { weightsSha256 } of of('WeightsServed')) expect(hashes).toContain(weightsSha256)
  })

  it('11: no content is there twice, and validators get the bytes of the hash', async () => {
    const scripts = of('ScriptSubmitted')
    expect(new Set(scripts.map((one) => one.contentSha256)).size).toBe(scripts.length)
    const { batchId, candidates } = of('BatchCreated').at(-1)
    for (const { artifactId, contentSha256 } of candidates) {
      const path = `/v1/miner-task-batches/${batchId}/artifacts/${artifactId}`
      const headers = scene.client.headersOf({ method: 'GET', path }, scene.judges[0]!)
      const bytes = Buffer.from(
        await (await fetch(`${scene.platform.url}${path}`, { headers })).arrayBuffer(),
      )
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(contentSha256)
    }
  })

  it('12: a gate is a function of registration, last success and now', () => {
    for (const gate of of('ValidatorFunctioningChanged')) {
      const { firstAt } = of('ValidatorRegistered').find((one) => one.hotkey === gate.hotkey)
      const clock = { firstRegisteredAtMs: firstAt, lastSuccessAtMs: gate.lastSuccessAt }
      const due = rules.functioning(clock, gate.at, rules.defaultPolicy)
      expect([gate.functioning, gate.reason]).toEqual([due.functioning, due.reason])
    }
  })

  it('13: a replay of the log gives the same state, roster and bytes', async () => {
    // What is due by the clock is done at each start: it is done before, too.
    await scene.platform.tick()
    const before = scene.platform.state
    await scene.restart()
    expect(scene.platform.state).toEqual(before)
    const at = answers.length
    const last = answers.at(-1)!.text
    scene.platform.facts.uids.clear()
    for (const [hotkey, uid] of answers[at - 1]!.uids) scene.platform.facts.uids.set(hotkey as never, uid)
    await askWeights()
    expect(answers.at(-1)!.text).toBe(last)
  })

  it('13: the mechanism, given what the log says, decides the same roster', () => {
    const policies = of('PolicySet').map(({ policy }) => caster.readPolicy(policy))
    for (const { payload } of rosterMoves()) {
      const { batchId, before, after, policyId } = payload as Payload
      const policy = policies.find(({ id }) => id === policyId)!
      const decision = caster.decide(viewOf(batchId, before), policy)
      expect(decision.roster).toEqual(named(after))
    }
  })

  it('14: references and whatever betrays them come after the end of their batch', () => {
    expect(JSON.stringify(events)).not.toContain('secret-reference')
    for (const { batchId } of of('BatchCreated')) {
      const own = events.filter(({ payload }) => (payload as Payload).batchId === batchId)
      const end = own.findIndex(({ type }) => type === 'BatchClosed')
      const told = own.slice(0, end).filter(({ type }) => !/^Batch/.test(type))
      expect(told).toEqual([])
    }
  })

  const named = (roster: Payload[]) =>
    roster.map((entry) => entry && { ...entry, hotkey: addressOf(entry.hotkey) })

  /** The view as it follows from the events alone. */
  function viewOf(batchId: string, before: Payload[]): CasterView {
    const { candidates, claimIds } = of('BatchCreated').find((batch) => batch.batchId === batchId)
    const validators = [
      ...new Set(
        of('BatchSent')
          .filter((s) => s.batchId === batchId)
          .map((s) => s.validator),
      ),
    ]
    const graded = of('TaskGraded').filter((one) => one.batchId === batchId)
    const matrices = validators.sort().map((validator): ValidatorMatrix => {
      const rows = candidates.map(({ artifactId }: Payload) =>
        claimIds.map((claimId: string) =>
          graded.find(
            (g) => g.validator === validator && g.artifactId === artifactId && g.claimId === claimId,
          ),
        ),
      )
      const sum = (row: Payload[], value: (cell: Payload) => number) =>
        row.reduce((total, cell) => total + (cell ? value(cell) : 0), 0)
      return {
        validator: addressOf(validator),
        scores: rows.map((row: Payload[]) => row.map((cell) => cell?.total ?? null)),
        costUsd: rows.map((row: Payload[]) => sum(row, (cell) => Number(cell.costMicroUsd)) / 1e6),
        runtimeMs: rows.map((row: Payload[]) => sum(row, (cell) => cell.runtimeMs)),
      }
    })
    return {
      height: 10,
      roster: named(before),
      candidates: candidates.map((c: Payload) => ({
        hotkey: addressOf(c.hotkey),
        artifactId: c.artifactId,
        uid: c.uid,
        submittedAtMs: c.submittedAt,
      })),
      taskCount: claimIds.length,
      matrices,
      uidOf: {},
    }
  }
})

const cellOf = ({ validator, artifactId, claimId, batchId }: Payload) =>
  `${batchId}/${validator}/${artifactId}/${claimId}`
