/** Claims of the development chain: even numbers are listed, odd ones are not. Nobody looks anything up in truth. */
const CLAIMS_PER_SET = 10
const NUMBER = /^Devnet claim (\d+):/
const OPTIONS = [
  { value: -1, description: 'The claim does not hold' },
  { value: 1, description: 'The claim holds' },
] as const

const isListed = (number: number): boolean => number % 2 === 0

/** The number that a claim's text names; undefined for a text of somebody else's. */
export function numberIn(text: string): number | undefined {
  const found = NUMBER.exec(text)?.[1]
  return found === undefined ? undefined : Number(found)
}

/** What a script says of a claim: right as far as it knows the registry, wrong beyond. */
export const verdictOf = (knows: number, number: number): number =>
  number < knows === isListed(number) ? 1 : -1

/**
 * Ten claims from a number on, as the operator posts them.
 * @param championKnows how far the sitting champion's script knows the registry; undefined: nobody sits
 */
export function datasetOf(from: number, championKnows?: number) {
  const numbers = Array.from({ length: CLAIMS_PER_SET }, (_, i) => from + i)
  return {
    factoid_window: { from: '2026-01-01T00:00:00Z', to: '2026-01-02T00:00:00Z' },
    reference_model: 'devnet-registry',
    claims: numbers.map((number) => ({
      ...claimOf(number),
      ...(championKnows !== undefined && { champion_verdict: verdictOf(championKnows, number) }),
    })),
  }
}

function claimOf(number: number) {
  const is = isListed(number) ? 'lists' : 'does not list'
  return {
    claim_id: `devnet-claim-${number}`,
    text: `Devnet claim ${number}: the registry of even numbers lists the ${number}.`,
    rubric: { title: 'Is it listed?', description: 'Look the number up.', verdict_options: OPTIONS },
    reference_answer: {
      verdict: isListed(number) ? 1 : -1,
      justification: `The registry ${is} the ${number}.`,
      citations: [],
      spans: [],
    },
  }
}
