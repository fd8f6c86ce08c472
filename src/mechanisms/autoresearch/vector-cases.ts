import { type TSchema, Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import type { Json } from '../canonical-json'
import { dryRunClaim } from '../claims/cumulative'
import { fromHex, toHex } from '../claims/hex'
import { HASH_BYTES } from '../claims/keccak'
import { foldProof } from '../claims/tree'
import { sha256Hex } from '../sha256-hex'
import { compareResults } from './best-result'
import { actOnClaim, openClaim } from './claim-lifecycle'
import { MAX_COMPETITION_WEIGHT, splitBudget } from './competition-split'
import { metricFromOutput, metricFromResult, validatorRejection } from './metric-extraction'
import { checkSurface } from './patch-surface'
import { addPeer, NO_PEERS, type PeerEvaluation, type PeerTally } from './peer-consensus'
import { SN94_POLICY } from './policy'
import { mayUpdate, resolveWeights } from './resolve-weights'
import { canonicalBody, signingMessage } from './signing'
import type { SnapshotPolicy } from './weight-policy'

// biome-ignore lint/suspicious/noExplicitAny: cases are data of many shapes, checked by the rule's schema before use
export type Case = Record<string, any>

export interface CaseRule {
  readonly name: string
  /** Whether a case is for this rule, by its fields. */
  readonly tells: (entry: Case) => boolean
  readonly fault: (entry: Case) => string | undefined
  readonly decide: (entry: Case) => Case
}

/** Fields of a vector that its cases rely on. */
export const CONTEXT_FIELDS = [
  'topic',
  'root',
  'created_at',
  'metric_name',
  'allowed_patch_paths',
  'max_patch_bytes',
] as const

const open = { additionalProperties: true }
/** Without it a record checks only the keys that its pattern matches. */
const closed = { additionalProperties: false }
const NonNegative = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })
const Decimal = Type.String({ pattern: '^-?\\d{1,78}$' })

/** A rule told by having all of some fields, its input described by a schema. */
function rule(
  name: string,
  fields: readonly string[],
  schema: TSchema,
  decide: CaseRule['decide'],
): CaseRule {
  return {
    name,
    tells: (entry) => fields.every((field) => field in entry),
    fault(entry) {
      if (Value.Check(schema, entry)) return undefined
      const [fault] = Value.Errors(schema, entry)
      return `${fault?.path || '/'}: ${fault?.message ?? 'unreadable'}`
    },
    decide,
  }
}

const signing = rule(
  'signing message',
  ['method', 'path', 'timestamp'],
  Type.Object(
    {
      method: Type.String(),
      path: Type.String(),
      query: Type.Optional(Type.String()),
      timestamp: NonNegative,
    },
    open,
  ),
  (entry) => {
    const body = canonicalBody(entry.body_json as Json)
    const { method, path, query = '', timestamp } = entry
    const message = signingMessage({ method, path, query, timestamp, body })
    return { canonical_body: body, body_sha256: sha256Hex(body), message, message_sha256: sha256Hex(message) }
  },
)

const proof = rule(
  'Merkle proof',
  ['leaf', 'proof'],
  Type.Object(
    { leaf: Type.String(), proof: Type.Array(Type.String()), root: Type.Optional(Type.String()) },
    open,
  ),
  (entry) => {
    const siblings = entry.proof.map((node: string) => fromHex(node, HASH_BYTES, 'proof'))
    const root = toHex(foldProof(fromHex(entry.leaf, HASH_BYTES, 'leaf'), siblings))
    return { verifies: root === entry.root.toLowerCase() }
  },
)

const Target = Type.Object(
  { uid: Type.Optional(Type.Integer()), hotkey: Type.Optional(Type.String()), weight: Type.Number() },
  open,
)

const weights = rule(
  'weight policy',
  ['mode'],
  Type.Object(
    {
      mode: Type.String(),
      snapshot_targets: Type.Optional(Type.Array(Target)),
      metagraph: Type.Optional(Type.Record(Type.String(), Type.Union([Type.String(), NonNegative]), closed)),
    },
    open,
  ),
  (entry) => {
    const { size = DEFAULT_METAGRAPH_SIZE, ...hotkeys } = (entry.metagraph ?? {}) as Case
    const snapshot = {
      mode: entry.mode,
      targets: entry.snapshot_targets ?? [],
      ...(entry.transition_status === undefined ? {} : { transitionStatus: entry.transition_status }),
    } as SnapshotPolicy
    const resolution = resolveWeights(snapshot, { height: 0, size, hotkeys }, SN94_POLICY)
    if (resolution.outcome === 'submit') {
      const { uids, values } = resolution.u16
      return {
        normalised: Object.fromEntries(
          resolution.weights.map(({ uid, share }) => [uid, Number(share.toFixed(12))]),
        ),
        u16: Object.fromEntries(uids.map((uid, index) => [uid, values[index]!])),
        outcome: 'submit',
      }
    }
    if (resolution.outcome === 'skipped_local') return { outcome: 'skipped_local' }
    if (resolution.outcome === 'error')
      return {
        outcome: 'error, no set_weights call; previous on-chain weights stay until they age out',
        reason: resolution.reason,
      }
    return { outcome: `rejected: ${resolution.reason}` }
  },
)

