import {
  accountId,
  bool,
  bytes,
  compact,
  fixedBytes,
  option,
  sequence,
  struct,
  tuple,
  u8,
  u16,
  u32,
  u64,
  u128,
} from '../../../abi/shape'

/**
 * What the runtime tells clients about subnets, neurons and stake, under the names and in the order of the public structs
 * (`pallets/subtensor/src/rpc_info`).
 */
const c8 = compact(u8)
export const c16 = compact(u16)
export const c64 = compact(u64)
export const text = sequence(c8)
export const path = (module: string, name: string) => ['pallet_subtensor', 'rpc_info', module, name]
/** `I96F32` */
export const fixed = struct({ bits: u128 }, ['substrate_fixed', 'FixedI128'])

export const axonInfo = struct(
  {
    block: u64,
    version: u32,
    ip: u128,
    port: u16,
    ipType: u8,
    protocol: u8,
    placeholder1: u8,
    placeholder2: u8,
  },
  ['pallet_subtensor', 'pallet', 'AxonInfo'],
)
const prometheusInfo = struct({ block: u64, version: u32, ip: u128, port: u16, ipType: u8 }, [
  'pallet_subtensor',
  'pallet',
  'PrometheusInfo',
])
const stakeByColdkey = sequence(tuple(accountId, c64))

const neuronHead = {
  hotkey: accountId,
  coldkey: accountId,
  uid: c16,
  netuid: c16,
  active: bool,
  axonInfo,
  prometheusInfo,
  stake: stakeByColdkey,
  rank: c16,
  emission: c64,
  incentive: c16,
  consensus: c16,
  trust: c16,
  validatorTrust: c16,
  dividends: c16,
  lastUpdate: c64,
  validatorPermit: bool,
}
export const neuronInfoLite = struct(
  { ...neuronHead, pruningScore: c16 },
  path('neuron_info', 'NeuronInfoLite'),
)
const pairs = sequence(tuple(c16, c16))
export const neuronInfo = struct(
  { ...neuronHead, weights: pairs, bonds: pairs, pruningScore: c16 },
  path('neuron_info', 'NeuronInfo'),
)

export const identity = struct(
  {
    subnetName: bytes,
    githubRepo: bytes,
    subnetContact: bytes,
    subnetUrl: bytes,
    discord: bytes,
    description: bytes,
    logoUrl: bytes,
    additional: bytes,
  },
  ['pallet_subtensor', 'pallet', 'SubnetIdentityV3'],
)
export const chainIdentity = struct(
  {
    name: bytes,
    url: bytes,
    githubRepo: bytes,
    image: bytes,
    discord: bytes,
    description: bytes,
    additional: bytes,
  },
  ['pallet_subtensor', 'pallet', 'ChainIdentityV2'],
)

export const subnetInfo = struct(
  {
    netuid: c16,
    rho: c16,
    kappa: c16,
    difficulty: c64,
    immunityPeriod: c16,
    maxAllowedValidators: c16,
    minAllowedWeights: c16,
    maxWeightsLimit: c16,
    scalingLawPower: c16,
    subnetworkN: c16,
    maxAllowedUids: c16,
    blocksSinceLastStep: c64,
    tempo: c16,
    networkModality: c16,
    networkConnect: sequence(fixedBytes(4)),
    emissionValue: c64,
    burn: c64,
    owner: accountId,
    identity: option(identity),
  },
  path('subnet_info', 'SubnetInfov2'),
)

export const hyperparameters = struct(
  {
    rho: c16,
    kappa: c16,
    immunityPeriod: c16,
    minAllowedWeights: c16,
    maxWeightsLimit: c16,
    tempo: c16,
    minDifficulty: c64,
    maxDifficulty: c64,
    weightsVersion: c64,
    weightsRateLimit: c64,
    adjustmentInterval: c16,
    activityCutoff: c64,
    registrationAllowed: bool,
    targetRegsPerInterval: c16,
    minBurn: c64,
    maxBurn: c64,
    bondsMovingAvg: c64,
    maxRegsPerBlock: c16,
    servingRateLimit: c64,
    maxValidators: c16,
    adjustmentAlpha: c64,
    difficulty: c64,
    commitRevealPeriod: c64,
    commitRevealWeightsEnabled: bool,
    alphaHigh: c16,
    alphaLow: c16,
    liquidAlphaEnabled: bool,
  },
  path('subnet_info', 'SubnetHyperparams'),
)

export const dynamicInfo = struct(
  {
    netuid: c16,
    ownerHotkey: accountId,
    ownerColdkey: accountId,
    subnetName: text,
    tokenSymbol: text,
    tempo: c16,
    lastStep: c64,
    blocksSinceLastStep: c64,
    emission: c64,
    alphaIn: c64,
    alphaOut: c64,
    taoIn: c64,
    alphaOutEmission: c64,
    alphaInEmission: c64,
    taoInEmission: c64,
    pendingAlphaEmission: c64,
    pendingRootEmission: c64,
    subnetVolume: compact(u128),
    networkRegisteredAt: c64,
    subnetIdentity: option(identity),
    movingPrice: fixed,
  },
  path('dynamic_info', 'DynamicInfo'),
)

export const simulatedSwap = struct(
  { taoAmount: u64, alphaAmount: u64, taoFee: u64, alphaFee: u64, taoSlippage: u64, alphaSlippage: u64 },
  ['pallet_subtensor_swap_runtime_api', 'SimSwapResult'],
)

export const stakeInfo = struct(
  {
    hotkey: accountId,
    coldkey: accountId,
    netuid: c16,
    stake: c64,
    locked: c64,
    emission: c64,
    taoEmission: c64,
    drain: c64,
    isRegistered: bool,
  },
  path('stake_info', 'StakeInfo'),
)

export const subnetState = struct(
  {
    netuid: c16,
    hotkeys: sequence(accountId),
    coldkeys: sequence(accountId),
    active: sequence(bool),
    validatorPermit: sequence(bool),
    pruningScore: sequence(c16),
    lastUpdate: sequence(c64),
    emission: sequence(c64),
    dividends: sequence(c16),
    incentives: sequence(c16),
    consensus: sequence(c16),
    trust: sequence(c16),
    rank: sequence(c16),
    blockAtRegistration: sequence(c64),
    alphaStake: sequence(c64),
    taoStake: sequence(c64),
    totalStake: sequence(c64),
    emissionHistory: sequence(sequence(c64)),
  },
  path('show_subnet', 'SubnetState'),
)
