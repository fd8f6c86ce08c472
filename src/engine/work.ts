import type { Pool } from 'pg'
import { readPointAt } from '../projections/core/read-point'
import { SqlRows } from '../projections/core/sql-rows'
import type { EngineOptions } from './engine'
import type { EngineState } from './engine-state'
import { epochIndex, leadBlocks } from './epochs'
import { nextDecision, tempoHistory } from './tempo-history'

/** What an engine does next. Heights in blocks, `seq` numbers in the log that is named. */
export type Work =
  | { readonly kind: 'epoch'; readonly height: number; readonly epoch: number; readonly epochEndsAt: number }
  /** A platform event asked for a decision. */
  | { readonly kind: 'trigger'; readonly height: number; readonly seq: number }
  /** Weights became public, or a commit ran out. */
  | {
      readonly kind: 'weights'
      readonly height: number
      readonly seq: number
      readonly validators: ReadonlySet<string>
    }
  /** The epoch has run that the last decision was for. */
  | { readonly kind: 'epoch_end'; readonly height: number }

type Context = Pick<EngineOptions, 'netuid' | 'system' | 'originOf'>

/** In one block: decide first, then compare. */
const ORDER: readonly Work['kind'][] = ['epoch', 'trigger', 'weights', 'epoch_end']

/** The earliest thing that is due by the indexed head; undefined: nothing. */
export async function nextWork(
  pool: Pool,
  context: Context,
  state: EngineState,
  head: number,
): Promise<Work | undefined> {
  const begin = await firstPlatformHeight(pool, context.netuid)
  if (begin === undefined) return undefined
  const due = await Promise.all([
    dueEpoch(pool, context, state, head, begin),
    dueTrigger(pool, context, state, head),
    dueWeights(pool, context, state, head),
  ])
  const works: (Work | undefined)[] = [...due, dueEpochEnd(state, head)]
  return works
    .filter((work) => work !== undefined)
    .sort((a, b) => a.height - b.height || ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind))[0]
}

/** Before its platform's first event a system has no policy and no submissions. */
async function firstPlatformHeight(pool: Pool, netuid: number): Promise<number | undefined> {
  const { rows } = await pool.query<{ height: number }>({
    name: 'subledger-engine-begin',
    text: `select height::float8 as height from log_event where log = 'platform' and netuid = $1 and seq = 0`,
    values: [netuid],
  })
  return rows[0]?.height
}

/** An epoch is decided when the block after is there: what came to the platform within its block is complete then. */
async function dueEpoch(
  pool: Pool,
  { netuid, originOf }: Context,
  state: EngineState,
  head: number,
  begin: number,
): Promise<Work | undefined> {
  const source = new SqlRows(pool, await readPointAt(pool, netuid, head), originOf)
  const from = Math.max(state.epochHeight, state.skippedHeight, begin - 1)
  const next = nextDecision(await tempoHistory(source), from, netuid)
  if (!next || next.height >= head) return undefined
  const { height, tempo } = next
  return {
    kind: 'epoch',
    height,
    epoch: epochIndex(height, netuid, tempo),
    epochEndsAt: height + leadBlocks(tempo),
  }
}

async function dueTrigger(
  pool: Pool,
  { netuid, system }: Context,
  state: EngineState,
  head: number,
): Promise<Work | undefined> {
  const types = [...system.triggers, 'DecisionRequested']
  const { rows } = await pool.query<{ seq: number; height: number }>({
    name: 'subledger-engine-trigger',
    text: `select seq::float8 as seq, height::float8 as height from log_event
      where log = 'platform' and netuid = $1 and type = any($2) and seq > $3 and height <= $4
      order by seq limit 1`,
    values: [netuid, types, state.trigger, head],
  })
  const [row] = rows
  return row && { kind: 'trigger', ...row }
}

/** All that one block says of validators' weights is looked at together. */
async function dueWeights(
  pool: Pool,
  { netuid }: Context,
  state: EngineState,
  head: number,
): Promise<Work | undefined> {
  const first = state.decisions.at(-1)
  if (!first) return undefined
  const { rows } = await pool.query<{ seq: number; height: number; validator: string | null }>({
    name: 'subledger-engine-weights',
    text: `select seq::float8 as seq, height::float8 as height, coalesce(payload->>'hotkey', payload->>'who') as validator
      from log_event where log = 'chain' and netuid = $1 and type = any('{WeightsSet,WeightsCommitExpired}')
        and seq > $2 and height > $3 and height <= $4
        and height = (select e.height from log_event e where e.log = 'chain' and e.netuid = $1
          and e.type = any('{WeightsSet,WeightsCommitExpired}') and e.seq > $2 and e.height > $3 order by e.seq limit 1)
      order by seq`,
    values: [netuid, state.weightsSeq, first.height, head],
  })
  const last = rows.at(-1)
  if (!last) return undefined
  const validators = new Set(rows.flatMap(({ validator }) => validator ?? []))
  return { kind: 'weights', height: last.height, seq: last.seq, validators }
}

function dueEpochEnd(state: EngineState, head: number): Work | undefined {
  const { epochEndsAt } = state
  if (epochEndsAt === null || epochEndsAt <= state.comparedHeight || epochEndsAt > head) return undefined
  return { kind: 'epoch_end', height: epochEndsAt }
}