/** Uids of a subnet when a case does not say how many. */
const DEFAULT_METAGRAPH_SIZE = 256

const rateLimit = rule(
  'rate limit',
  ['current_block', 'last_update', 'epoch_length'],
  Type.Object(
    {
      current_block: NonNegative,
      last_update: NonNegative,
      epoch_length: NonNegative,
      weights_rate_limit: NonNegative,
    },
    open,
  ),
  (entry) => {
    const { blocksSince, submit } = mayUpdate(
      entry.current_block,
      entry.last_update,
      entry.epoch_length,
      entry.weights_rate_limit,
    )
    return { blocks_since: blocksSince, submit }
  },
)

const best = rule(
  'best result',
  ['incumbent_ppl', 'candidate_ppl'],
  Type.Object(
    {
      incumbent_ppl: Type.Number(),
      candidate_ppl: Type.Number(),
      incumbent_bytes: Type.Optional(NonNegative),
      candidate_bytes: Type.Optional(NonNegative),
    },
    open,
  ),
  (entry) => {
    const result = (side: 'incumbent' | 'candidate') => ({
      submissionId: side,
      hotkey: side,
      metric: entry[`${side}_ppl`],
      ...(entry[`${side}_bytes`] === undefined ? {} : { artifact_bytes: entry[`${side}_bytes`] }),
    })
    const { wins, cause, delta } = compareResults(
      result('incumbent'),
      result('candidate'),
      'minimize',
      SN94_POLICY.comparator,
    )
    const why = cause === 'quality' ? 'quality' : 'smaller artifact inside band'
    return { delta_nats: Number(delta!.toFixed(9)), decision: wins ? `new best (${why})` : 'keep incumbent' }
  },
)

const peers = rule(
  'peer consensus',
  ['min', 'sequence'],
  Type.Object(
    {
      min: Type.Integer({ minimum: 1 }),
      sequence: Type.Array(
        Type.Object({ e: Type.String(), s: Type.String(), m: Type.Optional(Type.Number()) }, open),
      ),
    },
    open,
  ),
  (entry) => {
    let tally: PeerTally = NO_PEERS
    const sequence = entry.sequence.map((step: Case) => {
      const evaluation = {
        evaluator: step.e,
        status: step.s,
        ...(step.m === undefined ? {} : { metric: step.m }),
      } as PeerEvaluation
      const next = addPeer(tally, evaluation, '', entry.min)
      const own = { e: step.e, s: step.s, ...(step.m === undefined ? {} : { m: step.m }) }
      if (next === 'already_final') return { ...own, effect: 'ignored, already final' }
      if (typeof next === 'string') return { ...own, effect: `refused, ${next}` }
      tally = next
      return { ...own, accepted: tally.accepted, rejected: tally.rejected, final: tally.final }
    })
    return { sequence, result: tally.final ?? { status: 'pending_verification' } }
  },
)

const cumulative: CaseRule = {
  ...rule(
    'cumulative claims',
    ['sequence'],
    Type.Object(
      {
        sequence: Type.Array(
          Type.Object(
            { epoch: NonNegative, hotkey: Type.String(), amount: Decimal, min_transfer: Decimal },
            open,
          ),
        ),
      },
      open,
    ),
    (entry) => {
      const claimed = new Map<string, bigint>()
      const sequence = entry.sequence.map((step: Case) => {
        const { epoch, hotkey, amount, min_transfer } = step
        const claim = { hotkey, epoch, amount: BigInt(amount), minTransfer: BigInt(min_transfer) }
        const run = dryRunClaim(claim, claimed.get(hotkey) ?? 0n)
        claimed.set(hotkey, run.claimedAfter)
        return {
          epoch,
          hotkey,
          amount,
          min_transfer,
          delta: String(run.delta),
          result: RESULT_TEXT[run.verdict](run.delta),
          claimed_after: String(run.claimedAfter),
        }
      })
      return { sequence }
    },
  ),
  tells: (entry) => 'sequence' in entry && !('min' in entry),
}

