import { byFirstBlock, type Contest, isSenior, NOBODY, type SubsetJudge } from './contest'
import { geometricMean } from './geometric-mean'

/** Products closer than this (relative) may become one geometric mean after rounding; they are judged exactly. */
const NEAR_TIE = 1e-12
/** Distance from the gap below which Math.pow's own error could decide. */
const NEAR_GAP = 1e-12

/**
 * Third generation (spec bitrecs §5.5): the higher geometric mean wins if it leads the runner-up by more than the flat gap,
 * else the senior of these two. A zero, a missing score or NaN excludes a miner from the subset.
 *
 * Within one subset the mean is a monotone function of the product, so the products alone (kept per prefix) give the leader
 * and the runner-up; roots are taken of two products only, and exactly only where rounding could matter.
 */
export function geometricJudge(contest: Contest): SubsetJudge {
  const order = byFirstBlock(contest)
  const columns = contest.scores.map((scores) =>
    // NaN is contagious under multiplication and loses every comparison: it marks the ineligible.
    Float64Array.from(order, (miner) => (scores[miner]! > 0 ? scores[miner]! : Number.NaN)),
  )
  const products = contest.scores.map(() => new Float64Array(contest.minerCount))
  const tops = contest.scores.map(() => new TopThree())
  const judgeTie = contest.tieScope === 'top_two' ? seniorOfTopTwo : seniorWithinGap
  return {
    enter(depth, task) {
      if (depth === 0) products[0]!.set(columns[task]!)
      else multiply(products[depth - 1]!, columns[task]!, products[depth]!)
      tops[depth]!.find(products[depth]!)
    },
    winner(depth) {
      const top = tops[depth]!
      if (top.first === NOBODY) return NOBODY
      if (top.second === NOBODY) return order[top.first]!
      return judgeTie(contest, order, products[depth]!, top, depth + 1)
    },
  }
}

function multiply(prefix: Float64Array, column: Float64Array, out: Float64Array): void {
  for (let i = 0; i < out.length; i++) out[i] = prefix[i]! * column[i]!
}

/** Positions of the three largest values; the earlier position first where equal. */
class TopThree {
  first = NOBODY
  second = NOBODY
  firstValue = NOBODY
  secondValue = NOBODY
  thirdValue = NOBODY

  find(values: Float64Array): void {
    let [first, second, a, b, c] = [NOBODY, NOBODY, NOBODY, NOBODY, NOBODY]
    for (let i = 0; i < values.length; i++) {
      const value = values[i]!
      if (!(value > c)) continue
      if (value > a) [c, b, second, a, first] = [b, a, first, value, i]
      else if (value > b) [c, b, second] = [b, value, i]
      else c = value
    }
    this.first = first
    this.second = second
    this.firstValue = a
    this.secondValue = b
    this.thirdValue = c
  }
}

function seniorOfTopTwo(
  contest: Contest,
  order: readonly number[],
  products: Float64Array,
  top: TopThree,
  size: number,
): number {
  let { first, second } = top
  if (top.thirdValue >= top.secondValue * (1 - NEAR_TIE)) [first, second] = exactTopTwo(products, top, size)
  if (leads(products[first]!, products[second]!, size, contest.flatGap)) return order[first]!
  const leader = order[first]!
  const runner = order[second]!
  return isSenior(contest, leader, runner) ? leader : runner
}

/** The two best by (geometric mean, seniority) among all whose product is next to the runner-up's or above. */
function exactTopTwo(products: Float64Array, top: TopThree, size: number): [number, number] {
  const bound = top.secondValue * (1 - NEAR_TIE)
  let [first, second, firstMean, secondMean] = [NOBODY, NOBODY, NOBODY, NOBODY]
  // Copies have equal products: their mean is taken once.
  let [known, knownMean] = [Number.NaN, Number.NaN]
  for (let i = 0; i < products.length; i++) {
    const product = products[i]!
    if (!(product >= bound)) continue
    const mean = product === known ? knownMean : geometricMean(product, size)
    if (mean > firstMean) [second, secondMean, first, firstMean] = [first, firstMean, i, mean]
    else if (mean > secondMean) [second, secondMean] = [i, mean]
    known = product
    knownMean = mean
  }
  return [first, second]
}

/** The senior of everyone whose mean is within the gap of the best one (policy `within_gap`; closes spec §7, item 17). */
function seniorWithinGap(
  contest: Contest,
  order: readonly number[],
  products: Float64Array,
  top: TopThree,
  size: number,
): number {
  let winner = order[top.first]!
  const floor =
    Math.max(0, top.firstValue ** (1 / size) - contest.flatGap - NEAR_GAP) ** size * (1 - NEAR_TIE)
  for (let i = 0; i < products.length; i++) {
    if (!(products[i]! >= floor)) continue
    if (isSenior(contest, order[i]!, winner) && !leads(top.firstValue, products[i]!, size, contest.flatGap))
      winner = order[i]!
  }
  return winner
}

/** Whether the mean of one product exceeds the mean of another by more than the gap. */
function leads(product: number, other: number, size: number, gap: number): boolean {
  const lead = product ** (1 / size) - (other ** (1 / size) + gap)
  if (Math.abs(lead) > NEAR_GAP) return lead > 0
  return geometricMean(product, size) > geometricMean(other, size) + gap
}
