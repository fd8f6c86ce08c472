import { Type } from '@sinclair/typebox'
import { Account, event, Height, Nullable, OneOf, Uid } from '../define'
import { RequestHash, Sha256 } from './autoresearch-work'
import { closed, Entry, Id } from './caster-batches'
import { TimeMs } from './core'

/** Places from the first; empty ones are null and at the end (invariant 1). */
const Roster = Type.Array(Nullable(Entry))
const ruled = { ruleVersion: Type.String(), policyId: Type.String() }
const move = { batchId: Id, before: Roster, after: Roster, cause: Type.String(), ...ruled, at: TimeMs }

/** Totals, comparisons, the roster, validators and the weights they are given (spec caster.md §6–§10). */
export const casterRosterEvents = {
  ScoresAggregated: event(1, {
    batchId: Id,
    artifactId: Id,
    hotkey: Account,
    /** In the order of the batch's claims; the published rule has floats here. */
    perClaimMedian: Type.Array(Type.Number({ minimum: 0, maximum: 1 })),
    total: Type.Number({ minimum: 0 }),
    costUsd: Nullable(Type.Number({ minimum: 0 })),
    runtimeMs: Nullable(Type.Number({ minimum: 0 })),
    validatorsCounted: Type.Array(Account),
    validatorsExcluded: Type.Array(Type.Object({ hotkey: Account, reason: Type.String() }, closed)),
    ...ruled,
    at: TimeMs,
  }),
  /** Both totals are of the same batch and the same validators (invariant 4). */
  ChallengerCompared: event(1, {
    batchId: Id,
    order: Type.Integer({ minimum: 0 }),
    challenger: Type.Object({ hotkey: Account, artifactId: Id, total: Type.Number() }, closed),
    incumbent: Nullable(
      Type.Object({ hotkey: Account, artifactId: Id, total: Nullable(Type.Number()) }, closed),
    ),
    /** Total that would have sufficed by score. */
    needed: Nullable(Type.Number()),
    beats: Type.Boolean(),
    cause: Nullable(OneOf('score', 'cost', 'runtime')),
    effect: OneOf('bootstrap', 'promoted', 'self_update', 'unchanged'),
    ...ruled,
    at: TimeMs,
  }),
  RosterChanged: event(1, move),
  RosterUnchanged: event(1, move),
  ValidatorRegistered: event(1, {
    hotkey: Account,
    uid: Uid,
    baseUrl: Type.String(),
    /** First registration of this hotkey; registering again does not reset the clock (spec §9). */
    firstAt: TimeMs,
    requestHash: RequestHash,
    at: TimeMs,
  }),
  ValidatorFunctioningChanged: event(1, {
    hotkey: Account,
    lastSuccessAt: Nullable(TimeMs),
    functioning: Type.Boolean(),
    reason: OneOf('within_limit', 'grace_since_registration', 'limit_passed', 'never_completed'),
    /** When the gate shuts if nothing is completed before; null: it is shut. */
    shutsAt: Nullable(TimeMs),
    at: TimeMs,
  }),
  AllowlistChanged: event(1, { hotkey: Account, added: Type.Boolean(), actor: Type.String(), at: TimeMs }),
  WeightsComputed: event(1, {
    batchId: Nullable(Id),
    roster: Roster,
    uidMap: Type.Array(Type.Object({ hotkey: Account, uid: Uid }, closed)),
    weights: Type.Array(Type.Object({ uid: Uid, weight: Type.Number({ minimum: 0, maximum: 1 }) }, closed)),
    /** Block of `uidMap`. */
    height: Height,
    policyId: Type.String(),
    /** Over the exact bytes of the served answer. */
    weightsSha256: Sha256,
    at: TimeMs,
  }),
  /** Once for a validator and an answer, however often it asks. */
  WeightsServed: event(1, { validator: Account, weightsSha256: Sha256, at: TimeMs }),
  WeightsDenied: event(1, { validator: Account, reason: Type.String(), at: TimeMs }),
}