const RESULT_TEXT = {
  paid: (delta: bigint) => `paid ${delta}`,
  nothing_new: () => 'revert or no-op (nothing new)',
  below_minimum: () => 'revert ContractReverted (below live minimum)',
}

const patch = rule(
  'patch surface',
  ['paths', 'bytes'],
  Type.Object(
    {
      paths: Type.Array(Type.String()),
      bytes: NonNegative,
      allowed_patch_paths: Type.Optional(Type.Array(Type.String())),
      max_patch_bytes: Type.Optional(NonNegative),
    },
    open,
  ),
  (entry) => {
    const allowed = entry.allowed_patch_paths ?? fromTopic(entry, /allowed_patch_paths=(\[[^\]]*\])/) ?? ['*']
    const limit =
      entry.max_patch_bytes ?? fromTopic(entry, /max_patch_bytes=(\d+)/) ?? DEFAULT_MAX_PATCH_BYTES
    const { rejection } = checkSurface({ bytes: entry.bytes, paths: entry.paths }, allowed, limit)
    return { result: rejection ? `rejected ${rejection}` : 'pass' }
  },
)

const DEFAULT_MAX_PATCH_BYTES = 262_144

/** Anything but text counts as no text; turning an object into text could run its own code. */
function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function timeOf(value: unknown): number {
  return Date.parse(textOf(value))
}

/** The vectors state some parameters inside their topic line. */
function fromTopic(entry: Case, pattern: RegExp): Case[string] {
  const found = pattern.exec(textOf(entry.topic))
  return found ? JSON.parse(found[1]!) : undefined
}

const metric: CaseRule = {
  ...rule('metric extraction', [], Type.Object({}, open), (entry) => {
    const output = textOf(entry.stdout)
    const name = metricNameOf(entry)!
    if (validatorRejection(output) !== null) return { value: null, outcome: 'rejected, not error' }
    const value =
      entry.result_json === undefined
        ? metricFromOutput(output, name)
        : metricFromResult(entry.result_json, name)
    return value === null ? { value, outcome: 'error: metric missing' } : { value }
  }),
  tells: (entry) => 'result_json' in entry || 'stdout' in entry,
  fault: (entry) =>
    metricNameOf(entry) === undefined ? '/metric_name: the name of the metric is missing' : undefined,
}

function metricNameOf({ metric_name, topic }: Case): string | undefined {
  return typeof metric_name === 'string' ? metric_name : /metric_name (\S+)/.exec(textOf(topic))?.[1]
}

const lifecycle: CaseRule = {
  ...rule(
    'claim lifecycle',
    ['at', 'action'],
    Type.Object({ at: Type.String(), action: Type.String() }, open),
    (entry) => {
      const at = timeOf(entry.at)
      const claim = openClaim('owner', timeOf(entry.created_at), SN94_POLICY.claimMinutes)
      const hotkey = /another hotkey/.test(entry.action) ? 'stranger' : 'owner'
      const before = /after cancel/.test(entry.action) ? actOnClaim(claim, 'cancel', 'owner', at) : claim
      const step =
        typeof before === 'string'
          ? before
          : actOnClaim(before, /^cancel/.test(entry.action) ? 'cancel' : 'submit', hotkey, at)
      if (typeof step === 'string') return { result: `refused, ${step}` }
      return {
        result: step.status === 'submitted' ? 'submitted; submission pending_verification' : step.status,
      }
    },
  ),
  fault: (entry) =>
    typeof entry.action !== 'string' ||
    Number.isNaN(timeOf(entry.at)) ||
    Number.isNaN(timeOf(entry.created_at))
      ? '/action must be text, /at and /created_at times'
      : undefined,
}

const split = rule(
  'competition split',
  ['budget', 'competitions'],
  Type.Object(
    {
      budget: Type.Union([Decimal, NonNegative]),
      competitions: Type.Array(
        Type.Object(
          { slug: Type.String(), weight: Type.Number({ minimum: 0, maximum: MAX_COMPETITION_WEIGHT }) },
          open,
        ),
      ),
    },
    open,
  ),
  (entry) => {
    const { amounts, dust } = splitBudget(BigInt(entry.budget), entry.competitions)
    return {
      amounts: Object.fromEntries([...amounts].map(([slug, amount]) => [slug, String(amount)])),
      dust: String(dust),
    }
  },
)

/** Asked in this order: the more specific fields come first. */
export const CASE_RULES: readonly CaseRule[] = [
  signing,
  proof,
  rateLimit,
  best,
  peers,
  cumulative,
  patch,
  lifecycle,
  split,
  metric,
  weights,
]
