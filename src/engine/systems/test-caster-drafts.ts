import type { PayloadOf } from '../../log/catalogue'
import { CASTER_TOP3_POLICY, type CasterPolicy } from '../../mechanisms/caster/policy'
import { draft, type PlatformDraft } from '../../platform/core/platform-event'
import { HOUR, START_MS, sha, UID, uuid } from './test-caster-cast'
import { cellDrafts } from './test-caster-cells'

type Hex = `0x${string}`

export interface Script {
  readonly hotkey: Hex
  readonly artifactId: string
  readonly submittedAt: number
}
let named = 0
export const script = (hotkey: Hex, hour: number): Script => ({
  hotkey,
  artifactId: uuid(++named),
  submittedAt: START_MS + hour * HOUR,
})

/** Grades by validator, then artifact; undefined: the validator lacks this cell. */
export type Grades = readonly (readonly [Hex, readonly (readonly (0 | 0.5 | 1 | undefined)[])[]])[]

export interface TestBatch {
  readonly batchId: string
  readonly scripts: readonly Script[]
  readonly claimIds: readonly string[]
  readonly champion: Script | null
  readonly grades: Grades
  readonly at: number
}

export const entry = ({ hotkey, artifactId }: Script) => ({ hotkey, artifactId })

export const submitted = (one: Script): PlatformDraft =>
  draft('ScriptSubmitted', {
    artifactId: one.artifactId,
    hotkey: one.hotkey,
    uidAtSubmit: UID[one.hotkey] ?? 60,
    contentSha256: sha(named * 1_000 + Number.parseInt(one.artifactId.slice(-4), 16)),
    bytes: 1_000,
    requestHash: sha(1) as never,
    at: one.submittedAt,
  })

export const policySet = (at: number, policy: CasterPolicy = CASTER_TOP3_POLICY): PlatformDraft => {
  const { id: policyId, effectiveFromBlock } = policy
  return draft('PolicySet', {
    system: 'caster',
    policyId,
    effectiveFromBlock,
    policy: policy as never,
    origin: 'default',
    at,
  })
}

/** Data set, batch, and how it was sent around. */
export function opened(batch: TestBatch): PlatformDraft[] {
  const { batchId, scripts, claimIds, champion, at } = batch
  const set = { datasetId: uuid(500 + Number.parseInt(batchId.slice(-4), 16)), claimsSha256: sha(77) }
  const built = draft('DatasetBuilt', {
    ...set,
    claimIds: [...claimIds],
    factoidWindow: { from: at - 24 * HOUR, to: at },
    referenceModel: 'gpt-5.2-xhigh',
    champion: champion && entry(champion),
    championWrong: champion ? claimIds.length : 0,
    total: claimIds.length,
    accepted: true,
    at,
  })
  const created = draft('BatchCreated', {
    batchId,
    entrypoint: 'evaluate_criterion',
    ...set,
    claimIds: [...claimIds],
    cutoffAt: at,
    closesAt: at + HOUR,
    candidates: scripts.map((one) => ({
      ...entry(one),
      uid: UID[one.hotkey]!,
      contentSha256: sha(3),
      bytes: 1_000,
      submittedAt: one.submittedAt,
    })),
    champion: champion && entry(champion),
    championUid: champion && UID[champion.hotkey]!,
    at,
  })
  return [built, created, ...batch.grades.flatMap(([validator]) => sentTo(batch, validator))]
}

function sentTo({ batchId, at, grades }: TestBatch, validator: Hex): PlatformDraft[] {
  const rows = grades.find(([name]) => name === validator)![1].flat()
  const missing = rows.filter((grade) => grade === undefined).length
  const sent = { batchId, validator, baseUrl: 'http://127.0.0.1:8100', attempt: 1, at }
  const end =
    missing === 0
      ? draft('BatchCompleted', {
          batchId,
          validator,
          results: rows.length,
          resultsSha256: sha(5),
          at: at + 2,
        })
      : draft('BatchFailed', {
          batchId,
          validator,
          reason: 'incomplete',
          detail: `${missing} missing`,
          at: at + 2,
        })
  return [
    draft('BatchSent', sent as PayloadOf<'BatchSent'>),
    draft('BatchAccepted', { batchId, validator, at: at + 1 }),
    end,
  ]
}

/** What is told when the batch is closed: every cell that was graded. */
export function closed({ batchId, at, grades, scripts, claimIds }: TestBatch): PlatformDraft[] {
  const close = draft('BatchClosed', { batchId, cause: 'all_done', claimsSha256: sha(77), at: at + 3 })
  const cells = grades.flatMap(([validator, rows]) =>
    scripts.flatMap(({ artifactId }, artifact) =>
      claimIds.flatMap((claimId, task) => {
        const total = rows[artifact]![task]
        const where = { batchId, validator, artifactId, claimId }
        return total === undefined ? [] : cellDrafts(where, total, at + 3)
      }),
    ),
  )
  return [close, ...cells]
}
