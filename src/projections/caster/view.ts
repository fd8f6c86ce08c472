import type { RowSource } from '../core/row-source'
import type { Row } from '../fold/projection'
import { addressOf } from './address'
import { readMatrix, type ValidatorMatrix } from './matrix'

export interface Place {
  readonly hotkey: string
  readonly artifactId: string
}

/** The mechanism's view (`src/mechanisms/caster/decide.ts`), out of rows alone. Hotkeys are SS58. */
export interface ReadView {
  readonly height: number
  readonly roster: readonly (Place | null)[]
  readonly candidates: readonly (Place & { readonly uid: number; readonly submittedAtMs: number })[]
  readonly taskCount: number
  readonly matrices: readonly ValidatorMatrix[]
  readonly uidOf: Readonly<Record<string, number>>
  /** The policy under which the batch was decided: a later one does not rewrite who sits. */
  readonly rosterPolicy?: unknown
}

/**
 * The newest batch whose roster was decided: the roster before it, its candidates, and every cell that the validators it was sent
 * to had graded. Before the first such batch: nobody, so that everything is burned.
 */
export async function readView(source: RowSource): Promise<ReadView> {
  const [tenures, batch] = await Promise.all([
    source.rows('tenure', {}, ['uid', 'hotkey']),
    readDecidedBatch(source),
  ])
  const uidOf = Object.fromEntries(tenures.map((row) => [addressOf(row.hotkey), row.uid as number]))
  const base = { height: source.point.height, uidOf }
  if (!batch) return { ...base, roster: [], candidates: [], taskCount: 0, matrices: [] }
  const { before, candidates, claimIds, batchId, policy } = batch
  const matrices: ValidatorMatrix[] = []
  // One after the other: a validator's cells are gone into numbers before the next one's are read.
  for (const validator of await validatorsOf(source, batchId)) {
    const shape = { artifactIds: candidates.map(({ artifactId }) => artifactId), claimIds }
    matrices.push(await readMatrix(source, batchId, validator, shape))
  }
  return {
    ...base,
    ...(policy === undefined ? {} : { rosterPolicy: policy }),
    roster: before,
    candidates: candidates.map(({ hotkey, artifactId, uid, submittedAtMs }) => ({
      hotkey,
      artifactId,
      uid,
      submittedAtMs,
    })),
    taskCount: claimIds.length,
    matrices,
  }
}

export interface DecidedBatch {
  readonly batchId: string
  readonly before: readonly (Place | null)[]
  readonly candidates: ReadView['candidates']
  readonly claimIds: readonly string[]
  readonly policy: unknown
}

interface CandidateJson {
  readonly hotkey: string
  readonly artifactId: string
  readonly uid: number
  readonly submittedAt: number
}

/** Undefined before the first batch whose roster was decided. */
export async function readDecidedBatch(source: RowSource): Promise<DecidedBatch | undefined> {
  const decided = (await source.rows('caster_roster')).at(-1)
  if (!decided) return undefined
  const batchId = decided.batch_id as string
  const [batch] = await source.rows('caster_batch', { batch_id: batchId }, ['candidates', 'claim_ids'])
  if (!batch) throw new Error(`the roster was decided by batch ${batchId}, which was never created`)
  return {
    batchId,
    policy: await policyOf(source, decided),
    before: placesOf(decided.before),
    candidates: (batch.candidates as CandidateJson[]).map(({ hotkey, artifactId, uid, submittedAt }) => ({
      hotkey: addressOf(hotkey),
      artifactId,
      uid,
      submittedAtMs: submittedAt,
    })),
    claimIds: batch.claim_ids as string[],
  }
}

/** The policy that the roster's event names, as it held there; of equals the one recorded last before it. */
async function policyOf(source: RowSource, decided: Row): Promise<unknown> {
  const history = await source.rows('policy', { system: 'caster', policy_id: decided.policy_id! })
  const known = history.filter(
    (row) =>
      (row.from_seq as number) < (decided.from_seq as number) &&
      (row.effective_from_block as number) <= (decided.valid_from as number),
  )
  const effective = (row: Row) => row.effective_from_block as number
  return known.reduce<Row | undefined>(
    (best, row) => (best && effective(best) > effective(row) ? best : row),
    undefined,
  )?.policy
}

export function placesOf(roster: unknown): (Place | null)[] {
  return (roster as (Place | null)[]).map(
    (place) => place && { hotkey: addressOf(place.hotkey), artifactId: place.artifactId },
  )
}

/** Accounts (`\x…`) of the validators that the batch was sent to, each once, in the order of their bytes. */
async function validatorsOf(source: RowSource, batchId: string): Promise<string[]> {
  const sent = await source.history('caster_delivery', { batch_id: batchId, status: 'sent' })
  return [...new Set(sent.map((row) => row.validator as string))].sort()
}
