import { ann, ben, cat, dan, eve, HOUR, START_MS, uuid, v1, v2, v3, zed } from './test-caster-cast'
import { script, type TestBatch } from './test-caster-drafts'

export const CLAIMS = ['q1', 'q2', 'fail3', 'q4'] as const
/** Blocks at which the two batches were decided, and at which the second of the roster lost its uid. */
export const BLOCKS = { first: 10, second: 20, deregistered: 30 } as const

const scripts = {
  ann: script(ann, -3),
  zed: script(zed, -2),
  ben: script(ben, 1),
  cat: script(cat, 2),
  dan: script(dan, 3),
}
export const SCRIPTS = scripts
/** Submitted after the cutoff of the second batch; Zed's first script was in the first one. */
export const LATE = { eve: script(eve, 30), zed: script(zed, 31) }

/** Nobody sits: Ann has a point, Zed has none. */
export const FIRST: TestBatch = {
  batchId: uuid(9_001),
  scripts: [scripts.ann, scripts.zed],
  claimIds: ['p1', 'p2'],
  champion: null,
  at: START_MS,
  grades: [
    [
      v1,
      [
        [1, 0.5],
        [0, 0],
      ],
    ],
    [
      v2,
      [
        [1, 0.5],
        [0, 0],
      ],
    ],
  ],
}

/** Ben beats Ann, Cat copies Ben, Dan is behind; the third validator lacks a cell. */
export const SECOND: TestBatch = {
  batchId: uuid(9_002),
  scripts: [scripts.ann, scripts.ben, scripts.cat, scripts.dan],
  claimIds: CLAIMS,
  champion: scripts.ann,
  at: START_MS + 24 * HOUR,
  grades: [
    [
      v1,
      [
        [1, 0.5, 0, 0.5],
        [1, 1, 0.5, 0.5],
        [1, 1, 0.5, 0.5],
        [1, 0, 0, 0],
      ],
    ],
    [
      v2,
      [
        [1, 0.5, 0.5, 0],
        [1, 1, 0.5, 0.5],
        [1, 1, 0.5, 0.5],
        [1, 0, 0, 0],
      ],
    ],
    [
      v3,
      [
        [1, 1, 1, 1],
        [0, 0, 0, undefined],
        [1, 1, 1, 1],
        [1, 1, 1, 1],
      ],
    ],
  ],
}

export const EXCLUDED = 'incomplete: 1 of 16 results missing'
