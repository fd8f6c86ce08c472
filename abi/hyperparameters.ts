import {
  blake,
  callsOf,
  eventsOf,
  type Hasher,
  type Indices,
  identity,
  type StorageItem,
  since,
  storageOf,
  twox,
  type VariantItem,
  type Version,
} from './item'
import { accountId, bool, i16, type Shape, struct, tuple, u8, u16, u32, u64 } from './shape'

const event = eventsOf('pallets/subtensor/src/macros/events.rs')
const call = callsOf('pallets/admin-utils/src/lib.rs')
const storage = storageOf('pallets/subtensor/src/lib.rs')

/**
 * A hyperparameter of one subnet, under the name of the storage item that holds it. Some changes have an event,
 * some are visible only as a successful AdminUtils call, some became events later.
 */
export interface Parameter<T = unknown> {
  readonly name: string
  readonly storage: StorageItem<readonly number[], T>
  /** (netuid, value), or named fields where `eventField` says so. */
  readonly event?: VariantItem
  readonly eventField?: string
  readonly call?: VariantItem
  /** Arguments of the call after netuid that make the value, in order. */
  readonly callArgs: readonly string[]
  /** Moves from block to block without events, so that a value read once would mislead. */
  readonly volatile: boolean
}

interface Definition {
  /** First (and last) spec known to have it. */
  readonly from: number
  readonly until?: number
  readonly hasher?: (shape: typeof u16) => { readonly hasher: Hasher; readonly shape: Shape<number> }
  readonly optional?: true
  readonly fallback?: string | Readonly<Record<number, string>>
  readonly volatile?: true
  readonly event?: {
    readonly name: string
    readonly index: number | Indices
    readonly from?: number
    readonly field?: string
  }
  readonly call?: {
    readonly name: string
    readonly index: number | Indices
    readonly from?: number
    readonly until?: number
    readonly args: readonly string[]
  }
}

const pallet = 'SubtensorModule'

function ranged<T>(from: number, until: number | undefined, shape: Shape<T>): Version<T> {
  return until === undefined ? since(from, shape) : { from, until, shape }
}

function parameter<T>(name: string, shape: Shape<T>, d: Definition): Parameter<T> {
  const key = (d.hasher ?? identity)(u16)
  const eventShape = d.event?.field
    ? struct({ netuid: u16, [d.event.field]: shape })
    : (tuple(u16, shape) as Shape)
  return {
    name,
    storage: storage(
      pallet,
      name,
      d.optional ? 'Optional' : 'Default',
      [key],
      [ranged(d.from, d.until, shape)],
      d.fallback,
    ) as Parameter<T>['storage'],
    ...(d.event && {
      event: event(
        pallet,
        d.event.name,
        firstAt(d.event.index, d.event.from ?? d.from),
        ranged(d.event.from ?? d.from, d.until, eventShape as Shape),
      ),
    }),
    ...(d.event?.field && { eventField: d.event.field }),
    ...(d.call && {
      call: call(
        'AdminUtils',
        d.call.name,
        firstAt(d.call.index, d.call.from ?? d.from),
        ranged(d.call.from ?? d.from, d.call.until ?? d.until, callShape(d.call.args, shape)),
      ),
    }),
    callArgs: d.call?.args ?? [],
    volatile: d.volatile ?? false,
  }
}

const firstAt = (index: number | Indices, from: number): Indices =>
  typeof index === 'number' ? { [from]: index } : index

/** Two arguments are the two halves of a pair (AlphaValues). */
function callShape(args: readonly string[], shape: Shape): Shape {
  const fields = args.map((name) => [name, args.length === 1 ? shape : u16] as const)
  return struct({ netuid: u16, ...Object.fromEntries(fields) })
}

