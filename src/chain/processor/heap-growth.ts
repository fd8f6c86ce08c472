import { setFlagsFromString } from 'node:v8'

/**
 * Lets the heap of this process grow in small steps. Decoding makes much short-lived garbage, and V8 would rather
 * take more memory than collect it: an indexer of 55 MiB of live data grew to 400–730 MiB resident on a large
 * machine, and stays below 200 MiB with this. V8 reads the flag at each collection, so that it works after the start.
 */
export function growHeapSlowly(): void {
  setFlagsFromString('--optimize-for-size')
}
