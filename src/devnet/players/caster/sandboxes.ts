import { numberIn, verdictOf } from './claims'
import { type ScriptBehaviour, ScriptSandboxes } from './script-sandboxes'
import { knowledgeOf } from './scripts'

/** Sandboxes without Python: they read out of a script how much it knows, and do what its lines say. */
export const devnetSandboxes = (): ScriptSandboxes => new ScriptSandboxes(devnetBehaviour)

/** What a script of the development chain does. @throws Error for a script of somebody else's */
export function devnetBehaviour(source: string): ScriptBehaviour {
  const knows = knowledgeOf(source)
  if (knows === undefined) throw new Error('the development chain runs its own scripts only')
  return async ({ claim_text }, { tool }) => {
    const number = numberIn(claim_text) ?? 0
    const query = `registry of even numbers ${number}`
    const { body } = await tool('search_web', { prompt: query })
    const [result] = body.results ?? []
    return {
      verdict: verdictOf(knows, number),
      justification: `The registry was asked for the ${number}.`,
      citations: result ? [{ receipt_id: body.receipt_id, result_id: result.result_id }] : [],
    }
  }
}
