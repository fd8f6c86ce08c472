import { describe, expect, it } from 'vitest'
import { decideCaster } from '../decide-caster'
import { exactSum } from '../exact-sum'
import { sha256Hex } from '../sha256-hex'
import { aggregate } from './aggregation'
import { batchCandidates, curate, progress } from './batch'
import { charge, costOf } from './budget'
import { type CasterView, decide } from './decide'
import { rosterEmission, weightsByUid } from './emission'
import { explainRoster } from './explain'
import { functioning } from './functioning'
import { grade, needsGrader } from './grading'
import { CASTER_CHAMPION_POLICY, CASTER_TOP3_POLICY } from './policy'
import { hydrate } from './receipts'
import { type Candidate, decideRoster, emptyRoster, type Roster } from './roster'
import { checkScript, MAX_SCRIPT_BYTES } from './script'
import { parseAuthorization, signingMessage } from './signing'
import { parseResponse, requestFault } from './task-contract'

const policy = CASTER_TOP3_POLICY
const hour = 3_600_000

const candidate = (
  hotkey: string,
  total: number,
  submittedAtMs = 0,
  artifactId = `${hotkey}1`,
): Candidate => ({
  hotkey,
  artifactId,
  uid: hotkey.charCodeAt(0),
  submittedAtMs,
  total,
  maximum: 20,
})
const rosterOf = (...names: (string | null)[]): Roster =>
  names.map((name) => (name === null ? null : { hotkey: name, artifactId: `${name}1` }))
const names = (roster: Roster) => roster.map((entry) => entry?.hotkey ?? null)

describe('sticky roster', () => {
  const scored = (order: string) => {
    const totals: Record<string, number> = { A: 10, B: 11, C: 12.5, E: 16 }
    return ['A', ...order].map((name, index) => candidate(name, totals[name]!, index))
  }

  it('cascades in batch order: the order decides who is second and third', () => {
    const start = rosterOf('A', null, null)
    expect(names(decideRoster(start, scored('BCE'), policy).roster)).toEqual(['E', 'C', 'B'])
    expect(names(decideRoster(start, scored('ECB'), policy).roster)).toEqual(['E', 'A', null])
  })

  it('lets only the best challenger through in single_best mode, whatever the order', () => {
    const single = { ...policy, challengers: 'single_best' as const }
    for (const order of ['BCE', 'ECB', 'CEB']) {
      expect(names(decideRoster(rosterOf('A', null, null), scored(order), single).roster)).toEqual([
        'E',
        'A',
        null,
      ])
    }
  })

  it('bootstraps with a positive total only', () => {
    expect(names(decideRoster(emptyRoster(policy), [candidate('X', 0)], policy).roster)).toEqual([
      null,
      null,
      null,
    ])
    expect(names(decideRoster(emptyRoster(policy), [candidate('X', 0.5)], policy).roster)).toEqual([
      'X',
      null,
      null,
    ])
  })

  it('does not let a copy that ties in, nor one inside the margin', () => {
    const batch = [candidate('A', 10), candidate('B', 10, 1)]
    expect(decideRoster(rosterOf('A', null, null), batch, policy).comparisons).toMatchObject([
      { beats: false, effect: 'unchanged', challenger: { total: 10 }, incumbent: { total: 10 } },
    ])
    const margin = { ...policy, beats: { kind: 'relative_margin', margin: 0.1 } } as const
    expect(
      names(
        decideRoster(rosterOf('A', null, null), [candidate('A', 10), candidate('B', 11, 1)], margin).roster,
      )[0],
    ).toBe('A')
    expect(
      names(
        decideRoster(rosterOf('A', null, null), [candidate('A', 10), candidate('B', 11.5, 1)], margin).roster,
      )[0],
    ).toBe('B')
  })

  it('keeps the champion when its own newer script replaces the old one, and compares others with that', () => {
    const batch = [candidate('A', 10, 0, 'A1'), candidate('A', 8, 2, 'A2'), candidate('B', 9, 1)]
    const { roster, comparisons } = decideRoster(rosterOf('A', null, null), batch, policy)
    expect(comparisons.map((record) => record.effect)).toEqual(['self_update', 'promoted'])
    expect(roster[1]).toEqual({ hotkey: 'A', artifactId: 'A2' })
    const careful = { ...policy, resubmission: 'replace_if_not_worse' as const }
    expect(decideRoster(rosterOf('A', null, null), batch, careful).roster[0]).toEqual({
      hotkey: 'A',
      artifactId: 'A1',
    })
  })

  it('compares nobody with a champion that has no total in the batch', () => {
    const { roster, comparisons } = decideRoster(rosterOf('A', 'B', null), [candidate('C', 20)], policy)
    expect(names(roster)).toEqual(['A', 'B', null])
    expect(comparisons).toMatchObject([{ beats: false, incumbent: { hotkey: 'A', total: null } }])
  })

  it('has one place under the champion policy', () => {
    const batch = [candidate('A', 10), candidate('B', 11, 1), candidate('C', 12, 2)]
    expect(names(decideRoster(rosterOf('A'), batch, CASTER_CHAMPION_POLICY).roster)).toEqual(['C'])
  })

  it('keeps its invariants over random batches', () => {
    let state = 20_261_120
    const random = () => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff
      return state / 0x7fff_ffff
    }
    let roster = emptyRoster(policy)
    const everBeat = new Set<string>()
    for (let batch = 0; batch < 2000; batch++) {
      const hotkeys = [
        ...new Set([
          ...names(roster).filter((name) => name !== null),
          ...Array.from({ length: 4 }, () => String.fromCharCode(65 + Math.floor(random() * 12))),
        ]),
      ]
      const batchCandidatesNow = hotkeys.map((name) =>
        candidate(name, Math.floor(random() * 20) / 2, Math.floor(random() * 10)),
      )
      const decision = decideRoster(roster, batchCandidatesNow, policy)
      for (const record of decision.comparisons) if (record.beats) everBeat.add(record.challenger.hotkey)
      roster = decision.roster
      const seated = names(roster).filter((name) => name !== null)
      expect(new Set(seated).size, `batch ${batch} of seed 20261120`).toBe(seated.length)
      expect(
        names(roster)
          .slice(seated.length)
          .every((name) => name === null),
      ).toBe(true)
      expect(seated.every((name) => everBeat.has(name))).toBe(true)
    }
  })
})

