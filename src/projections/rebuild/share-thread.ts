import { parentPort, workerData } from 'node:worker_threads'
import { buildShare, type Share } from './share'
import type { Said } from './shares'
import { plain } from './thread-error'

const say = (said: Said): void => parentPort!.postMessage(said)

/** Entry of a thread that builds one share of a rebuild. */
buildShare(workerData as Share, (events) => say({ events })).then(
  (positions) => say({ positions }),
  (error: unknown) => say({ failure: plain(error) }),
)
