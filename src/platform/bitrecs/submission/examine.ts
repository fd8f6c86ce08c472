import type { BitrecsState } from '../state'
import type { CheckContext, Findings, Incoming } from './context'
import type { Outside } from './looks'
import type { Refusal } from './refusal'
import type { Step } from './steps'

/** What was found out about a request, and how far it got. */
export interface Examined {
  readonly incoming: Incoming
  readonly found: Findings
  /** The first check that failed on the way; later ones were not looked at. */
  readonly stopped: { readonly at: number; readonly refusal: Refusal } | null
}

/** Looks up what each check needs, in order, and stops at the first that fails: nothing is fetched in vain. */
export async function examine(
  steps: readonly Step[],
  incoming: Incoming,
  outside: Outside,
  state: () => Readonly<BitrecsState>,
): Promise<Examined> {
  const found: Findings = {}
  for (const [at, step] of steps.entries()) {
    await step.look?.(incoming, found, outside)
    // Nothing is looked up behind the last one: the decision itself is soon enough.
    if (at === steps.length - 1) break
    const context = { state: state(), nowMs: incoming.arrivedMs, rules: outside.rules, incoming, found }
    const refusal = step.check(context)
    if (refusal) return { incoming, found, stopped: { at, refusal } }
  }
  return { incoming, found, stopped: null }
}

/**
 * All checks again, on the state that holds when it is decided: in the meantime another request may have taken the hotkey. What
 * failed on the way and would pass now is refused all the same, since nothing behind it was looked up.
 */
export function firstRefusal(
  steps: readonly Step[],
  { found, incoming, stopped }: Examined,
  context: Pick<CheckContext, 'state' | 'nowMs' | 'rules'>,
): Refusal | null {
  const reached = stopped?.at ?? steps.length
  for (const { check } of steps.slice(0, reached)) {
    const refusal = check({ ...context, incoming, found })
    if (refusal) return refusal
  }
  return stopped?.refusal ?? null
}
