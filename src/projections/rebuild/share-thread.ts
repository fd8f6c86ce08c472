import { parentPort, workerData } from 'node:worker_threads'
import { buildShare, type Share } from './share'
import type { Said } from './shares'
import { plain } from './thread-error'

const say = (said: Said): void => parentPort!.postMessage(said)

/** Every message takes both threads some microseconds: as much as an event. */
const TOLD_EVERY_EVENTS = 10_000
let next = 0

function tell(events: number): void {
  if (events < next) return
  next = events + TOLD_EVERY_EVENTS
  say({ events })
}

/** Entry of a thread that builds one share of a rebuild. */
buildShare(workerData as Share, tell).then(
  (positions) => say({ positions }),
  (error: unknown) => say({ failure: plain(error) }),
)
