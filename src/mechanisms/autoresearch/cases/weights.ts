import { Type } from '@sinclair/typebox'
import { type Case, closed, NonNegative, open, rule, Text } from '../../case-rule'
import { SN94_POLICY } from '../policy'
import { mayUpdate, resolveWeights } from '../resolve-weights'
import type { SnapshotPolicy } from '../weight-policy'

/** Uids of a subnet when a case does not say how many. */
const DEFAULT_METAGRAPH_SIZE = 256

const Target = Type.Object(
  { uid: Type.Optional(Type.Integer()), hotkey: Type.Optional(Text), weight: Type.Number() },
  open,
)

/** A reward snapshot as the vector that goes on chain (spec autoresearch §9.1, §9.2). */
export const weights = rule(
  'weight policy',
  ['mode'],
  Type.Object(
    {
      mode: Text,
      snapshot_targets: Type.Optional(Type.Array(Target)),
      metagraph: Type.Optional(Type.Record(Text, Type.Union([Text, NonNegative]), closed)),
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

/** Whether a vector may be submitted yet; all in blocks (spec autoresearch §9.2). */
export const rateLimit = rule(
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
