import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { casterRules as rules } from '../../../engine/systems/caster-rules'
import type { Batch } from '../state'
import { testResult, uuidOf } from '../test/test-results'
import { checkResults, isResultsFault } from './check-results'
import { keptRows } from './checked-rows'
import { readProgress } from './read-progress'

const SCRIPTS = 40
const CLAIMS = 500

const options = [-1, 1].map((value) => ({ value, description: String(value) }))
const claims = Array.from({ length: CLAIMS }, (_, n) => ({
  claim_id: `claim-${n}`,
  text: `Claim ${n}`,
  rubric: { title: 'Is it so?', description: 'Look.', verdict_options: options },
  reference_answer: { verdict: 1, justification: 'It is.', citations: [], spans: [] },
  budget_micro_usd: '50000',
}))
const candidates = Array.from({ length: SCRIPTS }, (_, n) => ({
  uid: n + 1,
  artifactId: uuidOf(`script ${n}`),
}))
const batchId = uuidOf('batch')
const batch = {
  batchId,
  candidates,
  positionOf: new Map(claims.map(({ claim_id }, n) => [claim_id, n])),
} as unknown as Batch

function report(): Buffer {
  const results = candidates.flatMap(({ uid, artifactId: artifact_id }) =>
    claims.map((claim) => testResult({ batch_id: batchId }, { uid, artifact_id }, claim, 'full', 'v')),
  )
  const counts = { total: results.length, completed: results.length, remaining: 0 }
  const frame = { batch_id: batchId, status: 'completed', error: null, ...counts }
  return Buffer.from(JSON.stringify({ ...frame, miner_task_results: results }))
}

describe('while a large report is taken', { timeout: 120_000 }, () => {
  const happened: string[] = []
  const server = createServer((_, response) => response.end('here'))
  let isOver = false
  let asking: Promise<void>
  let bytes: Buffer

  beforeAll(async () => {
    bytes = report()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const ask = async () => {
      while (!isOver) {
        await (await fetch(url)).text()
        happened.push('answered')
      }
    }
    asking = ask()
  })
  afterAll(async () => {
    isOver = true
    await asking
    server.close()
    server.closeAllConnections()
  })

  /** What happened from its begin to its end. */
  async function during<T>(
    work: () => Promise<T>,
  ): Promise<{ readonly done: T; readonly between: string[] }> {
    const from = happened.push('begun')
    const done = await work()
    return { done, between: happened.slice(from) }
  }

  it('others are answered, in each of its steps and not only between them', async () => {
    const read = await during(() => readProgress(bytes))
    if (typeof read.done === 'string') throw new Error(read.done)
    const reported = read.done.miner_task_results
    const checked = await during(() => checkResults(batch, claims as never, reported, rules))
    const rows = checked.done
    if (isResultsFault(rows)) throw new Error(rows.detail)
    const kept = await during(() => keptRows(rows))
    expect(kept.done.rows).toHaveLength(SCRIPTS)
    for (const { between } of [read, checked, kept]) expect(between).toContain('answered')
  })
})
