import { Type } from '@sinclair/typebox'
import { Account, event, Hash, Height, Nullable, Uid } from '../define'
import { TimeMs } from './core'

const Sha256 = Type.String({ pattern: '^[0-9a-f]{64}$' })
const AgentId = Type.String({ pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' })

/** What the miner put on chain, as our own log has it, and the proof that the log holds it. */
const Commitment = Type.Object(
  {
    text: Type.String({ description: '<gist commit sha>:<sha256 of the content>' }),
    /** Block at which the content became public: the first block of the submission under the reference rule. */
    revealHeight: Height,
    commitHeight: Nullable(Height),
    /** Number of the event in the chain log. */
    seq: Type.Integer({ minimum: 0 }),
    proof: Nullable(
      Type.Object(
        {
          leafHash: Hash,
          /** Events of the chain log that the root covers. */
          size: Type.Integer({ minimum: 1 }),
          root: Hash,
          /** From the leaf's end to the root's (RFC 6962 §2.1.1). */
          hashes: Type.Array(Hash),
        },
        { additionalProperties: false },
      ),
    ),
  },
  { additionalProperties: false },
)

const Gist = Type.Object(
  {
    id: Type.String(),
    account: Type.String(),
    /** As GitHub says, in Python's isoformat. */
    createdAt: Type.String(),
    /** Commit whose content was fetched: 40 hex digits. */
    commitSha: Type.String({ pattern: '^[0-9a-f]{40}$' }),
    /** SHA-256 of the content (UTF-8), which is kept beside the log under it. */
    sha256: Sha256,
    bytes: Type.Integer({ minimum: 0 }),
  },
  { additionalProperties: false },
)

/** Submissions, bans and the operator's switches of the bitrecs platform (spec bitrecs.md §2). */
export const bitrecsSubmissionEvents = {
  /** An artifact was accepted: its hotkey and its gist are used for good. */
  BitrecsAgentSubmitted: event(1, {
    agentId: AgentId,
    /** 32 hex digits, as answered. */
    requestId: Type.String({ pattern: '^[0-9a-f]{32}$' }),
    hotkey: Account,
    uid: Uid,
    name: Type.String(),
    provider: Type.String(),
    model: Type.String(),
    temperature: Type.Number(),
    gist: Gist,
    /** SHA-256 of what artifacts are compared by: provider, model, both prompts, temperature. */
    textSha256: Sha256,
    commitment: Commitment,
    submittedAt: TimeMs,
  }),
  /** Where its text lies among the others: little-endian float32 values in base64, of length 1. */
  BitrecsAgentEmbedded: event(1, {
    agentId: AgentId,
    model: Type.String(),
    dimensions: Type.Integer({ minimum: 1 }),
    vector: Type.String(),
  }),
  /** A preflight found nothing wrong; nothing is taken by it. */
  BitrecsSubmissionChecked: event(1, {
    hotkey: Account,
    gistId: Type.String(),
    sha256: Sha256,
    at: TimeMs,
  }),
  /** A transport signature was good: neither it nor its nonce counts again. */
  BitrecsNonceUsed: event(1, {
    hotkey: Account,
    nonce: Type.String(),
    /** Time that the client signed (s since the Unix epoch). */
    timestampS: Type.Integer({ minimum: 0 }),
    at: TimeMs,
  }),
  /** A hotkey is out of the queues and the scores. */
  BitrecsHotkeyBanned: event(1, { hotkey: Account, reason: Type.String(), at: TimeMs }),
  BitrecsHotkeyUnbanned: event(1, { hotkey: Account, reason: Type.String(), at: TimeMs }),
  /** One artifact is out of the queues and the scores. */
  BitrecsAgentUnapproved: event(1, { agentId: AgentId, reason: Type.String(), at: TimeMs }),
  /** The operator opens or closes the platform to submissions. */
  BitrecsSubmissionsSwitched: event(1, { enabled: Type.Boolean(), reason: Type.String(), at: TimeMs }),
}