describe('aggregation', () => {
  it('takes medians over validators with the whole matrix and says why others do not count', () => {
    const result = aggregate(
      [
        {
          validator: 'V1',
          scores: [
            [1, 0.5],
            [0, 0],
          ],
          costUsd: [1, 2],
          runtimeMs: [10, 20],
        },
        {
          validator: 'V2',
          scores: [
            [0.5, 0.5],
            [1, 0],
          ],
          costUsd: [3, 4],
          runtimeMs: [30, 40],
        },
        {
          validator: 'V3',
          scores: [
            [1, null],
            [1, 1],
          ],
        },
        { validator: 'V4', scores: [[1, 1], null] },
        {
          validator: 'V5',
          scores: [
            [1, 2],
            [0, 0],
          ],
        },
      ],
      2,
      2,
    )
    expect(result.counted).toEqual(['V1', 'V2'])
    expect(result.excluded).toEqual([
      { validator: 'V3', reason: 'incomplete: 1 of 4 results missing' },
      { validator: 'V4', reason: 'incomplete: 2 of 4 results missing' },
      { validator: 'V5', reason: 'score out of range: artifact 0, task 1' },
    ])
    expect(
      result.artifacts.map(({ total, score, costUsd, runtimeMs }) => ({ total, score, costUsd, runtimeMs })),
    ).toEqual([
      { total: 1.25, score: 0.625, costUsd: 2, runtimeMs: 20 },
      { total: 0.5, score: 0.25, costUsd: 3, runtimeMs: 30 },
    ])
  })

  it('counts a validator once', () => {
    const matrix = { validator: 'V1', scores: [[1]] }
    expect(aggregate([matrix, { ...matrix, scores: [[0]] }], 1, 1)).toMatchObject({
      counted: ['V1'],
      excluded: [{ validator: 'V1', reason: 'reported twice' }],
      artifacts: [{ total: 1 }],
    })
  })

  it('sums exactly, in any order', () => {
    expect(exactSum([1e16, 1, -1e16])).toBe(1)
    expect(exactSum([0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1])).toBe(1)
    expect(exactSum([1, 2 ** -53, 2 ** -106])).toBe(1 + 2 ** -52)
    expect(exactSum([])).toBe(0)
  })
})

