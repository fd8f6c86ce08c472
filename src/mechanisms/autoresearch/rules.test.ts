import { describe, expect, it } from 'vitest'
import { canonicalJson } from '../canonical-json'
import { decideAutoresearch } from '../decide-autoresearch'
import { acceptance } from './acceptance'
import { type AcceptedResult, bestOf, compareResults } from './best-result'
import { actOnClaim, claimAt, openClaim } from './claim-lifecycle'
import { splitBudget } from './competition-split'
import { decide } from './decide'
import { explainBest } from './explain'
import { type IdeaSubmission, ideaFault, ideaRewards } from './idea-rewards'
import { castLegacyVote, legacyWindow } from './legacy-relay'
import { judgeReplay } from './metric-extraction'
import { paretoFrontier } from './pareto'
import { checkPatch, globPattern, patchPaths } from './patch-surface'
import { SN94_POLICY } from './policy'
import { checkoutTarget, freezeSpec, isUnchanged, type ReplaySpec } from './replay-spec'
import { rewardSnapshot } from './reward-snapshot'
import { canonicalBody, canonicalQuery, isFresh } from './signing'
import type { TaskRules } from './task'

const contract = SN94_POLICY.enforcement.contractHotkey

describe('canonical JSON', () => {
  it('writes keys and floats as the Python clients do', () => {
    const body = { b: 1e-7, a: [1e16, 0.00001234, 123.5, -0.5, 2], é: '\u007f😀"\n' }
    expect(canonicalBody(body)).toBe(
      '{"a":[1e+16,1.234e-05,123.5,-0.5,2],"b":1e-07,"\\u00e9":"\\u007f\\ud83d\\ude00\\"\\n"}',
    )
    expect(canonicalJson({ b: 1e-7, a: 10n })).toBe('{"a":"10","b":1e-7}')
  })

  it('refuses what JSON cannot say', () => {
    expect(() => canonicalJson(Number.NaN)).toThrow(RangeError)
    expect(() => canonicalJson(Number.POSITIVE_INFINITY, 'python')).toThrow(RangeError)
  })

  it('keeps strings verbatim and drops nulls from queries', () => {
    expect(canonicalBody('{"x": 1}')).toBe('{"x": 1}')
    expect(canonicalBody(undefined)).toBe('')
    expect(
      canonicalQuery([
        ['q', 'a b~(c)'],
        ['none', null],
        ['n', 20],
      ]),
    ).toBe('q=a+b~%28c%29&n=20')
  })

  it('accepts a timestamp inside the window only', () => {
    expect([700, 1300].map((now) => isFresh(1000, now, 300))).toEqual([true, true])
    expect([699, 1301].map((now) => isFresh(1000, now, 300))).toEqual([false, false])
    expect(isFresh(Number.NaN, 1000, 300)).toBe(false)
  })
})

describe('replay specification', () => {
  const spec: ReplaySpec = {
    repository: 'https://example.org/task.git',
    base_ref: 'production',
    base_commit_sha: 'a'.repeat(40),
    setup_command: null,
    benchmark_command: 'python bench.py',
    result_path: 'result.json',
    allowed_patch_paths: ['train.py'],
    metric_name: 'heldout_ppl',
    metric_direction: 'minimize',
    ranking_mode: 'scalar',
    secondary_metric_name: null,
    secondary_metric_direction: null,
    validator_benchmark_env: { B: '2', A: '1' },
    time_budget_seconds: 3600,
    max_patch_bytes: 262_144,
  }
  const frozen = freezeSpec(spec)

  it('hashes the same content to the same hash, whatever the order of keys', () => {
    const reordered = {
      ...Object.fromEntries(Object.entries(spec).reverse()),
      validator_benchmark_env: { A: '1', B: '2' },
    }
    expect(freezeSpec(reordered as unknown as ReplaySpec)).toEqual(frozen)
    expect(isUnchanged(frozen, spec)).toBe(true)
  })

  it.each(Object.keys(spec))('notices a change of %s', (key) => {
    expect(isUnchanged(frozen, { ...spec, [key]: 'changed' } as ReplaySpec)).toBe(false)
  })

  it('checks out the commit before the branch', () => {
    expect(checkoutTarget(spec)).toBe('a'.repeat(40))
    expect(checkoutTarget({ ...spec, base_commit_sha: null })).toBe('production')
  })
})

