import { maxUpscale } from '../../../chain/decode/upscale'
import { type DispatchContext, DispatchFailure, ensureSigned } from '../dispatch'
import { ensure, fail } from './failures'
import { STORAGE_INDEX_STEP, setByUid, sizeOf, uidOf } from './neurons'
import { subnetUnknown } from './registration'

const S = (item: string) => `SubtensorModule.${item}`

export interface Vector {
  readonly uids: readonly number[]
  readonly values: readonly number[]
  readonly versionKey: bigint
}

/** Checks that hold for every way to set weights; stake and validator permits are not modelled: every neuron may. */
export function checkVector(
  context: DispatchContext | { storage: DispatchContext['storage']; specVersion: number },
  netuid: number,
  hotkey: string,
  vector: Vector,
): number {
  const { storage } = context
  const { uids, values, versionKey } = vector
  const size = sizeOf(storage, netuid)
  ensure(uids.length === values.length, 'WeightVecNotEqualSize')
  ensure(uids.length <= size, 'UidsLengthExceedUidsInSubNet')
  const uid = uidOf(storage, netuid, hotkey)
  if (uid === undefined) return fail('HotKeyNotRegisteredInSubNet')
  ensure(versionKey >= storage.get<bigint>(S('WeightsVersionKey'), netuid), 'IncorrectWeightVersionKey')
  ensure(new Set(uids).size === uids.length, 'DuplicateUids')
  ensure(
    uids.every((u) => u < size),
    'UidVecContainInvalidOne',
  )
  const isSelf = uids.length === 1 && uids[0] === uid
  const least = Math.min(size, storage.get<number>(S('MinAllowedWeights'), netuid))
  ensure(isSelf || uids.length >= least, 'WeightVecLengthIsLow')
  return uid
}

/** Stores a checked vector; the event names the storage index and the uid, not the values. */
export function storeVector(
  context: { storage: DispatchContext['storage']; deposit: DispatchContext['deposit'] },
  index: number,
  uid: number,
  { uids, values }: Vector,
): void {
  const upscaled = maxUpscale(values)
  context.storage.put(
    S('Weights'),
    [index, uid],
    uids.map((to, i) => [to, upscaled[i]!]),
  )
  context.deposit(S('WeightsSet'), [index, uid])
}

export function setWeights(
  context: DispatchContext,
  netuid: number,
  mechanism: number,
  vector: Vector,
): void {
  const hotkey = ensureSigned(context)
  const { storage, height } = context
  ensure(netuid !== 0, 'CanNotSetRootNetworkWeights')
  ensure(storage.get(S('NetworksAdded'), netuid) === true, subnetUnknown(context))
  ensure(!commitRevealOn(context, netuid), 'CommitRevealEnabled')
  const index = indexOf(context, netuid, mechanism)
  const uid = checkVector(context, netuid, hotkey, vector)
  checkRate(context, netuid, index, uid, 'SettingWeightsTooFast')
  setByUid(storage, 'LastUpdate', index, uid, BigInt(height))
  storeVector(context, index, uid, vector)
}

interface BatchArgs {
  readonly netuids: readonly number[]
  readonly weights: readonly (readonly [uid: number, value: number])[][]
  readonly versionKeys: readonly bigint[]
}

/** Items fail one by one; the batch itself succeeds and names what was *asked* for. */
export function batchSetWeights(
  context: DispatchContext,
  { netuids, weights, versionKeys }: BatchArgs,
): void {
  const who = ensureSigned(context)
  ensure(netuids.length === weights.length && netuids.length === versionKeys.length, 'InputLengthsUnequal')
  eachItem(context, netuids, (netuid, i) =>
    setWeights(context, netuid, 0, {
      uids: weights[i]!.map(([uid]) => uid),
      values: weights[i]!.map(([, value]) => value),
      versionKey: versionKeys[i]!,
    }),
  )
  context.deposit(S('BatchWeightsCompleted'), [netuids, who])
}

const NAMED_FAILURES_SPEC = 411

export function eachItem(
  context: DispatchContext,
  netuids: readonly number[],
  run: (netuid: number, index: number) => void,
): void {
  let failed = false
  for (const [i, netuid] of netuids.entries()) {
    try {
      context.storage.transaction(() => run(netuid, i))
    } catch (failure) {
      if (!(failure instanceof DispatchFailure)) throw failure
      failed = true
      const error = context.errorValue(failure)
      const args = context.specVersion >= NAMED_FAILURES_SPEC ? [netuid, error] : error
      context.deposit(S('BatchWeightItemFailed'), args)
    }
  }
  if (failed) context.deposit(S('BatchCompletedWithErrors'))
}

export function commitRevealOn(
  { storage }: { storage: DispatchContext['storage'] },
  netuid: number,
): boolean {
  return (
    storage.knows(S('CommitRevealWeightsEnabled')) &&
    storage.get(S('CommitRevealWeightsEnabled'), netuid) === true
  )
}

export function indexOf({ storage }: DispatchContext, netuid: number, mechanism: number): number {
  if (mechanism === 0) return netuid
  const count = storage.knows(S('MechanismCountCurrent'))
    ? storage.get<number>(S('MechanismCountCurrent'), netuid)
    : 1
  ensure(mechanism < count, 'MechanismDoesNotExist')
  return mechanism * STORAGE_INDEX_STEP + netuid
}

export function checkRate(
  context: DispatchContext,
  netuid: number,
  index: number,
  uid: number,
  error: string,
): void {
  const { storage, height } = context
  const last = storage.get<bigint[]>(S('LastUpdate'), index)?.[uid] ?? 0n
  const limit = storage.get<bigint>(S('WeightsSetRateLimit'), netuid)
  const registeredAt = storage.get<bigint>(S('BlockAtRegistration'), netuid, uid)
  // The registration wrote the first LastUpdate; a first vector need not wait for it.
  ensure(last === registeredAt || BigInt(height) - last >= limit, error)
}
