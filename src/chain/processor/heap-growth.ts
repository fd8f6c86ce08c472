import { getHeapStatistics, setFlagsFromString } from 'node:v8'

const MIB = 1024 * 1024
/** Heap beyond which V8 is told to collect rather than to grow, and below which it may do as it likes. */
const SLOW_ABOVE_BYTES = 96 * MIB
const FREE_BELOW_BYTES = 72 * MIB
const WATCH_INTERVAL_MS = 50

/**
 * Keeps the heap of this process near its live data. Decoding makes much short-lived garbage, and V8 would rather
 * take more memory than collect it: an indexer of 55 MiB of live data grew to 400–730 MiB resident on a large
 * machine, and stays below 300 MiB with this. V8 reads the flag at each collection; it costs speed, so that it is set only while the heap is large.
 * @returns stops watching
 */
export function limitHeapGrowth(): () => void {
  let slow = false
  const timer = setInterval(() => {
    const { total_heap_size: bytes } = getHeapStatistics()
    if (!slow && bytes > SLOW_ABOVE_BYTES) {
      slow = true
      setFlagsFromString('--optimize-for-size')
    } else if (slow && bytes < FREE_BELOW_BYTES) {
      slow = false
      setFlagsFromString('--no-optimize-for-size')
    }
  }, WATCH_INTERVAL_MS)
  timer.unref()
  return () => clearInterval(timer)
}