describe('patch surface', () => {
  const allowed = ['train.py', 'src/quant/*']
  const file = (path: string, from = path) =>
    `diff --git a/${from} b/${path}\n--- a/${from}\n+++ b/${path}\n@@ -1 +1 @@\n-x\n+y\n`

  it('finds both sides of every file', () => {
    expect(patchPaths(file('train.py') + file('src/quant/new.py', 'benchmark.py'))).toEqual([
      'train.py',
      'benchmark.py',
      'src/quant/new.py',
    ])
    expect(patchPaths('--- a/old.py\n+++ /dev/null\n@@ -1 +0,0 @@\n-x\n')).toEqual(['old.py'])
    expect(
      patchPaths('diff --git "a/t\\303\\251.py" "b/t\\303\\251.py"\nrename from x\nrename to "y z"\n'),
    ).toEqual(['té.py', 'x', 'y z'])
  })

  it('does not take text inside a hunk for a header', () => {
    const patch =
      'diff --git a/train.py b/train.py\n--- a/train.py\n+++ b/train.py\n@@ -1,2 +1,2 @@\n--- a/benchmark.py\n+++ b/benchmark.py\n x\n'
    expect(checkPatch(patch, allowed, 1000).paths).toEqual(['train.py'])
  })

  it('is not fooled by a hunk that promises more lines than it has', () => {
    const patch = `--- a/train.py\n+++ b/train.py\n@@ -1,9999 +1,9999 @@\n-x\n+y\n${file('benchmark.py')}`
    expect(checkPatch(patch, allowed, 1000)).toMatchObject({
      rejection: 'disallowed_patch_paths',
      offending: ['benchmark.py'],
    })
  })

  it('counts both readings of a path without the usual prefix', () => {
    const patch = '--- src/quant/x.py\n+++ src/quant/x.py\n@@ -1 +1 @@\n-x\n+y\n'
    expect(checkPatch(patch, allowed, 1000)).toMatchObject({
      rejection: 'disallowed_patch_paths',
      offending: ['quant/x.py'],
    })
    expect(patchPaths('--- train.py\n+++ train.py\n')).toEqual(['train.py'])
  })

  it('refuses to leave the tree, even where a glob would match', () => {
    expect(checkPatch(file('src/quant/../../etc/passwd'), allowed, 1000).rejection).toBe(
      'disallowed_patch_paths',
    )
  })

  it('counts bytes, not characters', () => {
    expect(checkPatch('é'.repeat(6), allowed, 11).rejection).toBe('patch_too_large')
    expect(checkPatch('é'.repeat(5), allowed, 11).rejection).toBe('unparseable_patch_surface')
    expect(checkPatch('', allowed, 11).rejection).toBeUndefined()
  })

  it.each([
    ['*.py', 'a/b.py', true],
    ['src/?.py', 'src/a.py', true],
    ['src/[ab].py', 'src/b.py', true],
    ['src/[!ab].py', 'src/b.py', false],
    ['src/[', 'src/[', true],
    ['[z-a]', 'z', false],
    ['a.py', 'aXpy', false],
    ['a+(b)|c', 'a+(b)|c', true],
  ])('glob %s on %s: %s', (glob, path, matches) => {
    expect(globPattern(glob).test(path)).toBe(matches)
  })
})

describe('replay verdicts', () => {
  it('are errors without the metric, the second metric or a zero exit', () => {
    expect(judgeReplay({ output: 'ppl=1', exitCode: 1 }, 'ppl')).toMatchObject({ status: 'error' })
    expect(judgeReplay({ output: 'ppl=1', exitCode: 0 }, 'ppl', 'speed')).toEqual({
      status: 'error',
      reason: 'metric missing: speed',
    })
    expect(judgeReplay({ output: 'ppl=1 speed: 2e-1', exitCode: 0 }, 'ppl', 'speed')).toEqual({
      status: 'accepted',
      metrics: { ppl: 1, speed: 0.2 },
    })
  })

  it('are rejections when the program says so, whatever its exit code', () => {
    expect(judgeReplay({ output: 'validator_rejection=floor', exitCode: 3 }, 'ppl').status).toBe('rejected')
  })

  it.each([[null], [[]], ['text'], [{ ppl: 'high' }], [{ ppl: Number.NaN }], [{ metrics: { ppl: null } }]])(
    'take no metric from %j',
    (result) => {
      expect(judgeReplay({ result, output: 'ppl=1', exitCode: 0 }, 'ppl').status).toBe('error')
    },
  )
})

