/** A policy holds from a block on; a change is a new entry, never an edit. */
export interface Versioned {
  readonly id: string
  readonly effectiveFromBlock: number
}

/**
 * The policy that holds at `block`: the one with the greatest `effectiveFromBlock` not above it; of equals the later entry,
 * because a correction is appended after what it corrects. `undefined` before the first.
 */
export function policyAt<P extends Versioned>(history: readonly P[], block: number): P | undefined {
  let found: P | undefined
  for (const policy of history) {
    if (policy.effectiveFromBlock > block) continue
    if (!found || policy.effectiveFromBlock >= found.effectiveFromBlock) found = policy
  }
  return found
}
