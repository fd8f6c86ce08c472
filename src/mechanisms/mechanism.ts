import type { EmittedWeights } from './emit-u16'
import type { Versioned } from './policy-history'

/** What every mechanism answers, whatever its rules are: the engine, the audit and the validator read nothing else of it. */
export interface Decision {
  readonly policyId: string
  /** Block of the view. */
  readonly height: number
  /** Stable code of how the decision ended. */
  readonly outcome: string
  /** Shares of hotkeys, without the burn. */
  readonly weights: readonly { readonly hotkey: string; readonly uid: number; readonly share: number }[]
  /** Share of the burn uid. */
  readonly burn: number
  /** What to put on chain; empty: make no call. */
  readonly u16: EmittedWeights
  /** Everything that shows why, as plain data. */
  readonly evidence: unknown
}

/** A field of a policy whose value nobody ever published: ours is a choice, and may be wrong. */
export interface Unpublished {
  /** JSON pointer into the policy. */
  readonly path: string
  /** What is not known, and what the default does instead. */
  readonly note: string
}

/** What a subnet's rules say about the call itself, beside its content. */
export interface CallRules {
  /** Version key of the weights. */
  readonly versionKey: number
  /** Weights are set again only when more blocks than this, and than the chain's rate limit, have passed. */
  readonly moreThanBlocks: number
}

/** A subnet's rules: one folder, one value of this type. Pure and synchronous. */
export interface Mechanism<View, Policy extends Versioned, D extends Decision = Decision> {
  readonly name: string
  readonly defaultPolicy: Policy
  /**
   * A policy from JSON, as an event or a file holds it.
   * @throws LedgerError SL-POLICY-INVALID with the path of the first fault
   */
  readonly readPolicy: (json: unknown) => Policy
  readonly decide: (view: View, policy: Policy) => D
  /** Fields of a policy that were never published; without it: all were. */
  readonly unpublished?: (policy: Policy) => readonly Unpublished[]
  /** Without it the chain's own limits are all. */
  readonly callRules?: (policy: Policy) => CallRules
}