describe('acceptance', () => {
  const task: TaskRules = {
    metricName: 'ppl',
    metricDirection: 'minimize',
    rankingMode: 'scalar',
    competitionMode: 'standard',
    minPeerEvaluations: 2,
  }
  const result = (validator: string, status: 'accepted' | 'rejected' | 'error', metric?: number) => ({
    jobId: validator,
    validator,
    status,
    ...(metric === undefined ? {} : { metric }),
  })
  const record = {
    author: 'M',
    results: [result('V1', 'error'), result('V2', 'accepted', 8), result('V3', 'rejected')],
    peers: [],
  }

  it.each(['standard', 'centerless'] as const)(
    '%s: the first result that is no error decides',
    (competitionMode) => {
      const decided = acceptance(record, { ...task, competitionMode }, SN94_POLICY)
      expect(decided).toEqual({ status: 'accepted', metric: 8, decidedBy: 'V2' })
    },
  )

  it('waits while there are only errors or metrics that are no numbers', () => {
    const waiting = { ...record, results: [result('V1', 'error'), result('V2', 'accepted', Number.NaN)] }
    expect(acceptance(waiting, task, SN94_POLICY)).toEqual({ status: 'pending_verification' })
  })

  it('takes the median over validators when the policy is the older one', () => {
    const median = { ...SN94_POLICY, standardRule: 'median' as const }
    const results = [result('V1', 'accepted', 9), result('V2', 'accepted', 7)]
    expect(acceptance({ ...record, results }, task, median).status).toBe('pending_verification')
    expect(
      acceptance({ ...record, results: [...results, result('V3', 'accepted', 8)] }, task, median),
    ).toMatchObject({ metric: 8 })
  })

  it('peer_evaluation: ignores validators, the author and repeated evaluators', () => {
    const peers = [
      { evaluator: 'M', status: 'accepted' as const, metric: 1 },
      { evaluator: 'P1', status: 'accepted' as const, metric: 8 },
      { evaluator: 'P1', status: 'accepted' as const, metric: 8 },
    ]
    const peerTask = { ...task, competitionMode: 'peer_evaluation' as const }
    expect(acceptance({ ...record, peers }, peerTask, SN94_POLICY).status).toBe('pending_verification')
    const more = [...peers, { evaluator: 'P2', status: 'accepted' as const, metric: 9 }]
    expect(acceptance({ ...record, peers: more }, peerTask, SN94_POLICY)).toMatchObject({
      status: 'accepted',
      metric: 8.5,
    })
  })
})

describe('best result', () => {
  const at = (submissionId: string, metric: number, rest: Partial<AcceptedResult> = {}): AcceptedResult => ({
    submissionId,
    hotkey: submissionId,
    metric,
    ...rest,
  })
  const comparator = SN94_POLICY.comparator

  it('asks tie-breaks in order and keeps the earlier when none decides', () => {
    const compare = (a: Partial<AcceptedResult>, b: Partial<AcceptedResult>) =>
      compareResults(at('a', 8, a), at('b', 8, b), 'minimize', comparator).cause
    expect(compare({ artifact_bytes: 5, runtime_ms: 1 }, { artifact_bytes: 4, runtime_ms: 9 })).toBe(
      'artifact_bytes',
    )
    expect(compare({ artifact_bytes: 4, runtime_ms: 9 }, { artifact_bytes: 4, runtime_ms: 1 })).toBe(
      'runtime_ms',
    )
    expect(compare({ artifact_bytes: 4 }, { runtime_ms: 1 })).toBe('no_tie_break')
  })

  it('can refuse a worse candidate inside the band', () => {
    const strict = { ...comparator, acceptsWorseInsideBand: false }
    const worse = at('b', 252, { artifact_bytes: 1 })
    expect(compareResults(at('a', 250, { artifact_bytes: 2 }), worse, 'minimize', strict)).toMatchObject({
      wins: false,
      cause: 'worse_inside_band',
    })
  })

  it('maximises too, and never lets a metric win that has no logarithm', () => {
    expect(compareResults(at('a', 1), at('b', 1.1), 'maximize', comparator).wins).toBe(true)
    for (const metric of [0, -1, Number.NaN])
      expect(compareResults(at('a', 1), at('b', metric), 'minimize', comparator).wins).toBe(false)
  })

  it('explains a loser in the noise unit, against the best then and the best today', () => {
    const results = [at('a', 250), at('b', 249), at('c', 200)]
    expect(bestOf(results, 'minimize', comparator).best!.submissionId).toBe('c')
    const explanation = explainBest(results, 'b', 'minimize', comparator)
    expect(explanation).toMatchObject({
      isBest: false,
      best: 'c',
      comparison: { cause: 'no_tie_break', comparatorVersion: 'ln-band/1' },
    })
    expect(explanation.comparison!.missing).toBeCloseTo(0.02 - Math.log(250 / 249), 12)
    expect(explanation.missingToday).toBeCloseTo(0.02 + Math.log(249 / 200), 12)
  })

  it('keeps a Pareto frontier on which ties stay with the earlier', () => {
    const directions = { primary: 'minimize', secondary: 'maximize' } as const
    const results = [
      at('a', 8, { secondary: 1 }),
      at('b', 8, { secondary: 1 }),
      at('c', 9, { secondary: 2 }),
      at('d', 7, { secondary: 1 }),
      at('e', 5),
    ]
    expect(paretoFrontier(results, directions).map((member) => member.submissionId)).toEqual(['c', 'd'])
    expect(explainBest(results, 'b', 'minimize', comparator, directions).coveredBy).toEqual(['d'])
  })
})

