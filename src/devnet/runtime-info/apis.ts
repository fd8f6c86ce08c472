import { accountId, option, type ScaleShape, type Shape, sequence, u8, u16, u64 } from '../../../abi/shape'
import type { Storage } from '../storage'
import { metagraphFields, selectiveMetagraph } from './metagraph-shapes'
import { neuronsOf, stakesOf } from './neurons'
import { parametersOf } from './parameters'
import {
  dynamicInfo,
  hyperparameters,
  neuronInfo,
  neuronInfoLite,
  simulatedSwap,
  stakeInfo,
  subnetInfo,
  subnetState,
} from './shapes'
import { dynamicInfoOf, exists, metagraphOf, netuidsOf, nextEpoch, subnetInfoOf } from './subnets'

/** State after a block, as an API reads it. */
export interface InfoContext {
  readonly storage: Storage
  readonly height: number
}

export interface InfoMethod {
  readonly inputs: readonly { readonly name: string; readonly shape: ScaleShape }[]
  readonly output: ScaleShape
  // biome-ignore lint/suspicious/noExplicitAny: arguments as the shapes decode
  answer(context: InfoContext, ...args: any[]): unknown
}

const netuid = { name: 'netuid', shape: u16.scale }
const account = (name: string) => ({ name, shape: accountId.scale })

/** Of a subnet that there is; None of any other. */
const ofSubnet = (shape: Shape, make: (context: InfoContext, netuid: number) => unknown): InfoMethod => ({
  inputs: [netuid],
  output: option(shape).scale,
  answer: (context, n: number) => (exists(context.storage, n) ? make(context, n) : undefined),
})

const ofAllSubnets = (shape: Shape, make: (context: InfoContext, netuid: number) => unknown): InfoMethod => ({
  inputs: [],
  output: sequence(option(shape)).scale,
  answer: (context) => netuidsOf(context.storage).map((n) => make(context, n)),
})

const neurons = (shape: Shape): InfoMethod => ({
  inputs: [netuid],
  output: sequence(shape).scale,
  answer: ({ storage }, n: number) => neuronsOf(storage, n),
})

const neuron = (shape: Shape): InfoMethod => ({
  inputs: [netuid, { name: 'uid', shape: u16.scale }],
  output: option(shape).scale,
  answer: ({ storage }, n: number, uid: number) => neuronsOf(storage, n)[uid],
})

const info = ({ storage, height }: InfoContext, n: number) => subnetInfoOf(storage, n, height)
const dynamic = ({ storage, height }: InfoContext, n: number) => dynamicInfoOf(storage, n, height)

const names = Object.keys(metagraphFields)

/** The fields that the indices name; the others are None. */
function selected(
  { storage, height }: InfoContext,
  n: number,
  mechanism: number,
  indices: readonly number[],
) {
  if (!exists(storage, n)) return undefined
  const all: Record<string, unknown> = metagraphOf(storage, n, mechanism, height)
  const asked = new Set(indices)
  return Object.fromEntries(
    names.flatMap((name, i) => {
      if (i !== 0 && !asked.has(i)) return []
      // The identity is an option of its own, which there is none of.
      return name === 'identity' ? [] : [[name, all[name]]]
    }),
  )
}

const indices = { name: 'metagraph_indexes', shape: sequence(u16).scale }
const allIndices = names.map((_, i) => i)

/** A swap of either side gives as much of the other, without a fee. */
const oneToOne = (side: 'tao' | 'alpha'): InfoMethod => ({
  inputs: [netuid, { name: side, shape: u64.scale }],
  output: simulatedSwap.scale,
  answer: (_, __: number, amount: bigint) => ({
    taoAmount: amount,
    alphaAmount: amount,
    taoFee: 0n,
    alphaFee: 0n,
    taoSlippage: 0n,
    alphaSlippage: 0n,
  }),
})

/** Runtime APIs that the Python client asks; the names are those of `pallets/subtensor/runtime-api`. */
export const infoApis: Readonly<Record<string, Readonly<Record<string, InfoMethod>>>> = {
  NeuronInfoRuntimeApi: {
    get_neurons: neurons(neuronInfo),
    get_neuron: neuron(neuronInfo),
    get_neurons_lite: neurons(neuronInfoLite),
    get_neuron_lite: neuron(neuronInfoLite),
  },
  SubnetInfoRuntimeApi: {
    get_subnet_info_v2: ofSubnet(subnetInfo, info),
    get_subnets_info_v2: ofAllSubnets(subnetInfo, info),
    get_subnet_hyperparams: ofSubnet(hyperparameters, ({ storage }, n) => parametersOf(storage, n)),
    get_dynamic_info: ofSubnet(dynamicInfo, dynamic),
    get_all_dynamic_info: ofAllSubnets(dynamicInfo, dynamic),
    get_subnet_state: ofSubnet(subnetState, ({ storage, height }, n) => ({
      ...metagraphOf(storage, n, 0, height),
      emissionHistory: [],
    })),
    get_metagraph: ofSubnet(selectiveMetagraph, (context, n) => selected(context, n, 0, allIndices)),
    get_selective_metagraph: {
      inputs: [netuid, indices],
      output: option(selectiveMetagraph).scale,
      answer: (context, n: number, asked: number[]) => selected(context, n, 0, asked),
    },
    get_selective_mechagraph: {
      inputs: [netuid, { name: 'mecid', shape: u8.scale }, indices],
      output: option(selectiveMetagraph).scale,
      answer: selected,
    },
    get_next_epoch_start_block: {
      inputs: [netuid],
      output: option(u64).scale,
      answer: ({ storage, height }, n: number) => nextEpoch(storage, n, height),
    },
  },
  StakeInfoRuntimeApi: {
    get_stake_info_for_coldkey: {
      inputs: [account('coldkey_account')],
      output: sequence(stakeInfo).scale,
      answer: ({ storage }, coldkey: string) => stakesOf(storage, coldkey),
    },
    get_stake_info_for_hotkey_coldkey_netuid: {
      inputs: [account('hotkey_account'), account('coldkey_account'), netuid],
      output: option(stakeInfo).scale,
      answer: ({ storage }, hotkey: string, coldkey: string, n: number) =>
        stakesOf(storage, coldkey, { hotkey, netuid: n })[0],
    },
  },
  SubnetRegistrationRuntimeApi: {
    get_network_registration_cost: {
      inputs: [],
      output: u64.scale,
      answer: ({ storage }) => storage.get('SubtensorModule.NetworkMinLockCost'),
    },
  },
  SwapRuntimeApi: {
    current_alpha_price: {
      inputs: [netuid],
      output: u64.scale,
      answer: () => ONE_TAO_RAO,
    },
    sim_swap_tao_for_alpha: oneToOne('tao'),
    sim_swap_alpha_for_tao: oneToOne('alpha'),
  },
}

const ONE_TAO_RAO = 10n ** 9n
