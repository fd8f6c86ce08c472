import { between, callsOf, eventsOf, identity, since, storageOf } from './item'
import { accountId, compact, runtimeType, sequence, struct, tuple, u8, u16, u64, unit } from './shape'

const event = eventsOf('pallets/subtensor/src/macros/events.rs')
const call = callsOf('pallets/subtensor/src/macros/dispatches.rs')
const storage = storageOf('pallets/subtensor/src/lib.rs')
const pallet = 'SubtensorModule'

/** (storage index, uid): netuid = index mod 4096, mechanism = index div 4096 (since 320). No values. */
export const weightsSet = event(pallet, 'WeightsSet', { 165: 4, 224: 5 }, since(165, tuple(u16, u16)))

/** (netuids *asked for*, who): says nothing about success. */
export const batchWeightsCompleted = event(
  pallet,
  'BatchWeightsCompleted',
  { 216: 82, 381: 86, 424: 88 },
  since(216, tuple(sequence(compact(u16)), accountId)),
)

export const batchCompletedWithErrors = event(
  pallet,
  'BatchCompletedWithErrors',
  { 216: 83, 381: 87, 424: 89 },
  since(216, unit),
)

export const batchWeightItemFailed = event(
  pallet,
  'BatchWeightItemFailed',
  { 216: 84, 381: 88, 424: 90 },
  between(216, 410, runtimeType('DispatchError')),
  since(411, tuple(u16, runtimeType('DispatchError'))),
)

const vector = { netuid: u16, dests: sequence(u16), weights: sequence(u16), versionKey: u64 }

export const setWeights = call(pallet, 'set_weights', 0, since(165, struct(vector)))

export const setMechanismWeights = call(
  pallet,
  'set_mechanism_weights',
  119,
  since(
    320,
    struct({ netuid: u16, mecid: u8, dests: sequence(u16), weights: sequence(u16), versionKey: u64 }),
  ),
)

export const batchSetWeights = call(
  pallet,
  'batch_set_weights',
  80,
  since(
    216,
    struct({
      netuids: sequence(compact(u16)),
      weights: sequence(sequence(tuple(compact(u16), compact(u16)))),
      versionKeys: sequence(compact(u64)),
    }),
  ),
)

const rootVector = struct({
  netuid: u16,
  hotkey: accountId,
  dests: sequence(u16),
  weights: sequence(u16),
  versionKey: u64,
})

/** Weights of the root network (netuid 0) among subnets; `set_tao_weights` took its index, then both went. */
export const setRootWeights = call(pallet, 'set_root_weights', 8, between(165, 223, rootVector))
export const setTaoWeights = call(pallet, 'set_tao_weights', 8, between(224, 345, rootVector), {
  from: 218,
  until: 218,
  branch: 'devnet-ready',
  shape: rootVector,
})

/** (storage index, uid) → (uid, max-upscaled u16) */
export const weights = storage(
  pallet,
  'Weights',
  'Default',
  [identity(u16), identity(u16)],
  [since(165, sequence(tuple(u16, u16)))],
)

/** By uid: block of the last set, or of the last commit where commit–reveal is on. */
export const lastUpdate = storage(
  pallet,
  'LastUpdate',
  'Default',
  [identity(u16)],
  [since(165, sequence(u64))],
)