describe('ideas', () => {
  const idea = (
    submissionId: string,
    hotkey: string,
    rest: Partial<IdeaSubmission> = {},
  ): IdeaSubmission => ({
    submissionId,
    hotkey,
    isAccepted: true,
    proposedIdea: 'try it',
    ...rest,
  })

  it.each([
    ['proposed_idea_required', { proposedIdea: ' ' }],
    ['implemented_submission_required', {}],
    ['implemented_submission_unknown', { implementedSubmissionId: 'nowhere' }],
    ['implemented_submission_not_accepted', { implementedSubmissionId: 'rejected' }],
    ['implemented_own_submission', { implementedSubmissionId: 'own' }],
    [undefined, { implementedSubmissionId: 'first' }],
  ])('%s', (fault, rest) => {
    const earlier = [idea('first', 'A'), idea('rejected', 'A', { isAccepted: false }), idea('own', 'B')]
    expect(ideaFault(idea('new', 'B', rest), earlier)).toBe(fault)
  })

  it('are rewarded when another implements them, by an amount that is never guessed', () => {
    const list = [
      idea('first', 'A'),
      idea('second', 'B', { implementedSubmissionId: 'first' }),
      idea('self', 'A', { implementedSubmissionId: 'first' }),
    ]
    expect(ideaRewards(list)).toEqual([
      {
        ideaSubmissionId: 'first',
        ideaHotkey: 'A',
        implementedBy: 'second',
        implementerHotkey: 'B',
        amountUnits: null,
      },
    ])
  })
})

describe('claims on tasks', () => {
  it('admit one submission', () => {
    const submitted = actOnClaim(openClaim('A', 0, 45), 'submit', 'A', 1)
    expect(submitted).toMatchObject({ status: 'submitted' })
    expect(actOnClaim(submitted as ReturnType<typeof openClaim>, 'submit', 'A', 2)).toBe('already_submitted')
    expect(claimAt(openClaim('A', 0, 45), 45 * 60_000 - 1).status).toBe('active')
  })
})

describe('budget split', () => {
  it('rounds down and carries the dust over', () => {
    const { amounts, dust } = splitBudget(101n, [
      { slug: 'a', weight: 1 },
      { slug: 'b', weight: 1 },
    ])
    expect([amounts.get('a'), amounts.get('b'), dust]).toEqual([50n, 50n, 1n])
    expect(splitBudget(10n, [{ slug: 'a', weight: 0 }]).dust).toBe(10n)
    expect(() => splitBudget(10n, [{ slug: 'a', weight: -1 }])).toThrow(RangeError)
  })

  it('is exact with decimal weights and large budgets', () => {
    const { amounts, dust } = splitBudget(10n ** 30n, [
      { slug: 'a', weight: 0.1 },
      { slug: 'b', weight: 0.2 },
    ])
    expect((amounts.get('a') ?? 0n) * 2n + (10n ** 30n - 3n * (amounts.get('a') ?? 0n))).toBe(
      (amounts.get('b') ?? 0n) + dust,
    )
  })
})

