import { existsSync } from 'node:fs'
import path from 'node:path'
import { Worker } from 'node:worker_threads'
import { projectRoot } from '../../database/project-root'
import type { Projection } from '../fold/projection'
import type { Positions } from './fold-log'
import { buildShare, type OnProgress, type Share } from './share'
import { type PlainError, restored } from './thread-error'

/**
 * Read models of commitments take about as long as all others together, and look at other events: with two cores to work on,
 * neither waits for the other. Those of one share read the same payloads.
 */
const APART: readonly string[] = ['commitments', 'first_submissions']

export function sharesOf(folds: readonly Projection[]): readonly (readonly Projection[])[] {
  const isApart = ({ name }: Projection) => APART.includes(name)
  // The first one is built in this very thread, which begins at once; it takes a little longer than the other.
  const shares = [folds.filter(isApart), folds.filter((fold) => !isApart(fold))]
  return shares.filter((share) => share.length > 0)
}

/** What a thread says: how far it is, and at its end one of the others. */
export type Said =
  | { readonly events: number }
  | { readonly positions: Positions }
  | { readonly failure: PlainError }

/**
 * Builds every share, the first one here and the others in threads of their own; without what a thread needs (not compiled) here
 * too. When one fails the others are ended.
 */
export async function buildShares(
  shares: readonly Share[],
  onProgress: (share: number, events: number) => void,
  entry = compiledEntry(),
): Promise<readonly Positions[]> {
  const threads: Worker[] = []
  let failure: { readonly error: unknown } | undefined
  const building = shares.map(async (share, i) => {
    const tell = (events: number) => {
      if (failure) throw failure.error
      onProgress(i, events)
    }
    try {
      if (i === 0 || !existsSync(entry)) return await buildShare(share, tell)
      const thread = new Worker(entry, { workerData: share })
      threads.push(thread)
      return await heard(thread, tell)
    } catch (error) {
      failure ??= { error }
      for (const thread of threads) void thread.terminate()
      throw failure.error
    }
  })
  await Promise.allSettled(building)
  return Promise.all(building)
}

function heard(thread: Worker, onProgress: OnProgress): Promise<Positions> {
  return new Promise((resolve, reject) => {
    thread.on('message', (said: Said) => {
      if ('positions' in said) resolve(said.positions)
      else if ('failure' in said) reject(restored(said.failure))
      else {
        try {
          onProgress(said.events)
        } catch (error) {
          reject(error)
        }
      }
    })
    thread.once('error', reject)
    // After its last word this changes nothing.
    thread.once('exit', (code) => reject(new Error(`a thread of the rebuild ended with code ${code}`)))
  })
}

const compiledEntry = () => path.join(projectRoot(), 'lib/src/projections/rebuild/share-thread.js')
