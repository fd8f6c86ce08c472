import {
  appendFileSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { testBatch, testClaim } from '../test-platform'
import { Batch } from './batch'
import { BatchStore } from './batch-store'
import { failedCell } from './run-cell'

describe('the journal of a batch', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'subledger-journal-'))
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  const spec = testBatch(1, ['a\n', 'b\n'], [testClaim(1), testClaim(2)])
  const cell = (script: number, claim: number, elapsed_ms = 0) => ({
    ...failedCell(spec.batch_id, spec.candidates[script]!, spec.claims[claim]!, 'timeout'),
    elapsed_ms,
  })
  const fileOf = () => path.join(folder, `${spec.batch_id}.jsonl`)

  async function filled(): Promise<Batch> {
    const store = await BatchStore.open(folder)
    const accepted = await store.accept(spec)
    if (accepted.kind !== 'new') throw new Error(accepted.kind)
    return accepted.batch
  }

  it('is read by nobody else', async () => {
    await (await filled()).close()
    expect(statSync(fileOf()).mode & 0o777).toBe(0o600)
  })

  it('is cut off at every byte of its last line, and the batch goes on', async () => {
    const batch = await filled()
    await batch.record(cell(0, 0))
    const before = statSync(fileOf()).size
    await batch.record(cell(0, 1))
    await batch.close()
    const whole = readFileSync(fileOf())
    for (let size = before; size < whole.length; size++) {
      writeFileSync(fileOf(), whole.subarray(0, size))
      const again = (await Batch.open(fileOf()))!
      expect([again.has(spec.candidates[0]!.artifact_id, 'claim-1'), again.status]).toEqual([true, 'queued'])
      expect(again.has(spec.candidates[0]!.artifact_id, 'claim-2')).toBe(false)
      await again.record(cell(0, 1))
      await again.close()
      expect(readFileSync(fileOf()).equals(whole)).toBe(true)
    }
  })

  it('that ends before the acceptance is of no batch', async () => {
    await (await filled()).close()
    truncateSync(fileOf(), 30)
    expect(await Batch.open(fileOf())).toBeUndefined()
    const store = await BatchStore.open(folder)
    expect(await store.accept(spec)).toMatchObject({ kind: 'new' })
    await store.close()
  })

  it('with a whole line that is no record stops the validator', async () => {
    await (await filled()).close()
    appendFileSync(fileOf(), 'garbage\n')
    await expect(BatchStore.open(folder)).rejects.toMatchObject({
      code: 'SL-BATCH-JOURNAL',
      facts: { file: fileOf(), line: 2 },
    })
  })

  it('keeps the first result of a cell, however often it is recorded, also at once', async () => {
    const batch = await filled()
    await batch.record(cell(0, 0, 1))
    await Promise.all([batch.record(cell(0, 0, 2)), batch.record(cell(0, 1, 3)), batch.record(cell(0, 1, 4))])
    await batch.record(cell(1, 1, 5))
    await batch.record(cell(1, 0, 6))
    const { miner_task_results, completed } = await batch.progress()
    expect([completed, miner_task_results.map(({ elapsed_ms }) => elapsed_ms)]).toEqual([4, [1, 3, 6, 5]])
    await batch.close()
  })

  it('holds a failure until the batch is sent again', async () => {
    const batch = await filled()
    await batch.record(cell(0, 0))
    await batch.fail('grader_unavailable')
    await batch.close()
    const store = await BatchStore.open(folder)
    expect(await store.get(spec.batch_id)!.progress()).toMatchObject({
      status: 'failed',
      error: 'grader_unavailable',
    })
    expect(await store.accept(spec)).toMatchObject({ kind: 'reopened' })
    await store.close()
    const later = await BatchStore.open(folder)
    expect(await later.get(spec.batch_id)!.progress()).toMatchObject({
      status: 'queued',
      error: null,
      completed: 1,
    })
    await later.close()
  })
})