export const parameters: readonly Parameter[] = [
  parameter('Tempo', u16, {
    from: 165,
    fallback: { 165: '0x6300', 224: '0x0a00', 346: '0x6801' },
    event: { name: 'TempoSet', index: { 165: 41, 218: 45, 224: 47, 346: 50, 424: 52 } },
    call: { name: 'sudo_set_tempo', index: 30, args: ['tempo'] },
  }),
  parameter('ImmunityPeriod', u16, {
    from: 165,
    fallback: '0x0010',
    event: { name: 'ImmunityPeriodSet', index: { 165: 21, 224: 22, 346: 23 } },
    call: { name: 'sudo_set_immunity_period', index: 13, args: ['immunityPeriod'] },
  }),
  parameter('MaxAllowedUids', u16, {
    from: 165,
    fallback: { 165: '0x0010', 381: '0x0001' },
    event: { name: 'MaxAllowedUidsSet', index: { 165: 8, 224: 9 } },
    call: { name: 'sudo_set_max_allowed_uids', index: 15, args: ['maxAllowedUids'] },
  }),
  parameter('MinAllowedUids', u16, {
    from: 346,
    fallback: '0x4000',
    event: { name: 'MinAllowedUidsSet', index: { 346: 105, 381: 109, 424: 111 } },
    call: { name: 'sudo_set_min_allowed_uids', index: 79, args: ['minAllowedUids'] },
  }),
  parameter('MaxAllowedValidators', u16, {
    from: 165,
    fallback: '0x8000',
    event: { name: 'MaxAllowedValidatorsSet', index: { 165: 23, 224: 25, 346: 27 } },
    call: { name: 'sudo_set_max_allowed_validators', index: 25, args: ['maxAllowedValidators'] },
  }),
  parameter('MinAllowedWeights', u16, {
    from: 165,
    fallback: '0x0004',
    event: { name: 'MinAllowedWeightSet', index: { 165: 17, 224: 18, 346: 19 } },
    call: { name: 'sudo_set_min_allowed_weights', index: 14, args: ['minAllowedWeights'] },
  }),
  parameter('MaxWeightsLimit', u16, {
    from: 165,
    fallback: { 165: '0xe803', 346: '0xffff' },
    event: { name: 'MaxWeightLimitSet', index: { 165: 9, 224: 10 } },
    call: { name: 'sudo_set_max_weight_limit', index: 12, until: 345, args: ['maxWeightLimit'] },
  }),
  parameter('WeightsSetRateLimit', u64, {
    from: 165,
    fallback: '0x6400000000000000',
    event: { name: 'WeightsSetRateLimitSet', index: { 165: 20, 224: 21, 346: 22 } },
    call: { name: 'sudo_set_weights_set_rate_limit', index: 7, args: ['weightsSetRateLimit'] },
  }),
  parameter('WeightsVersionKey', u64, {
    from: 165,
    event: { name: 'WeightsVersionKeySet', index: { 165: 29, 224: 31, 346: 32 } },
    call: { name: 'sudo_set_weights_version_key', index: 6, args: ['weightsVersionKey'] },
  }),
  parameter('ActivityCutoff', u16, {
    from: 165,
    fallback: '0x8813',
    event: { name: 'ActivityCutoffSet', index: { 165: 14, 224: 15 } },
    call: { name: 'sudo_set_activity_cutoff', index: 18, args: ['activityCutoff'] },
  }),
  parameter('ActivityCutoffFactorMilli', u32, {
    from: 424,
    fallback: '0x41360000',
    event: { name: 'ActivityCutoffFactorMilliSet', index: 130, field: 'factorMilli' },
  }),
  parameter('AdjustmentAlpha', u64, {
    from: 165,
    event: { name: 'AdjustmentAlphaSet', index: { 165: 45, 218: 49, 224: 51, 346: 53, 424: 55 } },
    call: { name: 'sudo_set_adjustment_alpha', index: 9, args: ['adjustmentAlpha'] },
  }),
  parameter('AdjustmentInterval', u16, {
    from: 165,
    fallback: '0x6400',
    event: { name: 'AdjustmentIntervalSet', index: { 165: 11, 224: 12 } },
    call: { name: 'sudo_set_adjustment_interval', index: 8, args: ['adjustmentInterval'] },
  }),
  parameter('TargetRegistrationsPerInterval', u16, {
    from: 165,
    fallback: '0x0200',
    event: { name: 'RegistrationPerIntervalSet', index: { 165: 12, 224: 13 } },
    call: {
      name: 'sudo_set_target_registrations_per_interval',
      index: 21,
      args: ['targetRegistrationsPerInterval'],
    },
  }),
  parameter('MaxRegistrationsPerBlock', u16, {
    from: 165,
    fallback: '0x0100',
    event: { name: 'MaxRegistrationsPerBlockSet', index: { 165: 13, 224: 14 } },
    call: { name: 'sudo_set_max_registrations_per_block', index: 27, args: ['maxRegistrationsPerBlock'] },
  }),
  parameter('NetworkRegistrationAllowed', bool, {
    from: 165,
    fallback: { 165: '0x00', 346: '0x01' },
    event: { name: 'RegistrationAllowed', index: { 165: 39, 218: 43, 224: 45, 346: 48, 424: 50 } },
    call: { name: 'sudo_set_network_registration_allowed', index: 19, args: ['registrationAllowed'] },
  }),
  parameter('NetworkPowRegistrationAllowed', bool, {
    from: 165,
    fallback: { 165: '0x00', 346: '0x01' },
    event: { name: 'PowRegistrationAllowed', index: { 165: 40, 218: 44, 224: 46, 346: 49, 424: 51 } },
    call: { name: 'sudo_set_network_pow_registration_allowed', index: 20, args: ['registrationAllowed'] },
  }),
  parameter('Difficulty', u64, {
    from: 165,
    fallback: '0x8096980000000000',
    event: { name: 'DifficultySet', index: { 165: 10, 224: 11 } },
    call: { name: 'sudo_set_difficulty', index: 24, args: ['difficulty'] },
  }),
  parameter('MinDifficulty', u64, {
    from: 165,
    fallback: '0x8096980000000000',
    event: { name: 'MinDifficultySet', index: { 165: 30, 224: 32, 346: 33 } },
    call: { name: 'sudo_set_min_difficulty', index: 4, args: ['minDifficulty'] },
  }),
  parameter('MaxDifficulty', u64, {
    from: 165,
    fallback: '0xffffffffffffff3f',
    event: { name: 'MaxDifficultySet', index: { 165: 31, 224: 33, 346: 34 } },
    call: { name: 'sudo_set_max_difficulty', index: 5, args: ['maxDifficulty'] },
  }),
  parameter('Burn', u64, {
    volatile: true,
    from: 165,
    fallback: { 165: '0x00ca9a3b00000000', 346: '0x00e1f50500000000' },
    event: { name: 'BurnSet', index: { 165: 33, 224: 35, 346: 36 } },
  }),
  parameter('MinBurn', u64, {
    from: 165,
    fallback: { 165: '0x00ca9a3b00000000', 224: '0x20a1070000000000' },
    event: { name: 'MinBurnSet', index: { 165: 35, 224: 37, 346: 38 } },
    call: { name: 'sudo_set_min_burn', index: 22, args: ['minBurn'] },
  }),
  parameter('MaxBurn', u64, {
    from: 165,
    fallback: '0x00e8764817000000',
    event: { name: 'MaxBurnSet', index: { 165: 34, 224: 36, 346: 37 } },
    call: { name: 'sudo_set_max_burn', index: 23, args: ['maxBurn'] },
  }),
  parameter('BurnHalfLife', u16, {
    from: 424,
    fallback: '0x6801',
    event: { name: 'BurnHalfLifeSet', index: 124, field: 'burnHalfLife' },
    call: { name: 'sudo_set_burn_half_life', index: 89, args: ['burnHalfLife'] },
  }),
  parameter('Rho', u16, {
    from: 165,
    fallback: '0x0a00',
    event: { name: 'RhoSet', index: { 165: 15, 224: 16 } },
    call: { name: 'sudo_set_rho', index: 17, args: ['rho'] },
  }),
  parameter('Kappa', u16, {
    from: 165,
    fallback: '0xff7f',
    event: { name: 'KappaSet', index: { 165: 16, 224: 17, 346: 18 } },
    call: { name: 'sudo_set_kappa', index: 16, args: ['kappa'] },
  }),
  parameter('ScalingLawPower', u16, {
    from: 165,
    fallback: '0x3200',
    event: { name: 'ScalingLawPowerSet', index: { 165: 19, 224: 20, 346: 21 } },
  }),
  parameter('ValidatorPruneLen', u64, {
    from: 165,
    fallback: '0x0100000000000000',
    event: { name: 'ValidatorPruneLenSet', index: { 165: 18, 224: 19, 346: 20 } },
  }),
  parameter('ServingRateLimit', u64, {
    from: 165,
    fallback: '0x3200000000000000',
    event: { name: 'ServingRateLimitSet', index: { 165: 32, 224: 34, 346: 35 } },
    call: { name: 'sudo_set_serving_rate_limit', index: 3, args: ['servingRateLimit'] },
  }),
  parameter('BondsMovingAverage', u64, {
    from: 165,
    fallback: '0xa0bb0d0000000000',
    event: { name: 'BondsMovingAverageSet', index: { 165: 22, 224: 23, 346: 24 } },
    call: { name: 'sudo_set_bonds_moving_average', index: 26, args: ['bondsMovingAverage'] },
  }),
  parameter('BondsPenalty', u16, {
    from: 240,
    fallback: { 240: '0x0000', 346: '0xffff' },
    event: { name: 'BondsPenaltySet', index: { 240: 24, 346: 25 } },
    call: { name: 'sudo_set_bonds_penalty', index: 60, args: ['bondsPenalty'] },
  }),
  parameter('BondsResetOn', bool, {
    from: 346,
    event: { name: 'BondsResetOnSet', index: 26 },
    call: { name: 'sudo_set_bonds_reset_enabled', index: 70, args: ['enabled'] },
  }),
  parameter('AlphaSigmoidSteepness', i16, {
    from: 346,
    fallback: '0xe803',
    event: { name: 'AlphaSigmoidSteepnessSet', index: 17 },
    call: { name: 'sudo_set_alpha_sigmoid_steepness', index: 68, args: ['steepness'] },
  }),
  parameter('CommitRevealWeightsEnabled', bool, {
    from: 165,
    fallback: { 165: '0x00', 346: '0x01' },
    event: { name: 'CommitRevealEnabled', index: { 346: 95, 381: 99, 424: 101 }, from: 346 },
    call: { name: 'sudo_set_commit_reveal_weights_enabled', index: 49, args: ['enabled'] },
  }),
  parameter('RevealPeriodEpochs', u64, {
    from: 205,
    hasher: twox,
    fallback: '0x0100000000000000',
    event: { name: 'CommitRevealPeriodsSet', index: { 346: 94, 381: 98, 424: 100 }, from: 346 },
    call: {
      name: 'sudo_set_commit_reveal_weights_interval',
      index: { 165: 48, 205: 57 },
      from: 165,
      args: ['interval'],
    },
  }),
  parameter('LiquidAlphaOn', bool, {
    from: 165,
    hasher: blake,
    call: { name: 'sudo_set_liquid_alpha_enabled', index: 50, args: ['enabled'] },
  }),
  parameter('AlphaValues', tuple(u16, u16), {
    from: 165,
    fallback: '0x33b366e6',
    call: { name: 'sudo_set_alpha_values', index: 51, args: ['alphaLow', 'alphaHigh'] },
  }),
  parameter('TransferToggle', bool, {
    from: 240,
    fallback: '0x01',
    event: { name: 'TransferToggle', index: { 240: 87, 381: 91, 424: 93 } },
    call: { name: 'sudo_set_toggle_transfer', index: 61, args: ['toggle'] },
  }),
  parameter('NetworkMaxStake', u64, {
    from: 205,
    until: 345,
    fallback: '0xffffffffffffffff',
    event: { name: 'NetworkMaxStakeSet', index: 71 },
    call: { name: 'sudo_set_network_max_stake', index: 53, args: ['maxStake'] },
  }),
  parameter('MinNonImmuneUids', u16, {
    from: 346,
    fallback: '0x0a00',
    event: { name: 'MinNonImmuneUidsSet', index: { 346: 107, 381: 111, 424: 113 } },
    call: { name: 'sudo_set_min_non_immune_uids', index: 84, args: ['min'] },
  }),
  parameter('ImmuneOwnerUidsLimit', u16, {
    from: 346,
    fallback: '0x0100',
    call: { name: 'sudo_set_owner_immune_neuron_limit', index: 72, args: ['immuneNeurons'] },
  }),
  parameter('MechanismCountCurrent', u8, {
    from: 346,
    hasher: twox,
    fallback: '0x01',
    call: { name: 'sudo_set_mechanism_count', index: 76, args: ['mechanismCount'] },
  }),
  parameter('SubtokenEnabled', bool, {
    from: 346,
    call: { name: 'sudo_set_subtoken_enabled', index: 66, args: ['subtokenEnabled'] },
  }),
  parameter('Yuma3On', bool, {
    from: 346,
    hasher: blake,
    call: { name: 'sudo_set_yuma3_enabled', index: 69, args: ['enabled'] },
  }),
  parameter('FirstEmissionBlockNumber', u64, {
    from: 346,
    optional: true,
    event: { name: 'FirstEmissionBlockNumberSet', index: { 346: 89, 381: 93, 424: 95 } },
  }),
  parameter('OwnerCutEnabled', bool, {
    from: 424,
    fallback: '0x01',
    call: { name: 'sudo_set_owner_cut_enabled', index: 92, args: ['enabled'] },
  }),
]

/** The owner's hotkey may be set by the owner; emission may go to it. */
export const subnetOwnerHotkeySet = event(
  pallet,
  'SubnetOwnerHotkeySet',
  { 346: 88, 381: 92, 424: 94 },
  since(346, tuple(u16, accountId)),
)