describe('weights', () => {
  const snapshot = {
    mode: 'targets',
    targets: [
      { uid: 0, weight: 0.9 },
      { hotkey: contract, weight: 0.1 },
    ],
  } as const

  it('pay the contract at its present uid and burn the rest', () => {
    const decision = decide(
      { snapshot, metagraph: { height: 7, size: 256, hotkeys: { 0: 'owner', 37: contract } } },
      SN94_POLICY,
    )
    expect(decision).toMatchObject({
      weights: [{ hotkey: contract, uid: 37, share: 0.1 }],
      burn: 0.9,
      u16: { uids: [0, 37], values: [65535, 7282] },
    })
  })

  it('make no call when the contract is not registered', () => {
    const decision = decide(
      { snapshot, metagraph: { height: 7, size: 256, hotkeys: { 0: 'owner' } } },
      SN94_POLICY,
    )
    expect(decision).toMatchObject({ outcome: 'error', weights: [], burn: 0, u16: { uids: [], values: [] } })
    expect(decision.evidence.reason).toContain('not registered')
  })
})

describe('reward snapshot', () => {
  const view = {
    generatedAt: '2026-06-01T12:00:00Z',
    competitions: ['b', 'a'].map((slug) => ({
      slug,
      competitionMode: 'standard' as const,
      scoringMode: 'best',
      rewardScope: 'task',
      weight: 1,
    })),
    weightPolicy: {
      mode: 'targets' as const,
      targets: [
        { uid: 0, weight: 0.9 },
        { hotkey: contract, weight: 0.1 },
      ],
      transitionStatus: 'active',
    },
    best: [],
    ideas: [],
  }

  it('is the same bytes whatever the order rows were read in', () => {
    const one = rewardSnapshot(view, SN94_POLICY)
    expect(rewardSnapshot({ ...view, competitions: view.competitions.toReversed() }, SN94_POLICY)).toEqual(
      one,
    )
    expect(JSON.parse(one.body).competitions.map((c: { slug: string }) => c.slug)).toEqual(['a', 'b'])
    expect(one.body.startsWith('{"best_results":[],"competitions":')).toBe(true)
  })

  it('shows a change of anything it contains in its hash', () => {
    const one = rewardSnapshot(view, SN94_POLICY).sha256
    expect(rewardSnapshot({ ...view, generatedAt: '2026-06-01T12:00:12Z' }, SN94_POLICY).sha256).not.toBe(one)
  })
})

describe('legacy relay', () => {
  it('opens the window one aligned round after the decision', () => {
    expect(legacyWindow([950, 1001])).toEqual({ decisionBlock: 1001, startBlock: 1200, endBlock: 2200 })
    expect(legacyWindow([1000])).toMatchObject({ startBlock: 1100 })
  })

  it('finalises on two equal votes, clears them and raises the threshold', () => {
    const vote = (validator: string, score: number, minerHotkey = 'M', seenBlock = 10) => ({
      validator,
      minerHotkey,
      score,
      seenBlock,
    })
    let step = castLegacyVote({ threshold: 0.5, votes: [] }, vote('V1', 0.6))
    expect(step.verdict).toBe('recorded')
    expect(castLegacyVote(step.state, vote('V1', 0.55)).verdict).toBe('not_an_upgrade')
    expect(castLegacyVote(step.state, vote('V1', 0.55, 'M', 110)).verdict).toBe('recorded')
    expect(castLegacyVote(step.state, vote('V1', 0.6, 'N')).verdict).toBe('recorded')
    expect(castLegacyVote(step.state, vote('V2', 0.5)).verdict).toBe('below_threshold')
    step = castLegacyVote(step.state, vote('V2', 0.6, 'M', 90))
    expect(step).toMatchObject({
      verdict: 'finalised',
      state: { threshold: 0.6, votes: [] },
      window: { startBlock: 200 },
    })
  })
})

describe('subledger decide autoresearch', () => {
  it.each([
    [5],
    [null],
    [[]],
    [{}],
    [{ foo: 1 }],
    [{ cases: [1] }],
    [{ method: 1, path: 2, timestamp: 3 }],
    [{ min: 0, sequence: [] }],
  ])('refuses %j with a stable code', (input) => {
    expect(() => decideAutoresearch(input)).toThrow(expect.objectContaining({ code: 'SL-DECIDE-INPUT' }))
  })
})
