import { getHeapStatistics, setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

const MIB = 1024 * 1024
/** Heap beyond which garbage is collected, unless so much of it is in use that this would come too often. */
const COLLECT_ABOVE_BYTES = 168 * MIB
/** The heap may always grow to this many times of what the last collection left. */
const GROWTH_TIMES = 2
const WATCH_INTERVAL_MS = 50

/**
 * Keeps the heap of this process near its live data. Decoding makes much short-lived garbage, and V8 would rather
 * take more memory than collect it: an indexer with 60 MiB of live data grew to 400–730 MiB resident on a large
 * machine. A collection (about 40 ms) each second or two costs less than V8's own mode for small memory.
 * @returns stops watching
 */
export function limitHeapGrowth(): () => void {
  const collect = collector()
  let allowed = COLLECT_ABOVE_BYTES
  const timer = setInterval(() => {
    if (getHeapStatistics().used_heap_size <= allowed) return
    collect()
    allowed = Math.max(COLLECT_ABOVE_BYTES, GROWTH_TIMES * getHeapStatistics().used_heap_size)
  }, WATCH_INTERVAL_MS)
  timer.unref()
  return () => clearInterval(timer)
}

/** V8's own function; Node shows it only to contexts made after the flag is set. */
function collector(): () => void {
  setFlagsFromString('--expose-gc')
  return runInNewContext('gc') as () => void
}
