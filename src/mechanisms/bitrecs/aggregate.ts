import type { BitrecsPolicy } from './policy'
import type { BitrecsView, FirstBlocks, ScoreRow } from './view'

export interface Miner {
  /** Identity under the policy: the uid in decimal, or `hotkey@tenure`. */
  readonly key: string
  readonly uid: number
  readonly hotkey: string
  readonly tenure?: string
  /** Undefined when no first block is known. */
  readonly firstBlock?: number
  readonly scores: ReadonlyMap<string, number>
  /** Samples behind the score of each task. */
  readonly samples: ReadonlyMap<string, number>
}

export interface Aggregated {
  /** In engine order: first appearance among (hotkey, task) groups in ascending order (spec §5.2). */
  readonly miners: readonly Miner[]
  /** Tasks in ascending name order. */
  readonly tasks: readonly string[]
  /** Largest sample size of each task over all rows. */
  readonly samples: ReadonlyMap<string, number>
  readonly excluded: readonly { readonly key: string; readonly reason: string }[]
}

/**
 * Rows to miners: the best score of each (hotkey, task), NaN skipped unless there is nothing else (spec §5.2).
 * With identity `uid` two hotkeys of one uid merge and the later hotkey overwrites, as the reference does.
 */
export function aggregate(view: BitrecsView, policy: BitrecsPolicy): Aggregated {
  const { rows, excluded } = acceptRows(view.rows, policy)
  const groups = bestPerGroup(rows, policy)
  const firstBlocks = firstBlockByKey(view, rows, policy)
  const byKey = new Map<string, Mutable<Miner>>()
  for (const group of groups) {
    let miner = byKey.get(group.key)
    if (!miner) {
      miner = { key: group.key, uid: group.uid, hotkey: group.hotkey, scores: new Map(), samples: new Map() }
      byKey.set(group.key, miner)
    }
    // The later hotkey of a shared uid is the one that is asked about, as its rows overwrite the earlier one's.
    miner.hotkey = group.hotkey
    if (group.tenure !== undefined) miner.tenure = group.tenure
    miner.scores.set(group.taskName, group.score)
    miner.samples.set(group.taskName, group.sampleSize)
    const first = firstBlocks.get(group.key)
    if (first !== undefined) miner.firstBlock = first
  }
  const samples = samplesByTask(rows)
  for (const task of view.tasks ?? [])
    if (!samples.has(task)) samples.set(task, policy.epsilon.defaultSamples)
  const tasks = [...samples.keys()].sort(compareText)
  return gate([...byKey.values()], tasks, samples, excluded, policy)
}

function gate(
  miners: readonly Miner[],
  tasks: readonly string[],
  samples: ReadonlyMap<string, number>,
  excluded: { key: string; reason: string }[],
  policy: BitrecsPolicy,
): Aggregated {
  if (policy.missingScores === 'zero') return { miners, tasks, samples, excluded }
  const complete = miners.filter((miner) => tasks.every((task) => miner.scores.has(task)))
  for (const miner of miners) {
    const missing = tasks.filter((task) => !miner.scores.has(task))
    if (missing.length > 0) excluded.push({ key: miner.key, reason: `incomplete: ${missing.join(', ')}` })
  }
  return { miners: complete, tasks, samples, excluded }
}

function acceptRows(rows: readonly ScoreRow[], policy: BitrecsPolicy) {
  const excluded: { key: string; reason: string }[] = []
  if (policy.invalidScores === 'accept') return { rows, excluded }
  const accepted = rows.filter((row) => {
    if (row.score >= 0 && row.score <= 1) return true
    excluded.push({ key: keyOf(row, policy), reason: `score out of range: ${row.taskName} = ${row.score}` })
    return false
  })
  return { rows: accepted, excluded }
}

interface Group {
  key: string
  hotkey: string
  tenure?: string
  uid: number | null
  taskName: string
  score: number
  sampleSize: number
}

/** The best run of every (hotkey, tenure, task), in ascending order; groups whose uid nobody knew are left out. */
function bestPerGroup(rows: readonly ScoreRow[], policy: BitrecsPolicy): (Group & { uid: number })[] {
  const byOwner = new Map<string, Map<string, Group>>()
  for (const row of rows) {
    const owner = policy.identity === 'tenure' ? `${row.hotkey}\0${row.tenure ?? ''}` : row.hotkey
    const tasks = byOwner.get(owner) ?? new Map<string, Group>()
    if (tasks.size === 0) byOwner.set(owner, tasks)
    const best = tasks.get(row.taskName)
    if (best) improve(best, row)
    else tasks.set(row.taskName, groupOf(row))
  }
  const ordered: (Group & { uid: number })[] = []
  for (const owner of [...byOwner.keys()].sort(compareText)) {
    const tasks = byOwner.get(owner)!
    for (const task of [...tasks.keys()].sort(compareText)) {
      const group = tasks.get(task)!
      if (group.uid === null) continue
      group.key = keyOf(group, policy)
      ordered.push(group as Group & { uid: number })
    }
  }
  return ordered
}

function groupOf(row: ScoreRow): Group {
  const { hotkey, uid, taskName, score, sampleSize } = row
  return {
    key: '',
    hotkey,
    uid,
    taskName,
    score,
    sampleSize,
    ...(row.tenure === undefined ? {} : { tenure: row.tenure }),
  }
}

function improve(best: Group, row: ScoreRow): void {
  best.uid ??= row.uid
  if (row.score > best.score || (Number.isNaN(best.score) && !Number.isNaN(row.score))) {
    best.score = row.score
    best.sampleSize = row.sampleSize
  }
}

function firstBlockByKey(
  view: BitrecsView,
  rows: readonly ScoreRow[],
  policy: BitrecsPolicy,
): Map<string, number> {
  const keysOfHotkey = new Map<string, Set<string>>()
  for (const row of rows) {
    if (row.uid === null) continue
    const keys = keysOfHotkey.get(row.hotkey) ?? new Set<string>()
    // A hotkey has one uid in the reference (the last row's), and as many tenures as it had under the other identity.
    if (policy.identity === 'uid') keys.clear()
    keysOfHotkey.set(row.hotkey, keys.add(keyOf(row, policy)))
  }
  const found = new Map<string, number>()
  for (const [hotkey, blocks] of Object.entries(view.firstBlocks)) {
    const block = chooseFirstBlock(blocks, policy)
    if (block === undefined) continue
    for (const key of keysOfHotkey.get(hotkey) ?? []) found.set(key, block)
  }
  return found
}

/** The block a hotkey's seniority and decay count from, as the policy says: reveal (reference) or inclusion of the commit. */
export function chooseFirstBlock(blocks: FirstBlocks, policy: BitrecsPolicy): number | undefined {
  return policy.firstBlockRule === 'commit' ? (blocks.commit ?? blocks.reveal) : blocks.reveal
}

function samplesByTask(rows: readonly ScoreRow[]): Map<string, number> {
  const samples = new Map<string, number>()
  for (const row of rows)
    samples.set(row.taskName, Math.max(samples.get(row.taskName) ?? row.sampleSize, row.sampleSize))
  return samples
}

function keyOf(row: Pick<ScoreRow, 'hotkey' | 'uid' | 'tenure'>, policy: BitrecsPolicy): string {
  return policy.identity === 'uid' ? String(row.uid) : `${row.hotkey}@${row.tenure ?? ''}`
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

type Mutable<T> = {
  -readonly [K in keyof T]: T[K] extends ReadonlyMap<infer A, infer B> ? Map<A, B> : T[K]
}
