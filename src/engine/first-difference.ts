export interface Difference {
  /** JSON pointer (RFC 6901) of the first value that differs. */
  readonly firstDifference: string
  readonly recorded: unknown
  readonly recomputed: unknown
}

/** The first place where two plain values differ, members in the order of their names. Equal values: the root. */
export function firstDifference(recorded: unknown, recomputed: unknown, path = ''): Difference {
  if (isBranch(recorded) && isBranch(recomputed) && Array.isArray(recorded) === Array.isArray(recomputed)) {
    const names = [...new Set([...Object.keys(recorded), ...Object.keys(recomputed)])]
    if (!Array.isArray(recorded)) names.sort()
    for (const name of names) {
      const [left, right] = [recorded[name], recomputed[name]]
      if (isSame(left, right)) continue
      return firstDifference(left, right, `${path}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`)
    }
  }
  return { firstDifference: path, recorded: recorded ?? null, recomputed: recomputed ?? null }
}

const isBranch = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null

function isSame(a: unknown, b: unknown): boolean {
  if (!isBranch(a) || !isBranch(b)) return Object.is(a, b) || (a === 0 && b === 0)
  const names = new Set([...Object.keys(a), ...Object.keys(b)])
  return Array.isArray(a) === Array.isArray(b) && [...names].every((name) => isSame(a[name], b[name]))
}
