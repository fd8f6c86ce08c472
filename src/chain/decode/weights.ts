import {
  crv3WeightsRevealed,
  revealMechanismWeights,
  revealWeights,
  timelockedWeightsRevealed,
} from '../../../abi/weight-commits'
import {
  setMechanismWeights,
  setRootWeights,
  setTaoWeights,
  setWeights,
  weights,
  weightsSet,
} from '../../../abi/weights'
import type { PayloadOf } from '../../log/catalogue'
import type { Subnet } from '../state/subnet'
import { batchItem } from './batched-weights'
import type { BlockEvent } from './block'
import { type BlockContext, callArgs, eventArgs, positionOf } from './context'
import type { Handler } from './handler'
import { mechanismOf, netuidOf } from './storage-index'
import { type Reading, readOne } from './storage-read'
import { subnetOf } from './subnet-of'
import { maxUpscale } from './upscale'

type Source = PayloadOf<'WeightsSet'>['source']

/** A vector as submitted. */
export interface Submitted {
  readonly netuid: number
  readonly mechanism: number
  readonly uids: readonly number[]
  readonly values: readonly number[]
  readonly versionKey: bigint
  readonly source: Source
  /** Root weights name subnets, not neurons, and a hotkey other than the signer. */
  readonly root?: { readonly hotkey: string }
}

/** The vector in the call that emitted the event, if that is a call whose arguments hold it. */
function submittedIn(ctx: BlockContext, event: BlockEvent): Submitted | undefined {
  const { runtime } = ctx
  const { call } = event
  const direct = callArgs(runtime, setWeights, call)
  if (direct) return vectorOf(direct.netuid, 0, direct.dests, direct.weights, direct.versionKey, 'set')
  const mechanism = callArgs(runtime, setMechanismWeights, call)
  if (mechanism) {
    const { netuid, mecid, dests, weights: values, versionKey } = mechanism
    return vectorOf(netuid, mecid, dests, values, versionKey, 'set')
  }
  const revealed = callArgs(runtime, revealWeights, call)
  if (revealed) {
    return vectorOf(revealed.netuid, 0, revealed.uids, revealed.values, revealed.versionKey, 'reveal')
  }
  const ofMechanism = callArgs(runtime, revealMechanismWeights, call)
  if (ofMechanism) {
    const { netuid, mecid, uids, values, versionKey } = ofMechanism
    return vectorOf(netuid, mecid, uids, values, versionKey, 'reveal')
  }
  const root = callArgs(runtime, setRootWeights, call) ?? callArgs(runtime, setTaoWeights, call)
  if (root) {
    const vector = vectorOf(root.netuid, 0, root.dests, root.weights, root.versionKey, 'set')
    return { ...vector, root: { hotkey: root.hotkey } }
  }
  return batchItem(ctx, event)
}

function vectorOf(
  netuid: number,
  mechanism: number,
  uids: readonly number[],
  values: readonly number[],
  versionKey: bigint,
  source: Source,
): Submitted {
  return { netuid, mechanism, uids, values, versionKey, source }
}

/** The event after a reveal's WeightsSet says which kind it was and whose. */
function revealAfter(ctx: BlockContext, event: BlockEvent, index: number) {
  const next = ctx.block.events.find((e) => e.index === event.index + 1)
  if (next?.name === timelockedWeightsRevealed.id) {
    const args = eventArgs(ctx.runtime, timelockedWeightsRevealed, next)
    if (args?.[0] === index) return { source: 'timelocked' as const, hotkey: args[1] }
  }
  if (next?.name === crv3WeightsRevealed.id) {
    const args = eventArgs(ctx.runtime, crv3WeightsRevealed, next)
    if (args?.[0] === netuidOf(index)) return { source: 'crv3' as const, hotkey: args[1] }
  }
  return undefined
}

type Vector = Pick<PayloadOf<'WeightsSet'>, 'values' | 'versionKey' | 'uids' | 'raw' | 'u16'>

function* vector(index: number, uid: number, submitted: Submitted | undefined): Reading<Vector> {
  if (submitted) {
    return {
      values: 'call',
      versionKey: `${submitted.versionKey}`,
      uids: [...submitted.uids],
      raw: [...submitted.values],
      u16: maxUpscale(submitted.values),
    }
  }
  const stored = yield* readOne(weights, [index, uid])
  return {
    values: stored ? 'storage' : 'unavailable',
    versionKey: null,
    uids: stored ? stored.map(([to]) => to) : [],
    raw: null,
    u16: stored ? stored.map(([, value]) => value) : [],
  }
}

const set: Handler = function* (ctx, event) {
  const args = eventArgs(ctx.runtime, weightsSet, event)
  if (!args) return 'unknown shape'
  const [index, uid] = args
  const netuid = netuidOf(index)
  if (!ctx.watches(netuid)) return
  const subnet = yield* subnetOf(ctx, netuid)
  const found = submittedIn(ctx, event)
  const submitted = found?.netuid === netuid && found.mechanism === mechanismOf(index) ? found : undefined
  const reveal = event.call ? undefined : revealAfter(ctx, event, index)
  const hotkey = hotkeyOf(subnet, uid, submitted, event, reveal?.hotkey)
  const values = yield* vector(index, uid, submitted)
  ctx.emit(
    subnet,
    'WeightsSet',
    {
      mechanism: mechanismOf(index),
      uid,
      hotkey,
      source: submitted?.source ?? reveal?.source ?? 'unknown',
      ...values,
      // On netuid 0 the vector's "uids" were netuids.
      hotkeys: values.uids.map((to) => (netuid === 0 ? null : (subnet.holders[to]?.hotkey ?? null))),
    },
    positionOf(event, hotkey ?? undefined),
  )
}

/** Whoever the call ran as, else the reveal's event, else the holder of the uid. */
function hotkeyOf(
  subnet: Subnet,
  uid: number,
  submitted: Submitted | undefined,
  event: BlockEvent,
  revealer: string | undefined,
): string | null {
  if (submitted?.root) return submitted.root.hotkey
  const signer = submitted ? event.call?.signer : undefined
  return signer ?? revealer ?? subnet.holders[uid]?.hotkey ?? null
}

export const weightHandlers: Record<string, Handler> = { [weightsSet.id]: set }