describe('decide', () => {
  const view: CasterView = {
    height: 500,
    roster: rosterOf('A', null, null),
    candidates: [
      { hotkey: 'A', artifactId: 'A1', uid: 5, submittedAtMs: 0 },
      { hotkey: 'B', artifactId: 'B1', uid: 6, submittedAtMs: 1 },
      { hotkey: 'C', artifactId: 'C1', uid: 7, submittedAtMs: 2 },
    ],
    taskCount: 2,
    matrices: [
      {
        validator: 'V',
        scores: [
          [1, 0],
          [1, 0.5],
          [1, 0],
        ],
      },
    ],
    uidOf: { A: 5, B: 6, C: 7 },
  }

  it('pays the new first and the old one, and burns the empty place', () => {
    const decision = decide(view, policy)
    expect(names(decision.roster)).toEqual(['B', 'A', null])
    expect(decision.weights).toEqual([
      { hotkey: 'B', uid: 6, share: 0.6 },
      { hotkey: 'A', uid: 5, share: 0.3 },
    ])
    expect(decision.u16.uids).toEqual([0, 5, 6])
    expect(decision.burn + decision.weights.reduce((sum, weight) => sum + weight.share, 0)).toBeCloseTo(1, 12)
  })

  it('keeps what a batch decided under its own policy when a later one holds', () => {
    const later = { ...policy, id: 'later', beats: { kind: 'relative_margin' as const, margin: 9 } }
    expect(names(decide(view, later).roster)).toEqual(['A', null, null])
    const ruled = decide({ ...view, rosterPolicy: policy }, { ...later, shares: [0.5, 0.4, 0.1] })
    expect(names(ruled.roster)).toEqual(['B', 'A', null])
    expect(ruled.weights.map(({ share }) => share)).toEqual([0.5, 0.4])
    expect(ruled.policyId).toBe('later')
    const single = decide({ ...view, rosterPolicy: policy }, CASTER_CHAMPION_POLICY)
    expect(single).toMatchObject({ roster: [{ hotkey: 'B' }], weights: [{ hotkey: 'B', share: 1 }], burn: 0 })
  })

  it('explains the loser with the missing margin', () => {
    const decision = decide(view, policy)
    expect(explainRoster(decision, 'C')).toMatchObject({
      verdict: 'did_not_beat_the_first',
      total: 1,
      incumbent: 'B',
      incumbentTotal: 1.5,
      missing: 0.5,
      place: null,
    })
    expect(explainRoster(decision, 'B')).toMatchObject({ verdict: 'first', place: 1, share: 0.6, missing: 0 })
    expect(explainRoster(decision, 'A')).toMatchObject({ verdict: 'in_roster', place: 2 })
    expect(explainRoster(decision, 'Z')).toMatchObject({ verdict: 'not_in_batch', total: null })
  })

  it('changes nothing when no validator has the whole matrix', () => {
    const decision = decide(
      { ...view, matrices: [{ validator: 'V', scores: [[1, 0], null, [1, 0]] }] },
      policy,
    )
    expect(decision).toMatchObject({
      outcome: 'no_complete_validator',
      evidence: { comparisons: [], excluded: [{ validator: 'V' }] },
    })
    expect(names(decision.roster)).toEqual(['A', null, null])
  })

  it('never pays a stranger at the uid of a roster hotkey', () => {
    const decision = decide({ ...view, uidOf: { A: 5, stranger: 6 } }, policy)
    expect(decision.weights.map((weight) => weight.hotkey)).toEqual(['A'])
    expect(explainRoster(decision, 'B').verdict).toBe('not_registered')
  })
})

describe('emission', () => {
  it('sums to one under every policy and every set of registrations', () => {
    const roster = rosterOf('A', 'B', 'C')
    for (let mask = 0; mask < 8; mask++) {
      const uidOf = Object.fromEntries(
        ['A', 'B', 'C'].filter((_, i) => (mask >> i) & 1).map((name, i) => [name, i + 1]),
      )
      for (const absent of ['redirect_to_burn', 'renormalise', 'compact'] as const) {
        const weights = weightsByUid(rosterEmission(roster, uidOf, { shares: policy.shares, absent }), 0)
        expect([...weights.values()].reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12)
        expect([...weights.keys()].every((uid) => uid === 0 || Object.values(uidOf).includes(uid))).toBe(true)
      }
    }
  })
})

