export type Random = (below: number) => number

/** Whole numbers below a bound, out of a seed (mulberry32): the same seed gives the same ones. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return (((t ^ (t >>> 14)) >>> 0) % 0x7fffffff) % below
  }
}
