import { describe, expect, it } from 'vitest'
import type { CasterView } from './decide'
import { type AboutCandidate, explainCandidate } from './explain-candidate'
import { CASTER_TOP3_POLICY } from './policy'

const policy = CASTER_TOP3_POLICY
const matrix = (validator: string, scores: (number | null)[][], costs = [0.01, 0.01, 0.01]) => ({
  validator,
  scores,
  costUsd: costs,
  runtimeMs: [9_000, 9_000, 9_000],
})
const view: CasterView = {
  height: 100,
  roster: [{ hotkey: 'A', artifactId: 'A1' }, null, null],
  candidates: ['A', 'B', 'C'].map((hotkey, i) => ({
    hotkey,
    artifactId: `${hotkey}1`,
    uid: i + 1,
    submittedAtMs: i,
  })),
  taskCount: 2,
  matrices: [
    matrix('V', [
      [1, 0.5],
      [1, 1],
      [0.5, 1],
    ]),
  ],
  uidOf: { A: 1, B: 2, C: 3 },
}
const about = (hotkey: string, over: Partial<AboutCandidate> = {}): AboutCandidate => ({
  hotkey,
  artifactId: null,
  batch: { batchId: 'b', claimIds: ['x', 'y'], claimsSha256: 'aa', cutoffAtMs: 50 },
  deliveries: [],
  script: { artifactId: `${hotkey}1`, submittedAtMs: 1 },
  cells: [],
  comparisons: [],
  ...over,
})

describe('why a script is not in the roster', () => {
  it('is told against whom it was compared, claim by claim, the largest loss first', () => {
    expect(explainCandidate(view, policy, about('C'))).toMatchObject({
      verdict: 'did_not_beat_the_first',
      incumbent: 'B',
      missing: 0.5,
      claims: { lost: [{ claimId: 'x', difference: -0.5, grades: [] }], won: [], equal: 1 },
    })
  })

  it('is told of who was not even compared in single_best mode: what the first place asks', () => {
    const single = { ...policy, challengers: 'single_best' as const }
    expect(explainCandidate(view, single, about('C'))).toMatchObject({
      verdict: 'not_compared',
      challengers: 'single_best',
      total: 1.5,
      incumbent: 'B',
      incumbentTotal: 2,
      needed: 2,
      missing: 0.5,
    })
  })

  it('shows cost and run time, which may decide under the later rules', () => {
    const cheaper = {
      ...view,
      matrices: [
        matrix(
          'V',
          [
            [1, 0.5],
            [1, 0.5],
            [0, 0],
          ],
          [0.02, 0.01, 0.01],
        ),
      ],
    }
    const rule = { ...policy, beats: { kind: 'points10' as const } }
    expect(explainCandidate(cheaper, rule, about('B'))).toMatchObject({
      verdict: 'first',
      mustExceed: false,
      beats: { kind: 'points10' },
      missing: 0,
      costAndRuntime: { own: { costUsd: 0.01 }, incumbent: { costUsd: 0.02, runtimeMs: 9_000 } },
    })
  })

  it('is that nobody could be counted, when no validator has everything', () => {
    const torn = {
      ...view,
      matrices: [
        matrix('V', [
          [1, 0.5],
          [1, null],
          [0, 0],
        ]),
      ],
    }
    const delivery = { validator: 'V', status: 'failed', reason: 'timeout', detail: '' }
    expect(explainCandidate(torn, policy, about('B', { deliveries: [delivery] }))).toMatchObject({
      verdict: 'not_scored',
      total: null,
      claims: null,
      waits: null,
      validators: { counted: [], excluded: [{ validator: 'V', delivery: { reason: 'timeout' } }] },
    })
  })

  it.each([
    ['no_script', { script: null }],
    ['no_batch_yet', { batch: null }],
    ['submitted_after_cutoff', { script: { artifactId: 'D1', submittedAtMs: 51 } }],
    ['not_a_candidate', {}],
  ])('is %s for who was not in the batch', (waits, over) => {
    const registered = { ...view, uidOf: { ...view.uidOf, D: 4 } }
    expect(explainCandidate(registered, policy, about('D', over))).toMatchObject({ waits, claims: null })
  })

  it('is that the hotkey holds no uid', () => {
    expect(explainCandidate(view, policy, about('D'))).toMatchObject({ waits: 'not_registered' })
  })
})