describe('batches', () => {
  const script = (hotkey: string, artifactId: string, submittedAtMs: number, uid = 1) => ({
    hotkey,
    artifactId,
    submittedAtMs,
    uid,
  })

  it('take the newest script at the cutoff and the champion’s artifact beside it', () => {
    const scripts = [
      script('A', 'A1', 1),
      script('A', 'A2', 5),
      script('B', 'B1', 2, 2),
      script('B', 'B2', 11, 2),
    ]
    const ids = batchCandidates(scripts, 10, { hotkey: 'A', artifactId: 'A1' }).map(
      (entry) => entry.artifactId,
    )
    expect(ids).toEqual(['A1', 'B1', 'A2'])
    expect(batchCandidates(scripts, 0)).toEqual([])
  })

  it('show no result before all are there', () => {
    expect(progress(2, 2, [1, 2, 3])).toEqual({
      total: 4,
      completed: 3,
      remaining: 1,
      miner_task_results: [],
    })
    expect(progress(2, 2, [1, 2, 3, 4]).miner_task_results).toHaveLength(4)
  })

  it('use a data set of which the champion gets half wrong', () => {
    const claims = (wrong: number) =>
      Array.from({ length: 4 }, (_, i) => ({ reference: 1, champion: i < wrong ? -1 : 1 }))
    expect([1, 2, 3].map((wrong) => curate(claims(wrong), 0.5).accepted)).toEqual([false, true, true])
    expect(curate([{ reference: 1, champion: null }], 0.5)).toMatchObject({ accepted: true, wrong: 1 })
    expect(curate(null, 0.5, 10).accepted).toBe(true)
    expect(curate([], 0.5).accepted).toBe(false)
  })
})

describe('task contract', () => {
  const options = [
    { value: -1, description: 'Fail' },
    { value: 1, description: 'Pass' },
  ]
  const request = { claim_text: 'c', rubric_title: 't', rubric_description: 'd', verdict_options: options }

  it.each([
    [undefined, request],
    ['unknown field extra', { ...request, extra: 1 }],
    ['claim_text is not text', { ...request, claim_text: 5 }],
    ['empty description', { ...request, verdict_options: [options[0], { value: 1, description: ' ' }] }],
    ['unknown field in an option', { ...request, verdict_options: [options[0], { ...options[1], x: 1 }] }],
    ['unknown set', { ...request, verdict_options: [options[0], { value: 2, description: 'x' }] }],
    ['not an object', null],
  ])('request: %s', (fault, candidateRequest) => {
    expect(requestFault(candidateRequest)).toBe(fault)
  })

  it.each([
    ['invalid_response', 'text'],
    ['invalid_verdict', { verdict: 5, justification: 'x' }],
    ['invalid_verdict', { verdict: '1', justification: 'x' }],
    ['empty_justification', { verdict: 1, justification: '  ' }],
    [
      'invalid_citation',
      { verdict: 1, justification: 'x', citations: [{ receipt_id: 'r', result_id: 'a', extra: 1 }] },
    ],
    ['invalid_citation', { verdict: 1, justification: 'x', citations: 'none' }],
  ])('response: %s', (fault, answer) => {
    expect(parseResponse(answer, [-1, 1])).toBe(fault)
  })

  it('response: takes an alias, ignores unknown top-level fields', () => {
    expect(
      parseResponse(
        { verdict: 1, justification: 'x', more: 1, citations: [{ receipt_id: 'r', result_hash: 'a' }] },
        [-1, 1],
      ),
    ).toEqual({
      verdict: 1,
      justification: 'x',
      citations: [{ receipt_id: 'r', result_id: 'a' }],
    })
  })
})

describe('scripts', () => {
  const bytes = new TextEncoder().encode('print("é")')

  it.each([
    ['empty_script', new Uint8Array(), ''],
    ['script_too_large', new Uint8Array(MAX_SCRIPT_BYTES + 1), ''],
    ['not_utf8', Uint8Array.from([0xc3, 0x28]), ''],
    ['sha_mismatch', bytes, '00'],
    ['duplicate_script', bytes, sha256Hex(bytes)],
  ])('%s', (fault, content, hash) => {
    expect(checkScript(content, hash, () => true)).toBe(fault)
  })

  it('of the largest size pass', () => {
    const largest = new Uint8Array(MAX_SCRIPT_BYTES).fill(0x20)
    expect(checkScript(largest, sha256Hex(largest).toUpperCase(), () => false)).toMatchObject({
      sizeBytes: MAX_SCRIPT_BYTES,
    })
  })
})

describe('receipts', () => {
  it('are not citable when they only log, and own no inherited results', () => {
    const receipts = {
      r: { session: 'S', tool: 'search_web', policy: 'log_only' as const, results: {} },
      ok: { session: 'S', tool: 'search_web', policy: 'referenceable' as const, results: {} },
    }
    const pairs = [
      { receipt_id: 'r', result_id: 'a' },
      { receipt_id: 'ok', result_id: 'constructor' },
      { receipt_id: 'toString', result_id: 'a' },
    ]
    expect(hydrate(pairs, 'S', receipts).dropped.map((drop) => drop.reason)).toEqual([
      'receipt is log only',
      'unknown result',
      'unknown receipt',
    ])
  })
})

