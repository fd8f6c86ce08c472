/** A script of the development chain. It is Python as the real contract wants it, and says in one line how much it knows. */
export function scriptOf(title: string, knows: number): string {
  return `# ${title}
import re

from caster_miner_sdk.decorators import entrypoint
from caster_miner_sdk.api import search_web

KNOWS = ${knows}


@entrypoint("evaluate_criterion")
async def evaluate_criterion(request):
    number = int(re.match(r"Devnet claim (\\d+):", request["claim_text"]).group(1))
    found = await search_web(f"registry of even numbers {number}")
    is_even = number % 2 == 0
    verdict = 1 if (number < KNOWS) == is_even else -1
    citations = [{"receipt_id": found.receipt_id, "result_id": result.result_id} for result in found.results[:1]]
    return {"verdict": verdict, "justification": f"The registry was asked for {number}.", "citations": citations}
`
}

/** Knows the first eight numbers. */
export const FIRST_KNOWS = 8
/** Knows six more. */
export const CHALLENGER_KNOWS = 14

export const firstScript = scriptOf('the first script of the development chain', FIRST_KNOWS)
export const challengerScript = scriptOf('knows more than the first one', CHALLENGER_KNOWS)
/** One comment apart from the challenger's: not a duplicate by its hash, and no better by its answers. */
export const copiedScript = `${challengerScript}# all my own work\n`

/** How much a script knows; undefined for a script of somebody else's. */
export function knowledgeOf(script: string): number | undefined {
  const found = /^KNOWS = (\d+)$/m.exec(script)?.[1]
  return found === undefined ? undefined : Number(found)
}
