import { type CloseCause, closeBatch } from './batches/close-batch'
import { isClosed, isEnded } from './batches/spec'
import { readRow } from './delivery/checked-rows'
import { readClaims, readResults } from './private/private-content'
import { decideBatch } from './results/decide-roster'
import { missingRows, recordRow } from './results/record-row'
import type { CasterServices } from './services'
import type { Batch } from './state'
import { changedGates, recordGates } from './validators/decide-validator'

/** Rows that one tick records; the rest with the next. */
const RECORD_ROWS_A_TICK = 64
/** Rows that are committed together. */
const RECORD_ROWS_AT_ONCE = 4

/** What is due by the clock: gates, deliveries, the end of a batch, its results, the roster. Every step is found again after a restart. */
export async function tickCaster(services: CasterServices): Promise<void> {
  const { commands, rules, courier } = services
  const { state } = commands
  if (courier.isStopped) return
  if (changedGates(state, rules, commands.now(), state.height).length > 0)
    await commands.execute(recordGates(rules))
  const batch = state.openBatchId === null ? undefined : state.batches.get(state.openBatchId)
  if (!batch) return
  if (batch.status === 'created') await workOn(services, batch)
  if (isClosed(batch) && (await recordRows(services, batch)))
    await commands.execute(decideBatch(batch.batchId, rules))
}

async function workOn(services: CasterServices, batch: Batch): Promise<void> {
  const { facts, netuid, courier, commands } = services
  const metagraph = await facts.metagraph(netuid)
  const isLate = commands.now() >= batch.closesAtMs
  if (isLate || courier.isAllDone(batch, metagraph))
    await closeNow(services, batch, isLate && !allEnded(batch) ? 'deadline' : 'all_done')
  else courier.dispatch(batch, metagraph)
}

const allEnded = ({ deliveries }: Batch): boolean =>
  deliveries.size > 0 && [...deliveries.values()].every(isEnded)

/** The claims are read before the command, which publishes them. */
export async function closeNow({ pool, netuid, commands }: CasterServices, batch: Batch, cause: CloseCause) {
  const content = await readClaims(pool, netuid, batch.claimsSha256)
  return commands.execute(closeBatch(batch.batchId, cause, content))
}

/** Whether every row is in the log now. */
async function recordRows(services: CasterServices, batch: Batch): Promise<boolean> {
  const { commands, courier } = services
  const missing = missingRows(batch)
  const due = missing.slice(0, RECORD_ROWS_A_TICK)
  for (let at = 0; at < due.length; at += RECORD_ROWS_AT_ONCE) {
    if (courier.isStopped) return false
    const rows = due.slice(at, at + RECORD_ROWS_AT_ONCE)
    const inputs = await Promise.all(rows.map((row) => readRowInput(services, batch, row)))
    await Promise.all(inputs.map((input) => commands.execute(recordRow(input))))
  }
  return !courier.isStopped && missing.length === due.length
}

async function readRowInput(
  { pool, netuid }: CasterServices,
  { batchId, deliveries }: Batch,
  { validator, artifactId }: ReturnType<typeof missingRows>[number],
) {
  const resultsSha256 = deliveries.get(validator)!.resultsSha256!
  const place = { batchId, validator, resultsSha256 }
  const results = readRow(await readResults(pool, netuid, place, artifactId))
  return { batchId, validator, artifactId, results }
}
