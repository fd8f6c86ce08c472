import { createHash } from 'node:crypto'

/** What `state_getRuntimeVersion` answers; the rest of it is served but not read. */
export interface RuntimeVersion {
  readonly specName: string
  readonly specVersion: number
}

/** Names a runtime version by its whole answer, so that nothing of it is lost in the cache. */
export function runtimeIdOf(version: RuntimeVersion): string {
  return createHash('sha256').update(JSON.stringify(version)).digest('hex').slice(0, 16)
}

/**
 * The runtime version of each of `count` blocks in a row, from few questions: one that is equal at both ends
 * of a stretch is equal within it, since upgrades do not come in twos within a range; otherwise the stretch
 * is halved.
 */
export async function inferVersions<T>(
  count: number,
  first: T,
  last: T,
  same: (a: T, b: T) => boolean,
  ask: (position: number) => Promise<T>,
): Promise<T[]> {
  const versions = new Array<T>(count)
  const fill = async (from: number, atFrom: T, to: number, atTo: T): Promise<void> => {
    versions[from] = atFrom
    versions[to] = atTo
    if (same(atFrom, atTo)) versions.fill(atFrom, from, to + 1)
    else if (to - from > 1) {
      const middle = (from + to) >> 1
      const atMiddle = await ask(middle)
      await Promise.all([fill(from, atFrom, middle, atMiddle), fill(middle, atMiddle, to, atTo)])
    }
  }
  await fill(0, first, count - 1, last)
  return versions
}
