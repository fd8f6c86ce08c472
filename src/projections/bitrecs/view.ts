import { codec } from '@subsquid/ss58'
import type { RowSource } from '../core/row-source'
import type { Row } from '../fold/projection'

const SS58_PREFIX = 42
const ss58 = codec(SS58_PREFIX)

/** Addresses kept: encoding one hashes and divides (10 µs), and each hotkey has many scores. */
const MAX_CACHED_ADDRESSES = 10_000
const addresses = new Map<unknown, string>()

/** Accounts as the reference writes them: its ties are decided by the order of these texts. */
function addressOf(bytes: unknown): string {
  const known = addresses.get(bytes)
  if (known !== undefined) return known
  if (addresses.size >= MAX_CACHED_ADDRESSES) addresses.clear()
  const address = ss58.encode(`0x${String(bytes).slice(2)}`)
  addresses.set(bytes, address)
  return address
}

/** Of thousands of scores only what the mechanism looks at is read. */
const SCORE_COLUMNS = ['hotkey', 'uid', 'task', 'score', 'sample_size', 'registered_at', 'agent_id']
const AGENT_COLUMNS = ['hotkey', 'reveal_height', 'commit_height']
const TENURE_COLUMNS = ['uid', 'hotkey', 'registered_at']

/** The mechanism's view (`src/mechanisms/bitrecs/view.ts`), out of rows alone. */
export interface ReadView {
  readonly height: number
  readonly rows: readonly {
    readonly hotkey: string
    readonly uid: number | null
    readonly taskName: string
    readonly score: number
    readonly sampleSize: number
    readonly tenure?: string
  }[]
  readonly firstBlocks: Readonly<Record<string, { readonly reveal?: number; readonly commit?: number }>>
  readonly holders: Readonly<Record<number, { readonly hotkey: string; readonly tenure: string }>>
  readonly tasks?: readonly string[]
  readonly setWeights: boolean
}

/** Scores of the newest evaluation set without those of banned hotkeys and unapproved artifacts (spec bitrecs §5.1, §2.7). */
export async function readView(source: RowSource): Promise<ReadView> {
  const [set] = await source.rows('bitrecs_set')
  const [scores, agents, bans, unapproved, tenures] = await Promise.all([
    set ? source.rows('bitrecs_score', { set_id: set.set_id! }, SCORE_COLUMNS) : [],
    source.rows('bitrecs_agent', {}, AGENT_COLUMNS),
    source.rows('bitrecs_ban'),
    source.rows('bitrecs_unapproval'),
    source.rows('tenure', {}, TENURE_COLUMNS),
  ])
  const banned = new Set(bans.map((row) => row.hotkey))
  const out = new Set(unapproved.map((row) => row.agent_id))
  const counting = scores.filter((row) => !banned.has(row.hotkey!) && !out.has(row.agent_id!))
  return {
    height: source.point.height,
    rows: counting.map(scoreRow),
    firstBlocks: firstBlocks(agents),
    holders: Object.fromEntries(
      tenures.map((row) => [
        row.uid as number,
        { hotkey: addressOf(row.hotkey), tenure: String(row.registered_at) },
      ]),
    ),
    ...(set && { tasks: (set.problems as { validator: string[] }).validator }),
    setWeights: true,
  }
}

const scoreRow = (row: Row): ReadView['rows'][number] => ({
  hotkey: addressOf(row.hotkey),
  uid: row.uid as number | null,
  taskName: row.task as string,
  score: Number(row.score),
  sampleSize: row.sample_size as number,
  ...(row.registered_at !== null && { tenure: String(row.registered_at) }),
})

/** Blocks of the commitment that each hotkey submitted with; of several the earliest. */
function firstBlocks(agents: readonly Row[]): ReadView['firstBlocks'] {
  const blocks: Record<string, { reveal: number; commit?: number }> = {}
  for (const row of agents) {
    const hotkey = addressOf(row.hotkey)
    const known = blocks[hotkey]
    const reveal = row.reveal_height as number
    if (known && known.reveal <= reveal) continue
    blocks[hotkey] = { reveal, ...(row.commit_height !== null && { commit: row.commit_height as number }) }
  }
  return Object.fromEntries(Object.entries(blocks).sort(([a], [b]) => (a < b ? -1 : 1)))
}
