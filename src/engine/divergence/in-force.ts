import type { RowSource } from '../../projections/core/row-source'
import type { Row } from '../../projections/fold/projection'
import { normalized, type Submitted } from './compare'

/** One validator's weights at a point: what it submitted, and what is left of it in the chain's storage. */
export interface InForce {
  /** 32 bytes as hex */
  readonly validator: string
  readonly uid: number | null
  readonly submitted: Submitted | null
  /** Block of its newest commit that ran out unrevealed. */
  readonly expiredCommitAt: number | null
  /** Block of its newest commit that is still hidden. */
  readonly pendingCommitAt: number | null
}

const hex = (bytes: unknown): string | null => (bytes === null ? null : `0x${String(bytes).slice(2)}`)

/** Every validator of a mechanism that has set or committed weights, at the source's point. */
export async function weightsInForce(source: RowSource, mechanism: number): Promise<InForce[]> {
  const [tenures, sets, commits] = await Promise.all([
    source.rows('tenure'),
    source.rows('weight_set', { mechanism }),
    source.history('weight_commit', { mechanism }),
  ])
  const tenureOf = new Map(tenures.map((row) => [row.uid as number, row]))
  const found = new Map<string, InForce>()
  for (const row of sets) {
    const validator = hex(row.hotkey) ?? hex(tenureOf.get(row.uid as number)?.hotkey ?? null)
    if (!validator) continue
    const actedAt = commitOf(row, commits)?.valid_from ?? row.set_height
    const submitted = submittedOf(row, actedAt as number, tenureOf)
    found.set(validator, { ...nothing(validator, row.uid as number), submitted })
  }
  const holders = new Set(tenures.map(({ hotkey }) => hex(hotkey)))
  for (const row of commits) {
    const validator = hex(row.hotkey)!
    // Whoever has lost its uid is no validator any more, whatever it once committed.
    if (!holders.has(validator)) continue
    const known = found.get(validator) ?? nothing(validator, row.uid as number | null)
    found.set(validator, { ...known, ...hidden(row, source) })
  }
  return [...found.values()]
}

const nothing = (validator: string, uid: number | null): InForce => ({
  validator,
  uid,
  submitted: null,
  expiredCommitAt: null,
  pendingCommitAt: null,
})

/** The commit that these weights were revealed from: it ended in the very block. */
const commitOf = (set: Row, commits: readonly Row[]): Row | undefined =>
  set.source === 'set' || set.source === 'batch'
    ? undefined
    : commits.findLast(
        (row) => row.hotkey === set.hotkey && row.state === 'REVEALED' && row.valid_to === set.set_height,
      )

function hidden(row: Row, { point }: RowSource): Partial<InForce> {
  const at = row.valid_from as number
  if (row.to_seq === null || (row.to_seq as number) >= point.sizes.chain) return { pendingCommitAt: at }
  return row.state === 'EXPIRED' ? { expiredCommitAt: at } : {}
}

function submittedOf(row: Row, actedAt: number, tenureOf: ReadonlyMap<number, Row>): Submitted {
  const uids = row.uids as readonly number[]
  const u16 = row.u16 as readonly number[]
  const hotkeys = (row.hotkeys as readonly unknown[]).map(hex)
  const setHeight = row.set_height as number
  const vector = uids.map((uid, i) => ({ uid, value: u16[i]! }))
  // A registration clears the weights that stood on its uid (spec chain §5, since 233); a swapped hotkey keeps them.
  const isCleared = (uid: number) => ((tenureOf.get(uid)?.registered_at as number) ?? 0) > setHeight
  return {
    seq: row.set_seq as number,
    height: setHeight,
    actedAt,
    vector: normalized(vector),
    effective: normalized(vector.filter(({ uid }) => !isCleared(uid))),
    holders: Object.fromEntries(uids.map((uid, i) => [uid, hotkeys[i]!])),
  }
}
