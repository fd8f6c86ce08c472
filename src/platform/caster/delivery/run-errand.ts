import { canonicalJson } from '../../../log/canonical-json'
import type { PlatformServices } from '../../core/platform-module'
import { batchSpec } from '../batches/spec'
import { openClaims } from '../datasets/seal-claims'
import { keepResults, readClaims } from '../private/private-content'
import type { CasterRules } from '../rules'
import type { Batch, CasterState, Validator } from '../state'
import { askValidator, type Heard, NoAnswer } from './ask-validator'
import { checkResults, isResultsFault } from './check-results'
import { keptRows } from './checked-rows'
import { acceptBatch, completeBatch, failBatch, type Route, sendBatch } from './decide-delivery'
import { type PlatformKey, signedHeaders } from './platform-key'
import type { Progress } from './progress-shape'
import { readJson } from './read-json'
import { readProgress } from './read-progress'
import { retryPauseMs } from './retry-pause'

export interface Errand {
  readonly kind: 'send' | 'poll' | 'give-up'
  readonly batch: Batch
  readonly validator: Validator
  /** What was last heard of the validator, in words. */
  readonly lastHeard?: string
}

export interface Surroundings {
  readonly services: PlatformServices<CasterState>
  readonly rules: CasterRules
  readonly key: PlatformKey
  readonly signal: AbortSignal
  readonly onProgress: (reported: {
    readonly status: string
    readonly completed: number
    readonly total: number
  }) => void
}

const BATCH_PATH = '/validator/miner-task-batches'
/** Answers but the progress are a few words. */
const ANSWER_MAX_BYTES = 65_536
const MEBIBYTE = 1_048_576
const MS_PER_SECOND = 1_000
const DETAIL_CHARS = 200
/** What a validator says of its failure may hold a reference, and the batch is open (invariant 14). */
const OWN_WORDS = 'so it says after every attempt; why stands in its own log'

/** One talk with one validator about one batch; whatever comes of it is decided by commands. */
export async function runErrand(errand: Errand, around: Surroundings): Promise<void> {
  const { batch, validator } = errand
  const route = { batchId: batch.batchId, validator: validator.hotkey }
  if (errand.kind === 'send') return send(errand, route, around)
  if (errand.kind === 'poll') return poll(errand, route, around)
  const { attempt = 0 } = batch.deliveries.get(validator.hotkey) ?? {}
  const detail = `sent ${attempt} times and never accepted; last: ${errand.lastHeard ?? 'nothing heard'}`
  await around.services.commands.execute(failBatch(route, 'not_accepted', detail))
}

async function send({ batch, validator }: Errand, route: Route, around: Surroundings): Promise<void> {
  const { commands, pool, netuid } = around.services
  const claims = openClaims(await readClaims(pool, netuid, batch.claimsSha256))
  if (!(await commands.execute(sendBatch(route)))) return
  const body = canonicalJson(batchSpec(batch, claims))
  const heard = await ask('POST', validator, `${BATCH_PATH}/batch`, around, ANSWER_MAX_BYTES, body)
  // No answer: the next attempt comes by the clock.
  if (!heard) return
  const answer = readJson(heard.bytes) as { status?: unknown; batch_id?: unknown } | undefined | null
  if (heard.status === 409)
    await commands.execute(failBatch(route, 'batch_conflict', 'it holds another batch of this id'))
  else if (heard.status === 200 && answer?.status === 'accepted' && answer.batch_id === batch.batchId)
    await commands.execute(acceptBatch(route))
  else around.onProgress({ status: `answered ${heard.status}`, completed: 0, total: 0 })
}

async function poll({ batch, validator }: Errand, route: Route, around: Surroundings): Promise<void> {
  const { commands, settings } = around.services
  const path = `${BATCH_PATH}/${batch.batchId}/progress`
  const heard = await ask('GET', validator, path, around, settings.casterProgressMaxMib * MEBIBYTE)
  if (!heard) return
  // A validator that lost its state is given the batch again.
  const fail = async (reason: string, detail: string) => {
    await commands.execute(failBatch(route, reason, detail))
  }
  if (heard.status === 404) return again({ kind: 'send', batch, validator }, route, around, 'state_lost')
  if (heard.status !== 200) return
  const progress = await readProgress(heard.bytes)
  if (typeof progress === 'string') return fail('malformed_progress', progress)
  if (progress.batch_id !== batch.batchId) return fail('foreign_batch', progress.batch_id)
  const { status, completed, total } = progress
  around.onProgress({ status, completed, total })
  // It may have been a provider that was away for a while: what it has done stays done.
  if (status === 'failed') return again({ kind: 'send', batch, validator }, route, around, 'validator_failed')
  const cells = batch.candidates.length * batch.claimIds.length
  if (total !== cells) return fail('malformed_progress', `total is ${total}, not ${cells}`)
  if (status === 'completed') await take(progress, batch, route, around, fail)
}

/** Sends a batch to one that had it already, after the pause and as often as to one that does not accept it. */
async function again(errand: Errand, route: Route, around: Surroundings, reason: string): Promise<void> {
  const { commands, settings } = around.services
  const { attempt, sentAtMs } = commands.state.batches.get(route.batchId)!.deliveries.get(route.validator)!
  if (attempt >= settings.casterDeliveryAttempts)
    return void (await commands.execute(failBatch(route, reason, OWN_WORDS)))
  if (commands.now() >= sentAtMs + retryPauseMs(attempt)) await send(errand, route, around)
}

async function take(
  { miner_task_results: reported }: Progress,
  batch: Batch,
  route: Route,
  { services, rules }: Surroundings,
  fail: (reason: string, detail: string) => Promise<void>,
): Promise<void> {
  const { commands, pool, netuid } = services
  const claims = openClaims(await readClaims(pool, netuid, batch.claimsSha256))
  const checked = await checkResults(batch, claims, reported, rules)
  if (isResultsFault(checked)) return fail(checked.reason, checked.detail)
  const { rows, resultsSha256 } = await keptRows(checked)
  await keepResults(pool, netuid, { ...route, resultsSha256 }, rows)
  await commands.execute(completeBatch(route, reported.length, resultsSha256))
}

/** The answer, or undefined when there is none: a validator that is away for a while is no failed one. */
async function ask(
  method: 'GET' | 'POST',
  { baseUrl }: Validator,
  path: string,
  { services, rules, key, signal, onProgress }: Surroundings,
  responseMaxBytes: number,
  body?: string,
): Promise<Heard | undefined> {
  const { settings, commands } = services
  const url = `${baseUrl}${path}`
  const { pathname } = new URL(url)
  const signing = { isStrict: settings.casterStrictRequests, nowMs: commands.now() }
  const signed = signedHeaders(
    key,
    { method, pathQs: pathname, body: body ?? '' },
    rules.signingMessage,
    signing,
  )
  const headers = { ...signed, ...(body !== undefined && { 'content-type': 'application/json' }) }
  try {
    return await askValidator(
      { method, url, headers, ...(body !== undefined && { body }) },
      {
        timeoutMs: settings.casterValidatorTimeoutSeconds * MS_PER_SECOND,
        responseMaxBytes,
        isPrivateAllowed: settings.casterAllowPrivateHosts,
        signal,
      },
    )
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error
    onProgress({ status: `${error.code}: ${error.message}`.slice(0, DETAIL_CHARS), completed: 0, total: 0 })
    return undefined
  }
}
