import type { Decoded } from '../../storage'
import type { Pallet } from '../dispatch'
import { stepBlock } from './epoch'
import { ensure } from './failures'
import {
  batchCommitWeights,
  batchRevealWeights,
  commitWeights,
  type Reveal,
  revealWeights,
} from './hash-commits'
import { dissolveNetwork, genesisSubnet, registerNetwork, rootDissolveNetwork } from './networks'
import { burnedRegister, register, registerLimit, rootRegister } from './registration'
import { serveAxon } from './serving'
import { addStake, removeStake } from './staking'
import { swapColdkey, swapHotkey } from './swaps'
import { commitTimelockedWeights, type TimelockedCommit } from './timelocked-weights'
import { batchSetWeights, setWeights, type Vector } from './weights'

/** A subnet of block 0 and its owner, whose hotkey holds uid 0. */
export interface GenesisSubnet {
  readonly netuid: number
  readonly coldkey: string
  readonly hotkey: string
}

export interface SubnetLimits {
  /** Without the root network. */
  readonly subnetLimit: number
  /** Blocks in which a subnet cannot lose its place to another; months on mainnet. */
  readonly networkImmunityBlocks: bigint
  /** Price of a subnet; 1,000 TAO on mainnet, and moving. */
  readonly lockCostRao: bigint
}

export const usualLimits: SubnetLimits = {
  subnetLimit: 16,
  networkImmunityBlocks: 100n,
  lockCostRao: 10n * 10n ** 9n,
}

/**
 * Subnets, neurons and weights with the semantics of spec chain.md. Public source: `pallets/subtensor/src` of
 * github.com/opentensor/subtensor; what is simplified is said where it is.
 */
export const subtensorPallet = (subnets: readonly GenesisSubnet[], limits: SubnetLimits): Pallet => ({
  name: 'SubtensorModule',
  freeCalls: [
    'set_weights',
    'set_mechanism_weights',
    'batch_set_weights',
    'commit_weights',
    'commit_mechanism_weights',
    'batch_commit_weights',
    'reveal_weights',
    'reveal_mechanism_weights',
    'batch_reveal_weights',
    'commit_timelocked_weights',
    'commit_timelocked_mechanism_weights',
    'commit_crv3_weights',
    'commit_crv3_mechanism_weights',
    'serve_axon',
  ],
  onInitialize: stepBlock,
  genesis: (storage) => {
    storage.put('SubtensorModule.SubnetLimit', [], limits.subnetLimit)
    storage.put('SubtensorModule.NetworkImmunityPeriod', [], limits.networkImmunityBlocks)
    storage.put('SubtensorModule.NetworkMinLockCost', [], limits.lockCostRao)
    storage.put('SubtensorModule.NetworksAdded', [0], true)
    storage.put('SubtensorModule.TotalNetworks', [], 1)
    for (const { netuid, coldkey, hotkey } of subnets) genesisSubnet(storage, netuid, coldkey, hotkey)
  },
  calls: {
    burned_register: (c, { netuid, hotkey }) => burnedRegister(c, netuid, hotkey),
    register: (c, args) => register(c, args as never),
    register_limit: (c, { netuid, hotkey, limitPrice }) => registerLimit(c, netuid, hotkey, limitPrice),
    root_register: (c, { hotkey }) => rootRegister(c, hotkey),
    register_network: (c, { hotkey }) => registerNetwork(c, hotkey),
    register_network_with_identity: (c, { hotkey }) => registerNetwork(c, hotkey),
    dissolve_network: (c, { netuid }) => dissolveNetwork(c, netuid),
    root_dissolve_network: (c, { netuid }) => rootDissolveNetwork(c, netuid),
    add_stake: (c, { hotkey, netuid, amountStaked }) => addStake(c, hotkey, netuid, amountStaked),
    remove_stake: (c, { hotkey, netuid, amountUnstaked }) => removeStake(c, hotkey, netuid, amountUnstaked),
    set_weights(c, args) {
      setWeights(c, args.netuid, 0, vectorOf(args))
    },
    set_mechanism_weights(c, args) {
      setWeights(c, args.netuid, args.mecid, vectorOf(args))
    },
    batch_set_weights(c, args) {
      batchSetWeights(c, args as never)
    },
    commit_weights(c, { netuid, commitHash }) {
      commitWeights(c, netuid, 0, commitHash)
    },
    commit_mechanism_weights(c, { netuid, mecid, commitHash }) {
      commitWeights(c, netuid, mecid, commitHash)
    },
    batch_commit_weights: (c, { netuids, commitHashes }) => batchCommitWeights(c, netuids, commitHashes),
    reveal_weights: (c, args) => revealWeights(c, args.netuid, 0, args as unknown as Reveal),
    reveal_mechanism_weights: (c, args) =>
      revealWeights(c, args.netuid, args.mecid, args as unknown as Reveal),
    batch_reveal_weights: (c, args) => batchRevealWeights(c, args.netuid, revealsOf(args)),
    commit_timelocked_weights: (c, args) => commitTimelockedWeights(c, timelocked(args)),
    commit_timelocked_mechanism_weights: (c, args) => commitTimelockedWeights(c, timelocked(args)),
    commit_crv3_weights: (c, args) => commitTimelockedWeights(c, timelocked(args)),
    commit_crv3_mechanism_weights: (c, args) => commitTimelockedWeights(c, timelocked(args)),
    serve_axon: (c, args) => serveAxon(c, args as never),
    swap_hotkey: (c, { hotkey, newHotkey, netuid }) => swapHotkey(c, hotkey, newHotkey, netuid),
    swap_hotkey_v2: (c, { hotkey, newHotkey, netuid }) => swapHotkey(c, hotkey, newHotkey, netuid),
    swap_coldkey: (c, { oldColdkey, newColdkey, swapCost }) =>
      swapColdkey(c, oldColdkey, newColdkey, swapCost ?? 0n),
  },
})

const vectorOf = ({ dests, weights, versionKey }: Readonly<Record<string, Decoded>>): Vector => ({
  uids: dests,
  values: weights,
  versionKey,
})

const timelocked = (args: Readonly<Record<string, unknown>>): TimelockedCommit => {
  const { netuid, mecid, commit, revealRound } = args as unknown as {
    netuid: number
    mecid?: number
    commit: string
    revealRound: bigint
  }
  return { netuid, mechanism: mecid ?? 0, commit, revealRound }
}

function revealsOf(args: Readonly<Record<string, unknown>>): Reveal[] {
  const { uidsList, valuesList, saltsList, versionKeys } = args as unknown as {
    uidsList: number[][]
    valuesList: number[][]
    saltsList: number[][]
    versionKeys: bigint[]
  }
  const lengths = new Set([uidsList.length, valuesList.length, saltsList.length, versionKeys.length])
  ensure(lengths.size === 1, 'InputLengthsUnequal')
  return uidsList.map((uids, i) => ({
    uids,
    values: valuesList[i]!,
    salt: saltsList[i]!,
    versionKey: versionKeys[i]!,
  }))
}
