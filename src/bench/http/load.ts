import { fork } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'

export interface LoadPlan {
  readonly url: string
  readonly path: string
  /** One body a request; the generator goes round when they run out, so give enough that none repeats. */
  readonly bodies: BodyPlan
  readonly connections: number
  readonly durationMs: number
  /** Requests a second over all connections; absent: each connection sends as soon as it has its answer. */
  readonly requestsPerSecond?: number
}

/** Bodies are made in the generator's process: a template with the hotkey of request i in place of `$KEY`. */
export interface BodyPlan {
  readonly template: string
  readonly from: number
  /** Keys are hashes of numbers below this, visited in a scattered order without repetition. */
  readonly keys: number
}

export interface LoadResult {
  readonly requests: number
  readonly requestsPerSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
  /** Answers that are not 200 or carry errors. */
  readonly failures: number
  readonly bytesPerAnswer: number
}

/** Runs the plan in a process of its own, so that it shares the cores with the server but not its event loop. */
export async function load(plan: LoadPlan): Promise<LoadResult> {
  const child = fork(path.join(__dirname, 'load-process.js'), [JSON.stringify(plan)])
  const [result] = (await once(child, 'message')) as [LoadResult]
  child.disconnect()
  return result
}