describe('budget', () => {
  it('knows what it does not sell', () => {
    expect(costOf({ tool: 'mint_tokens' })).toBeUndefined()
    expect(costOf({ tool: 'llm_chat', model: 'toString' })).toBeUndefined()
    expect(costOf({ tool: 'search_ai', results: 5 })).toBe(20_000n)
    expect(costOf({ tool: 'llm_chat', model: 'openai/gpt-oss-20b', inputTokens: 1 })).toBe(1n)
  })

  it('lets a session spend exactly its limit', () => {
    const budget = { limitMicroUsd: 10n, usedMicroUsd: 4n }
    expect(charge(budget, 6n)).toEqual({ accepted: true, budget: { limitMicroUsd: 10n, usedMicroUsd: 10n } })
    expect(charge(budget, 7n)).toEqual({ accepted: false, budget })
    expect(charge(budget, -1n).accepted).toBe(false)
  })
})

describe('grading', () => {
  it('calls no grader for a wrong verdict or a failed run', () => {
    expect(needsGrader({ status: 'answered', verdict: 1 }, -1)).toBe(false)
    expect(needsGrader({ status: 'failed', errorCode: 'timeout' }, -1)).toBe(false)
    expect(grade({ status: 'answered', verdict: 1 }, 1, true).total).toBe(1)
  })
})

describe('functioning', () => {
  it('counts the bound itself, tells the hours left, and can deny who never completed', () => {
    const clock = { firstRegisteredAtMs: 0, lastSuccessAtMs: 10 * hour }
    expect(functioning(clock, 130 * hour, policy)).toMatchObject({
      functioning: true,
      hoursLeft: 0,
      reason: 'within_limit',
    })
    expect(functioning(clock, 130 * hour + 1, policy)).toMatchObject({
      functioning: false,
      reason: 'limit_passed',
    })
    expect(
      functioning({ ...clock, lastSuccessAtMs: null }, hour, { ...policy, neverCompleted: 'deny' })
        .functioning,
    ).toBe(false)
  })
})

describe('signatures', () => {
  it('bind time and nonce in strict mode only', () => {
    const request = { method: 'get', pathQs: '/v1/weights?x=1', body: '' }
    expect(signingMessage(request).split('\n')).toHaveLength(3)
    expect(
      signingMessage({ ...request, strict: { timestamp: 7, nonce: 'n' } })
        .split('\n')
        .slice(3),
    ).toEqual(['7', 'n'])
  })

  it('are read from the header, and nothing else is', () => {
    const ss58 = '5F7MJ2fAyxBG7ci4xP7kQPJanoMdNurk1QBP1AQuFT2Jmzg2'
    const sig = 'ab'.repeat(64)
    expect(parseAuthorization(`Bittensor ss58="${ss58}",sig="${sig.toUpperCase()}"`)).toEqual({
      ss58,
      signature: sig,
    })
    for (const bad of [
      '',
      `Bearer ${sig}`,
      `Bittensor ss58="${ss58}",sig="${sig}00"`,
      `Bittensor ss58="0OIl",sig="${sig}"`,
      'x'.repeat(600),
    ]) {
      expect(parseAuthorization(bad)).toBeUndefined()
    }
  })
})

describe('subledger decide caster', () => {
  it('runs a cascade and reports every comparison with both totals', () => {
    const result = decideCaster({ order: ['B', 'C', 'E'], scores: { A: 10, B: 11, C: 12.5, E: 16 } }) as {
      after: string[]
      comparisons: unknown[]
    }
    expect(result.after).toEqual(['E', 'C', 'B'])
    expect(result.comparisons[0]).toMatchObject({
      challenger: 'B',
      challenger_total: 11,
      incumbent: 'A',
      incumbent_total: 10,
      beats: true,
    })
  })

  it.each([
    [5],
    [null],
    [[]],
    [{}],
    [{ foo: 1 }],
    [{ cases: ['x'] }],
    [{ before: [], challenger: 'A' }],
    [{ values: ['x'] }],
    [{ sequence: [{ call: 'a', cost: -1 }] }],
  ])('refuses %j with a stable code', (input) => {
    expect(() => decideCaster(input)).toThrow(expect.objectContaining({ code: 'SL-DECIDE-INPUT' }))
  })
})
