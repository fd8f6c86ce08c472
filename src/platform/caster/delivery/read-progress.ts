import { type Progress, progressCheck } from './progress-shape'
import { Slices } from './slices'
import { splitResults } from './split-results'

/** All of a progress but its results is a few words. */
const FRAME_MAX_BYTES = 65_536
/** Longest result of one cell. Each is read at once, and others wait meanwhile. */
const RESULT_MAX_BYTES = 8_388_608

/** What is wrong with it, in words. */
export type ProgressFault = string

/**
 * The progress of a stranger, as long as it may be: it is read result by result, and requests are answered in between. JSON.parse of
 * the whole would hold up everybody for seconds.
 */
export async function readProgress(bytes: Uint8Array): Promise<Progress | ProgressFault> {
  const slices = new Slices()
  const found = await splitResults(bytes, slices)
  if (!found) return NO_JSON
  const { list = { from: bytes.length, to: bytes.length }, commas } = found
  const [before, after] = [bytes.subarray(0, list.from), bytes.subarray(list.to)]
  if (before.length + after.length > FRAME_MAX_BYTES) return NO_JSON
  try {
    const frame: unknown = JSON.parse(textOf(Buffer.concat([before, after])))
    if (!progressCheck.Check(frame)) {
      const first = progressCheck.Errors(frame).First()
      return `${first?.path}: ${first?.message}`
    }
    const results: unknown[] = []
    const isEmpty = commas.length === 0 && textOf(bytes.subarray(list.from, list.to)).trim() === ''
    const ends = isEmpty ? [] : [...commas, list.to]
    let from = list.from
    for (const to of ends) {
      if (to - from > RESULT_MAX_BYTES)
        return `result ${results.length} is longer than ${RESULT_MAX_BYTES} bytes`
      results.push(JSON.parse(textOf(bytes.subarray(from, to))))
      from = to + 1
      if (slices.isOver) await slices.rest()
    }
    return { ...frame, miner_task_results: results }
  } catch {
    return NO_JSON
  }
}

const NO_JSON = 'no JSON, or too deep'

const textOf = (bytes: Uint8Array): string => UTF8.decode(bytes)
/** @throws TypeError when it is none */
const UTF8 = new TextDecoder('utf-8', { fatal: true })
