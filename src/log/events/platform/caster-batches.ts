import { Type } from '@sinclair/typebox'
import { Account, event, Nullable, Uid } from '../define'
import { RequestHash, Sha256 } from './autoresearch-work'
import { TimeMs } from './core'

export const Id = Type.String({ pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' })
/** Name of a claim within its data set. */
export const ClaimId = Type.String({ minLength: 1, maxLength: 100 })
export const Count = Type.Integer({ minimum: 0 })
export const closed = { additionalProperties: false }

/** A place of the roster: by hotkey and artifact, never by uid (spec caster §7.4). */
export const Entry = Type.Object({ hotkey: Account, artifactId: Id }, closed)

/** A script that takes part, as it was at the cutoff. */
const Candidate = Type.Object(
  {
    hotkey: Account,
    uid: Uid,
    artifactId: Id,
    contentSha256: Sha256,
    bytes: Count,
    submittedAt: TimeMs,
  },
  closed,
)

const delivery = { batchId: Id, validator: Account }

/** Scripts, data sets and batches of the Caster platform (spec caster.md §2, §5, §6). */
export const casterBatchEvents = {
  ScriptSubmitted: event(1, {
    artifactId: Id,
    hotkey: Account,
    uidAtSubmit: Uid,
    /** The bytes are kept apart from the log: only validators are given them. */
    contentSha256: Sha256,
    bytes: Count,
    requestHash: RequestHash,
    at: TimeMs,
  }),
  ScriptSuperseded: event(1, { hotkey: Account, oldArtifact: Id, newArtifact: Id, at: TimeMs }),
  DatasetBuilt: event(1, {
    datasetId: Id,
    /** Over the canonical JSON of the claims with their references and a salt: nobody can guess a reference from it. */
    claimsSha256: Sha256,
    claimIds: Type.Array(ClaimId),
    factoidWindow: Type.Object({ from: TimeMs, to: TimeMs }, closed),
    referenceModel: Type.String(),
    /** Whom the difficulty was measured by; null: nobody sat, so there is no filter (spec §5). */
    champion: Nullable(Entry),
    championWrong: Count,
    total: Count,
    accepted: Type.Boolean(),
    at: TimeMs,
  }),
  BatchCreated: event(1, {
    batchId: Id,
    entrypoint: Type.String(),
    datasetId: Id,
    claimsSha256: Sha256,
    claimIds: Type.Array(ClaimId),
    cutoffAt: TimeMs,
    /** Without results by then a validator does not count. */
    closesAt: TimeMs,
    /** In batch order: time of submission, uid, artifact (spec §7.2). */
    candidates: Type.Array(Candidate),
    champion: Nullable(Entry),
    championUid: Nullable(Uid),
    at: TimeMs,
  }),
  BatchSent: event(1, { ...delivery, baseUrl: Type.String(), attempt: Count, at: TimeMs }),
  BatchAccepted: event(1, { ...delivery, at: TimeMs }),
  /** All results have come; they are told when the batch is closed, since grades betray the references (invariant 14). */
  BatchCompleted: event(1, { ...delivery, results: Count, resultsSha256: Sha256, at: TimeMs }),
  BatchFailed: event(1, { ...delivery, reason: Type.String(), detail: Type.String(), at: TimeMs }),
  /** No result counts any more, and the references may be known: `claimsSha256` is kept as public content. */
  BatchClosed: event(1, {
    batchId: Id,
    cause: Type.Union([Type.Literal('all_done'), Type.Literal('deadline'), Type.Literal('operator')]),
    claimsSha256: Sha256,
    at: TimeMs,
  }),
}
