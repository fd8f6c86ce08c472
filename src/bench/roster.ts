import { SN94_POLICY } from '../mechanisms/autoresearch/policy'
import { rewardSnapshot } from '../mechanisms/autoresearch/reward-snapshot'
import { type CasterView, decide } from '../mechanisms/caster/decide'
import { CASTER_TOP3_POLICY } from '../mechanisms/caster/policy'
import { figure, median } from './figure'

const MINERS = 256
const TASKS = 500
const VALIDATORS = 10
const REPEATS = 11
const WARM_UPS = 2
const TARGET_MS = 100

/** A roster decision (medians, totals, cascade, weights) and a reward snapshot, each for a full subnet. */
export async function run(): Promise<Record<string, unknown>[]> {
  const view = batch()
  const snapshot = snapshotView()
  return [
    timed(`roster decision, ${MINERS} miners × ${TASKS} tasks × ${VALIDATORS} validators, median`, () =>
      decide(view, CASTER_TOP3_POLICY),
    ),
    timed(`reward snapshot, ${MINERS} competitions, median`, () => rewardSnapshot(snapshot, SN94_POLICY)),
  ]
}

function timed(metric: string, action: () => unknown): Record<string, unknown> {
  const rounds = measure(action)
  return figure({
    bench: 'roster',
    metric,
    value: median(rounds),
    unit: 'ms',
    target: { atMost: TARGET_MS },
    rounds,
  })
}

function batch(): CasterView {
  let state = 20_261_120
  const draw = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return ((state >>> 16) % 3) / 2
  }
  const candidates = Array.from({ length: MINERS }, (_, i) => ({
    hotkey: `hk${i}`,
    artifactId: `a${i}`,
    uid: i + 1,
    submittedAtMs: i,
  }))
  return {
    height: 1000,
    roster: [{ hotkey: 'hk0', artifactId: 'a0' }, null, null],
    candidates,
    taskCount: TASKS,
    matrices: Array.from({ length: VALIDATORS }, (_, v) => ({
      validator: `v${v}`,
      scores: candidates.map(() => Array.from({ length: TASKS }, draw)),
    })),
    uidOf: Object.fromEntries(candidates.map(({ hotkey, uid }) => [hotkey, uid])),
  }
}

function snapshotView() {
  const slugs = Array.from({ length: MINERS }, (_, i) => `task-${i}`)
  return {
    generatedAt: '2026-01-01T00:00:00Z',
    competitions: slugs.map((slug) => ({
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
        { hotkey: SN94_POLICY.enforcement.contractHotkey, weight: 0.1 },
      ],
    },
    best: slugs.map((taskSlug, i) => ({
      taskSlug,
      submissionId: `s${i}`,
      hotkey: `hk${i}`,
      metric: i / 7,
      acceptedAtHeight: i,
      comparatorVersion: 'ln-band/1',
    })),
    ideas: slugs.map((_, i) => ({
      ideaSubmissionId: `s${i}`,
      ideaHotkey: `hk${i}`,
      implementedBy: `t${i}`,
      implementerHotkey: `hk${i + 1}`,
      amountUnits: null,
    })),
  }
}

function measure(action: () => unknown): number[] {
  for (let i = 0; i < WARM_UPS; i++) action()
  return Array.from({ length: REPEATS }, () => {
    const start = process.hrtime.bigint()
    action()
    return Number(process.hrtime.bigint() - start) / 1e6
  })
}
