import { maxUpscale } from '../../../chain/decode/upscale'
import { type DispatchContext, DispatchFailure, ensureSigned } from '../dispatch'
import { ensure, fail } from './failures'
import { STORAGE_INDEX_STEP, setByUid, sizeOf, uidOf } from './neurons'
import { subnetUnknown } from './registration'
import { hasPermit, stakeOf, threshold } from './staking'

const S = (item: string) => `SubtensorModule.${item}`
const U16_MAX = 65_535

export interface Vector {
  readonly uids: readonly number[]
  readonly values: readonly number[]
  readonly versionKey: bigint
}

/**
 * Checks that hold for every way to set weights, in the order of `do_set_weights` in `subnets/weights.rs`, so that the
 * first thing wrong is the error that the chain names. Returns the setter's uid.
 * @param checkRateLimit called with the uid where the real check of the rate limit stands
 */
export function checkVector(
  context: Pick<DispatchContext, 'storage' | 'specVersion'>,
  netuid: number,
  hotkey: string,
  vector: Vector,
  checkRateLimit: (uid: number) => void = () => {},
): number {
  const { storage } = context
  const { uids, values, versionKey } = vector
  const size = sizeOf(storage, netuid)
  ensure(uids.length === values.length, 'WeightVecNotEqualSize')
  ensure(uids.length <= size, 'UidsLengthExceedUidsInSubNet')
  const uid = uidOf(storage, netuid, hotkey)
  if (uid === undefined) return fail('HotKeyNotRegisteredInSubNet')
  ensure(stakeOf(storage, netuid, hotkey) >= threshold(storage), 'NotEnoughStakeToSetWeights')
  ensure(versionKey >= storage.get<bigint>(S('WeightsVersionKey'), netuid), 'IncorrectWeightVersionKey')
  checkRateLimit(uid)
  const isSelf = uids.length === 1 && uids[0] === uid
  ensure(isSelf || hasPermit(storage, netuid, uid), 'NeuronNoValidatorPermit')
  ensure(new Set(uids).size === uids.length, 'DuplicateUids')
  ensure(
    uids.every((u) => u < size),
    'UidVecContainInvalidOne',
  )
  const least = Math.min(size, storage.get<number>(S('MinAllowedWeights'), netuid))
  ensure(isSelf || uids.length >= least, 'WeightVecLengthIsLow')
  ensure(isSelf || withinLimit(storage, netuid, values), 'MaxWeightExceeded')
  return uid
}

/** No value may be a larger part of all than the subnet allows; at the greatest u16 everything is allowed. */
function withinLimit(
  storage: DispatchContext['storage'],
  netuid: number,
  values: readonly number[],
): boolean {
  if (!storage.knows(S('MaxWeightsLimit'))) return true
  const limit = storage.get<number>(S('MaxWeightsLimit'), netuid)
  if (limit === U16_MAX) return true
  const upscaled = maxUpscale(values)
  const sum = upscaled.reduce((a, b) => a + b, 0)
  return sum === 0 || Math.max(...upscaled) / sum <= limit / U16_MAX
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
  const uid = checkVector(context, netuid, hotkey, vector, (uid) =>
    checkRate(context, netuid, index, uid, 'SettingWeightsTooFast'),
  )
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
  // The registration wrote the first LastUpdate, so that a first vector has to wait too; not so the owner of block 0.
  ensure(last === 0n || BigInt(height) - last >= limit, error)
}
