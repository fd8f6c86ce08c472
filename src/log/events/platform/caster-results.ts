import { Type } from '@sinclair/typebox'
import { Account, BigUint, event, Nullable, OneOf } from '../define'
import { Sha256 } from './autoresearch-work'
import { ClaimId, Count, Id } from './caster-batches'
import { TimeMs } from './core'

/** One script on one claim at one validator. */
const cell = { batchId: Id, validator: Account, artifactId: Id, claimId: ClaimId }
const ErrorCode = Type.String({ pattern: '^[a-z][a-z0-9_]{0,63}$' })
/** Halves are exact in binary, and the published rule has them as floats. */
const HalfPoint = Type.Union([Type.Literal(0), Type.Literal(0.5)])
const cited = { ...cell, position: Count, receiptId: Type.String(), resultId: Type.String() }

/** What validators report of a closed batch, cell by cell (spec caster.md §3, §4). Money is integer micro-USD. */
export const casterResultEvents = {
  SessionOpened: event(1, { sessionId: Id, ...cell, budgetMicroUsd: BigUint, at: TimeMs }),
  ToolCalled: event(1, {
    receiptId: Type.String(),
    sessionId: Id,
    ...cell,
    tool: Type.String(),
    outcome: OneOf('ok', 'provider_error', 'budget_exceeded', 'timeout'),
    requestHash: Sha256,
    responseHash: Sha256,
    resultPolicy: OneOf('referenceable', 'log_only'),
    costMicroUsd: BigUint,
    resultIds: Type.Array(Type.String()),
    issuedAt: TimeMs,
    at: TimeMs,
  }),
  SessionClosed: event(1, { sessionId: Id, ...cell, usedMicroUsd: BigUint, at: TimeMs }),
  MinerAnswered: event(1, {
    ...cell,
    sessionId: Id,
    verdict: Type.Integer(),
    /** The text is kept as content by this hash. */
    justificationSha256: Sha256,
    citations: Count,
    runtimeMs: Count,
    at: TimeMs,
  }),
  /** No verdict at all: the published placeholder −1 would be a legal answer elsewhere. */
  MinerFailed: event(1, {
    ...cell,
    sessionId: Nullable(Id),
    errorCode: ErrorCode,
    runtimeMs: Count,
    at: TimeMs,
  }),
  /** Url and note are the receipt's, whatever the miner wrote. */
  CitationHydrated: event(1, {
    ...cited,
    url: Nullable(Type.String()),
    note: Nullable(Type.String()),
    at: TimeMs,
  }),
  CitationDropped: event(1, { ...cited, reason: Type.String(), at: TimeMs }),
  TaskGraded: event(1, {
    ...cell,
    status: OneOf('answered', 'failed'),
    verdictScore: HalfPoint,
    supportScore: HalfPoint,
    total: Type.Union([Type.Literal(0), Type.Literal(0.5), Type.Literal(1)]),
    /** null: the grader was not asked, since the verdict was wrong or there was none (invariant 5). */
    graderModel: Nullable(Type.String()),
    rationaleSha256: Nullable(Sha256),
    costMicroUsd: BigUint,
    runtimeMs: Count,
    at: TimeMs,
  }),
}
